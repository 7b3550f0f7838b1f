// Package backtest says what rules would have done to issues that are past: which
// labels each would have earned, what another version of the rules changes, and
// how each rule agrees with the labels that people gave. It reads no file and
// no issue: it gets both.
package backtest

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Past is an issue of the past, read once for all versions of the rules.
type Past struct {
	Issue  model.Issue
	People []string // of its labels those that people gave
	doc    *issuetext.Document
}

// Read makes a past of issues and of what happened to their labels. Ours tells
// the logins whose labels are none of a person's.
func Read(issues []model.Issue, events []model.LabelEvent, templates *issuetext.Templates, ours func(string) bool) []Past {
	last := map[int]map[string]model.LabelEvent{}
	for _, e := range events {
		if last[e.Issue] == nil {
			last[e.Issue] = map[string]model.LabelEvent{}
		}
		last[e.Issue][strings.ToLower(e.Label)] = e
	}
	past := make([]Past, len(issues))
	each(len(issues), func(i int) {
		issue := issues[i]
		past[i] = Past{Issue: issue, doc: issuetext.Read(issue.Title, issue.Body, templates)}
		for _, label := range issue.Labels {
			e, known := last[issue.Number][strings.ToLower(label)]
			if !known || !e.IsBot && !ours(e.Actor) {
				past[i].People = append(past[i].People, label)
			}
		}
	})
	return past
}

// Plan is a version of rules.yaml, as far as labels and pages go.
type Plan struct {
	Rules    []label.Rule
	Routes   []alert.Route
	Channels alert.Channels
}

// Result is what a plan would have done to one issue.
type Result struct {
	Labels []string // in alphabetical order
	Rules  []int    // that found their words, by their index
	Pages  bool     // somebody would have been told
}

// Run tries a plan on each issue, as if nobody had labelled it.
func Run(p Plan, past []Past) []Result {
	rules := label.Compile(p.Rules)
	results := make([]Result, len(past))
	each(len(past), func(i int) {
		issue := past[i].Issue
		issue.Labels, issue.State = nil, "open"
		reading := rules.Read(past[i].doc, issue)
		d := label.Decide(reading, issue, label.History{})
		r := Result{Labels: d.After(nil), Rules: reading.Found()}
		slices.Sort(r.Labels)
		r.Pages = len(alert.ForIssue(issue, r.Labels, model.History{}, p.Routes, p.Channels)) > 0
		results[i] = r
	})
	return results
}

// each calls do for 0 to n-1, on all processors.
func each(n int, do func(int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}

// Change is what becomes of one label: the issues that gain it and those that
// lose it, by number, the newest first.
type Change struct {
	Label      string
	Gain, Lose []int
}

// Difference is what one plan changes against another.
type Difference struct {
	Issues        int // that get other labels
	Labels        []Change
	Before, After float64 // pages a month
}

// Compare tells two plans' results on the same issues apart.
func Compare(past []Past, before, after []Result) Difference {
	d := Difference{Before: monthly(past, before), After: monthly(past, after)}
	labels := map[string]*Change{}
	note := func(label string) *Change {
		if labels[label] == nil {
			labels[label] = &Change{Label: label}
		}
		return labels[label]
	}
	for i := range past {
		number := past[i].Issue.Number
		gain, lose := less(after[i].Labels, before[i].Labels), less(before[i].Labels, after[i].Labels)
		for _, l := range gain {
			note(l).Gain = append(note(l).Gain, number)
		}
		for _, l := range lose {
			note(l).Lose = append(note(l).Lose, number)
		}
		if len(gain)+len(lose) > 0 {
			d.Issues++
		}
	}
	for _, c := range labels {
		slices.Sort(c.Gain)
		slices.Reverse(c.Gain)
		slices.Sort(c.Lose)
		slices.Reverse(c.Lose)
		d.Labels = append(d.Labels, *c)
	}
	slices.SortFunc(d.Labels, func(a, b Change) int {
		if n := len(b.Gain) + len(b.Lose) - len(a.Gain) - len(a.Lose); n != 0 {
			return n
		}
		return strings.Compare(a.Label, b.Label)
	})
	return d
}

// less are the labels of a that b has not.
func less(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(l string) bool { return has(b, l) })
}

func has(labels []string, label string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, label) })
}

const month = 30 * 24 * time.Hour

// monthly is how many issues would have told somebody, for each thirty days
// from the oldest to the newest; of less than a month, all there were.
func monthly(past []Past, results []Result) float64 {
	pages, first, last := 0, time.Time{}, time.Time{}
	for i, p := range past {
		if results[i].Pages {
			pages++
		}
		if first.IsZero() || p.Issue.CreatedAt.Before(first) {
			first = p.Issue.CreatedAt
		}
		if p.Issue.CreatedAt.After(last) {
			last = p.Issue.CreatedAt
		}
	}
	return float64(pages) / max(1, float64(last.Sub(first))/float64(month))
}
