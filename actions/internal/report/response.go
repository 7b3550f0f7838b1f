package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// issues tells who was notified by issues, and how long they waited.
func (m Month) issues(v *monthView) {
	if len(m.Issues) == 0 {
		return
	}
	twice, missed, open := 0, 0, 0
	var waits []time.Duration
	for _, i := range m.Issues {
		row := urgentRow{Number: i.Number, URL: i.URL, Title: i.Title, Labels: strings.Join(i.Labels, ", "), Told: fmt.Sprint(i.Told), Answered: "–"}
		switch {
		case i.False:
			row.Note = "false alarm"
		case i.ByPerson:
			row.Note = "labelled by a person: add its words to the rules"
		}
		if i.Told > 1 {
			twice++
		}
		if i.ByPerson {
			missed++
		}
		if i.Answered > 0 {
			waits = append(waits, i.Answered)
			row.Answered = humanize.Duration(i.Answered.Round(time.Minute))
		} else if i.Told > 0 {
			open++
		}
		v.Issues = append(v.Issues, row)
	}
	v.IssuesLine = fmt.Sprintf("%s: %s (label `false-alarm`), %d with more than one notification, %d missed by the rules.", humanize.Count(len(m.Issues), "urgent issue"), humanize.Count(m.falseAlarms(), "false alarm"), twice, missed)
	if len(waits) > 0 {
		median, longest := waited(waits)
		v.IssuesLine += fmt.Sprintf(" From notification to first response: median %s, longest %s.", median, longest)
	}
	if open > 0 {
		v.IssuesLine += fmt.Sprintf(" %d without a response.", open)
	}
	v.Routes = m.routes()
}

// waited returns the median and the longest of some waits, to the minute.
// Between two in the middle the median is half-way.
func waited(waits []time.Duration) (median, longest string) {
	slices.Sort(waits)
	n := len(waits)
	middle := (waits[(n-1)/2] + waits[n/2]) / 2
	return humanize.Duration(middle.Round(time.Minute)), humanize.Duration(waits[n-1].Round(time.Minute))
}

// routes tells for each label that leads to a channel how many issues took its
// route, and how long each took to be answered.
func (m Month) routes() []routeRow {
	waits, count := map[string][]time.Duration{}, map[string]int{}
	for _, i := range m.Issues {
		for _, l := range i.Labels {
			count[l]++
			if i.Answered > 0 {
				waits[l] = append(waits[l], i.Answered)
			}
		}
	}
	var labels []string
	for l := range count {
		labels = append(labels, l)
	}
	sort.Strings(labels)
	var all []routeRow
	for _, l := range labels {
		row := routeRow{Label: l, Issues: fmt.Sprint(count[l]), Answered: fmt.Sprint(len(waits[l])), Median: "–", Longest: "–"}
		if w := waits[l]; len(w) > 0 {
			row.Median, row.Longest = waited(w)
		}
		all = append(all, row)
	}
	return all
}

// load is how often people were interrupted: by alerts of which a channel was
// notified, and by urgent issues.
func (m Month) load() string {
	alerts, notices, unsent := 0, 0, 0
	for _, f := range m.Fired {
		switch {
		case f.Began.Before(m.From):
		case len(f.Channels()) == 0:
			unsent++
		case f.Notice != nil:
			notices++
		default:
			alerts++
		}
	}
	text := fmt.Sprintf("Channels were notified of %s, %s and %s", humanize.Count(alerts, "alert"), humanize.Count(notices, "mail or mention"), humanize.Count(len(m.Issues), "urgent issue"))
	if notices != 1 {
		text = strings.Replace(text, "mail or mentions", "mails or mentions", 1)
	}
	total, days := alerts+notices+len(m.Issues), float64(m.Days)
	text += fmt.Sprintf(" in %s: ", humanize.Count(m.Days, "day"))
	if m.Days >= 14 {
		text += fmt.Sprintf("about %.0f interruptions a week, ", float64(total)/(days/7))
	}
	text += teamTime(total, days)
	if unsent == 0 {
		return text + "."
	}
	return text + fmt.Sprintf(". %s sent no notification: the issues that they count were notified already, or no route takes them.", humanize.Count(unsent, "alert"))
}

// falseAlarms counts the urgent issues that were none.
func (m Month) falseAlarms() int {
	n := 0
	for _, i := range m.Issues {
		if i.False {
			n++
		}
	}
	return n
}
