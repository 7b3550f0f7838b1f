package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// had tells by the plain definition whether an issue had a label at a time: the
// last thing that happened to it decides, or else the first that will, or else
// the labels of today.
func had(issue model.Issue, events []model.LabelEvent, label string, at time.Time) bool {
	var before, after *model.LabelEvent
	for i, e := range events {
		switch {
		case e.Issue != issue.Number || !strings.EqualFold(e.Label, label):
		case !e.At.After(at):
			if before == nil || !e.At.Before(before.At) {
				before = &events[i]
			}
		case after == nil || e.At.Before(after.At):
			after = &events[i]
		}
	}
	switch {
	case before != nil:
		return before.Added
	case after != nil:
		return !after.Added
	}
	return slices.ContainsFunc(issue.Labels, func(l string) bool { return strings.EqualFold(l, label) })
}

func TestLabelledIsWhatHappenedToLabels(t *testing.T) {
	s, _ := open(t, "")
	draw := rand.New(rand.NewPCG(1, 2))
	names := []string{"bug", "P0", "Wontfix"}
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	issues := map[int]model.Issue{}
	events := map[int][]model.LabelEvent{}
	for round := range 12 {
		// A page of issues is read anew, as a sync does it.
		var page []int
		var rows []model.Row
		for n := 1; n <= 6; n++ {
			if round > 0 && draw.IntN(2) == 0 {
				continue
			}
			page = append(page, n)
			issues[n] = model.Issue{Number: n, Title: "x", State: "open", CreatedAt: now, Labels: slices.DeleteFunc(slices.Clone(names), func(string) bool { return draw.IntN(2) == 0 })}
			rows = append(rows, model.IssueRow{Issue: issues[n]})
			events[n] = nil
			for at := range draw.IntN(6) {
				e := model.LabelEvent{Issue: n, Label: names[draw.IntN(3)], At: hour(at / 2), Added: draw.IntN(2) == 0}
				events[n] = append(events[n], e)
				rows = append(rows, e)
			}
		}
		err := s.Change(t.Context(), func(c *Change) error {
			if round == 0 {
				return c.Put(rows)
			}
			return errors.Join(c.Forget("issue_labels", page), c.Put(rows))
		})
		if err != nil {
			t.Fatal(err)
		}
		for at := -1; at <= 3; at++ {
			for _, wanted := range [][]string{{"bug"}, {"p0", "wontfix"}} {
				var want []string
				for n := 1; n <= 6; n++ {
					if slices.ContainsFunc(wanted, func(label string) bool { return had(issues[n], events[n], label, hour(at)) }) {
						want = append(want, fmt.Sprint(n))
					}
				}
				query := fmt.Sprintf("SELECT coalesce(string_agg(number, ' ' ORDER BY number), '') FROM labelled(['%s'], $2)", strings.Join(wanted, "', '"))
				answer, err := s.Query(t.Context(), query, model.Window{From: hour(at), Until: hour(at)})
				if err != nil {
					t.Fatal(err)
				}
				if got := answer.Rows[0][0]; got != strings.Join(want, " ") {
					t.Fatalf("round %d: at %+d h %q have %q, want %q; events %v", round, at, wanted, got, want, events)
				}
			}
		}
	}
	if err := s.Clear(t.Context(), "issue_labels"); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, issue := range issues {
		if slices.Contains(issue.Labels, "bug") {
			want++
		}
	}
	if got := ask(t, s, "SELECT count(*) FROM labelled(['bug'], $2)"); got != fmt.Sprintf("[[%d]]", want) || want == 0 {
		t.Errorf("by the labels of today %s have it, want %d", got, want)
	}
}

// Repositories write their labels in many ways; metrics count what they mean.
func TestLabelled_FindsLabelsHoweverTheyAreWritten(t *testing.T) {
	s, _ := open(t, "")
	written := map[string]string{
		"type: bug": "bug", "Kind/Bug": "bug", "Type-Bug": "bug", ":bug: bug": "bug", "🐛 Bug": "bug", "t_bug": "bug", "Defect": "bug",
		"✨ feature request": "enhancement", "kind: enhancement": "enhancement", "Priority: P0": "p0", "priority/p0": "p0",
		"Type: Privacy Leak": "privacy-leak", "privacy_leak": "privacy-leak", "issue tracker": "issue-tracker", "🎉": "🎉", "type:": "type:",
	}
	n := 0
	for label, means := range written {
		n++
		if err := s.Change(t.Context(), func(c *Change) error {
			return c.Put([]model.Row{model.IssueRow{Issue: model.Issue{Number: n, Title: "x", State: "open", CreatedAt: now.Add(-time.Hour), Labels: []string{label}}}})
		}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{means, strings.ToLower(label)} {
			if got := ask(t, s, fmt.Sprintf("SELECT count(*) FROM labelled(['%s'], $2) WHERE number = %d", name, n)); got != "[[1]]" {
				t.Errorf("%q is not found by %q", label, name)
			}
		}
	}
	if got, err := s.LabelsOf(t.Context(), "enhancement"); err != nil || !slices.Equal(got, []string{"kind: enhancement", "✨ feature request"}) {
		t.Errorf("enhancement is written %q, %v", got, err)
	}
	if got := ask(t, s, "SELECT count(*) FROM labelled(['tracker'], $2)"); got != "[[0]]" {
		t.Errorf("a word that only looks like a prefix was taken off: %s", got)
	}
}
