package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// box is one line of the daily check, with a box to tick but where there is nothing to
// check. Lines are Markdown.
type box struct {
	Name  string
	Done  bool
	Blind bool // there is nothing to check: it has no data
	Plain bool // there is nothing to hold it against
	// Window is that of the figure, "24 hours" or "now"; empty where the text says it.
	Window string
	Text   string
	Lines  []string
}

// DayPage is the page of a day: the plan's daily check with the figures of the
// day.
func DayPage(d Day) string {
	v := d.view("../../charts/")
	v.Incidents, v.IncidentWindow = incidentsOf(d.today(), d.first(), d.Now), "last 24 hours"
	v.Status, v.Ended = d.worst()
	if d.Afterwards == "" {
		v.Hour = d.Now.UTC().Format("15:04 UTC")
	}
	v.Boxes = []box{d.alertsBox(), d.issuesBox()}
	if mail := d.mailBox(); len(mail.Lines) > 0 {
		v.Boxes = append(v.Boxes, mail)
	}
	v.Boxes = append(v.Boxes, d.metricBoxes()...)
	if p, ok := d.Release.PhaseAt(d.Now); ok {
		v.Phase, v.Todo = p.Name, p.TodoOn(d.Now)
	}
	v.Weeks = d.Weeks.view(d.Release.Shipped.Time)
	return page("day.md.tmpl", v)
}

// worst is how the day stands as the strip shows it: by its worst level, also of alerts
// that are over; ended says how it stands at the end where that is better, else it is
// empty.
func (d Day) worst() (worst Status, ended string) {
	worst = d.status()
	now := worst
	for _, f := range d.Fired {
		e, _ := d.entry(f.Metric)
		if level, active := levelOn(f, e, d.Now); active && rank(level) > rank(worst.Level) {
			worst.Level, worst.Sign, worst.Word = level, levelSigns[level], statusWords[level]
		}
	}
	if worst.Level != now.Level {
		ended = now.Sign + " " + now.Word
	}
	return worst, ended
}

// today returns the alerts that began or lasted in the last day, which does not
// take in the moment it began at: what ended then stands on the page of the day
// before.
func (d Day) today() []alert.Fired {
	return slices.DeleteFunc(slices.Clone(d.Fired), func(f alert.Fired) bool {
		from := d.Now.Add(-day)
		return f.Notice != nil && !f.Began.After(from) || !f.Ended.IsZero() && !f.Ended.After(from)
	})
}

func (d Day) alertsBox() box {
	lasting, over := ongoing(d.today()), 0
	for _, f := range d.today() {
		if f.Notice == nil && !f.Ended.IsZero() {
			over++
		}
	}
	b := box{Name: "Alerts", Done: len(lasting) == 0, Text: "none active"}
	if len(lasting) > 0 {
		b.Text = humanize.Count(len(lasting), "active alert")
	}
	if over > 0 {
		b.Text += fmt.Sprintf(", %d resolved in the last 24 hours", over)
	}
	for _, a := range d.active() {
		b.Lines = append(b.Lines, a.Line())
	}
	told := d.Told
	if len(d.today()) > 0 {
		told = d.Besides
	}
	for _, t := range told {
		b.Lines = append(b.Lines, "notified "+Cell(t))
	}
	return b
}

// MailWaits is for how long a mail without a response stands on the pages of days and in
// digests.
const MailWaits = 28 * day

// mailBox are the mails of the last four weeks to which a response was asked for and none came.
func (d Day) mailBox() box {
	b := box{Name: "Mail without a response"}
	for _, f := range d.unansweredMail() {
		b.Lines = append(b.Lines, fmt.Sprintf("%s: %s (%s)", f.Since.UTC().Format("2 Jan 15:04"), Cell(incidentTitle(f, Entry{}, false)), dueWords(f, d.Now)))
	}
	b.Text = humanize.Count(len(b.Lines), "mail")
	return b
}

func (d Day) unansweredMail() []alert.Fired {
	return slices.DeleteFunc(unansweredMail(d.since(), d.Now), func(f alert.Fired) bool { return d.Now.Sub(f.Began) > MailWaits })
}

// unansweredMail are the mails to which a response was asked for and none has come by now.
func unansweredMail(fired []alert.Fired, now time.Time) []alert.Fired {
	return slices.DeleteFunc(slices.Clone(fired), func(f alert.Fired) bool {
		return f.Notice == nil || len(f.Notice.Labels) == 0 || !f.Answered.IsZero() && f.Answered.Before(now) || !f.Began.Before(now) || dueWords(f, now) == ""
	})
}

// maxOpened is how many issues of a day its page lists.
const maxOpened = 20

func (d Day) issuesBox() box {
	waiting := 0
	for _, i := range d.Opened {
		if !i.Answered && !i.Closed {
			waiting++
		}
	}
	b := box{Name: "Issues", Done: waiting == 0, Text: fmt.Sprintf("%d opened in the last 24 hours, %d of them without a response", len(d.Opened), waiting)}
	if e, known := d.entry("unanswered_issues"); known && e.Reading.Value != nil && *e.Reading.Value > 0 {
		b.Done = false
		b.Text += fmt.Sprintf("; %s older without one: %s", humanize.Exact(*e.Reading.Value), e.IssueList())
	}
	for n, i := range d.Opened {
		if n == maxOpened {
			b.Lines = append(b.Lines, fmt.Sprintf("%d more", len(d.Opened)-n))
			break
		}
		state := "no response yet"
		switch {
		case i.Answered:
			state = "answered"
		case i.Closed:
			state = "closed"
		}
		labels := ""
		if len(i.Labels) > 0 {
			labels = " (" + Cell(strings.Join(i.Labels, ", ")) + ")"
		}
		b.Lines = append(b.Lines, fmt.Sprintf("[#%d](%s) %s%s: %s", i.Number, i.URL, Code(i.Title, 100), labels, state))
	}
	return b
}

// metricBoxes are the metrics that the daily check names, in the order of the
// plan.
func (d Day) metricBoxes() []box {
	var all []box
	for _, e := range d.first() {
		if !e.Definition.Daily {
			continue
		}
		b := box{Name: e.Title(), Window: firstOf(e.Window(), "now"), Done: e.Level() == verdict.OK && e.Judged(), Plain: !e.Judged() && e.Level() == verdict.OK}
		switch {
		case e.uncompared():
			b.Plain, b.Text = true, joined(e.Value(), e.Detail(), "target "+e.Target())
		case e.Level() == verdict.Unknown:
			b.Blind, b.Text = true, "no data: "+e.Detail()
		case e.Verdict.Value == nil:
			b.Text = listText(e)
		default:
			b.Text = joined(e.Value(), e.Detail())
			if e.Target() != "–" {
				b.Text += ", target " + e.Target()
			}
		}
		all = append(all, b)
	}
	return all
}

// listText is a breakdown in a line: "bug 3, export 1"; "none" where it is empty.
func listText(e Entry) string {
	var parts []string
	for _, v := range e.Reading.Values {
		if v.Value != nil {
			parts = append(parts, fmt.Sprintf("%s %s", keyName(v.Key), humanize.Number(*v.Value)))
		}
	}
	text := firstOf(strings.Join(parts, ", "), "none")
	if e.overlaps() {
		text += "; " + overlap
	}
	return text
}
