package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// activeAlert is an alert that lasts: what it is, who responded, what to do first, and what
// ends it. All are plain texts.
type activeAlert struct {
	Incident
	Class, Word, Page string
	Now               string // "1.6%", where the figure is another than the worst, which the title names; else empty
	Answer            string // "first response 16 Feb 05:58 UTC by omar, after 9m"
	Ends              string // "Ends when it is at most 0.5% over 24 hours"; empty where nobody knows
	By                string // who responded; empty where nobody has, or nobody knows who
	Waits             bool   // nobody has responded, and people were asked to
	Due               string // by when: "due 5 Feb 22:17 UTC"; empty where somebody has, or no time was named
	asked             string // who is to respond: "@channel", "anyone in the channel alerts"
	byItself          bool   // it ends by itself, or people were notified of each report that it counts
	Step              string // what to do first: "Yank the version"; empty where neither a route nor the catalogue says
	follow            string // what is left to do once somebody has responded; empty where that is the first step still
}

// active are the alerts of metrics that last, the worst first.
func (d Day) active() []activeAlert {
	fired := ongoing(d.Fired)
	slices.SortStableFunc(fired, func(a, b alert.Fired) int { return rank(b.Level) - rank(a.Level) })
	var all []activeAlert
	for _, f := range fired {
		e, known := d.entry(f.Metric)
		in := incidentsOf([]alert.Fired{f}, d.first(), d.Now)[0]
		a := activeAlert{Incident: in, Class: class(in.Level), Word: levelWords[in.Level]}
		if known {
			a.Page = MetricPath(f.Metric)
			if now := nowOf(f, e); !strings.HasSuffix(a.Short, " "+now) {
				a.Now = now
			}
			a.Ends, a.follow = clean(e.Ends(f.Episode), 300), clean(e.filled(e.Definition.Follow), 300)
		}
		a.Step, a.byItself = clean(firstStep(d.Routes, e.Definition, f.Level), maxCell), f.Covered || strings.HasPrefix(a.Ends, "Ends by itself")
		a.Answer, a.By = clean(responded(f, in), maxCell), clean(f.Answerer, 60)
		switch {
		case a.Answer != "":
		case f.Covered:
			a.Answer = "people were notified of each report"
		default:
			a.Waits, a.Due, a.asked = true, dueWords(f, d.Now), asked(d.Routes, f)
			a.Answer = "no response yet" + lateness(f, d.Now)
		}
		all = append(all, a)
	}
	return all
}

// nowOf is the figure of the entry where it is not the worst of the alert, whose title
// names that; else empty.
func nowOf(f alert.Fired, e Entry) string {
	worst, found := worstOf(f, e, append(slices.Clone(e.History), e.Reading))
	if now := e.Verdict.Value; !found || worst.Value == nil || now == nil || *now == *worst.Value {
		return ""
	}
	return e.Amount()
}

// asked is who is to respond to an alert by the first route for it.
func asked(routes []alert.Route, f alert.Fired) string {
	r, found := alert.RouteOf(routes, f.Metric, f.Level)
	who := responder("", r.Mention)
	switch {
	case !found:
		return anyone
	case who != responder("", "") || len(r.To) == 0:
		return who
	case len(r.To) == 1:
		return who + " " + r.To[0]
	}
	return "anyone in the channels " + humanize.List(r.To)
}

// responded says who responded first to an alert, and when: "first response 16 Feb 05:58
// UTC by omar, after 9m"; empty where nobody has.
func responded(f alert.Fired, in Incident) string {
	if f.Answered.IsZero() {
		return ""
	}
	text := fmt.Sprintf("first response %s UTC", f.Answered.UTC().Format("2 Jan 15:04"))
	if f.Answerer != "" {
		text += " by " + oneLine(f.Answerer, 60)
	}
	if in.Response == answeredBefore {
		return text + ", " + answeredBefore
	}
	return text + ", after " + in.Response
}

// Text is what stands beside the name: since when, who responded, what to do first, what
// ends it.
func (a activeAlert) Text() string {
	text := fmt.Sprintf("active since %s UTC", a.Started)
	if _, so, found := strings.Cut(a.Lasted, "ongoing, "); found {
		text += " (" + so + ")"
	}
	if a.Now != "" {
		text += ", now " + a.Now
	}
	text += "; " + a.Answer
	if a.Waits && a.Step != "" {
		text += ". First step: " + strings.TrimSuffix(a.Step, ".")
	}
	if a.Ends != "" {
		text += ". " + a.Ends
	}
	return text + "."
}

// Name is the incident with the version that it is about, "Yanked versions: 1
// (1.1.1-beta)", or that explains a figure of all versions: "Crash rate 3.5%, worst in
// 1.1.1-beta".
func (a activeAlert) Name() string {
	switch {
	case a.Version == "":
		return clean(a.Short, 120)
	case byVersion[a.Metric] != "":
		return clean(fmt.Sprintf("%s, worst in %s", a.Short, a.Version), 120)
	}
	return clean(fmt.Sprintf("%s (%s)", a.Short, a.Version), 120)
}

// Line is the alert as Markdown.
func (a activeAlert) Line() string {
	return fmt.Sprintf("%s **%s**: %s", a.Sign, Cell(a.Name()), Cell(a.Text()))
}
