package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// gathered puts the alerts of which people were notified in one message into one
// incident, at the place of the first of them.
func gathered(all []Incident) []Incident {
	together := map[string][]Incident{}
	for _, in := range all {
		if in.message != "" {
			together[in.message] = append(together[in.message], in)
		}
	}
	var rows []Incident
	for _, in := range all {
		members := together[in.message]
		switch {
		case len(members) < 2:
			rows = append(rows, in)
		case in.since.Equal(members[0].since) && in.Metric == members[0].Metric:
			rows = append(rows, groupOf(members))
		}
	}
	return rows
}

// groupOf is several alerts as one incident: it began with the first of them and lasts
// as long as one does.
func groupOf(members []Incident) Incident {
	members = slices.Clone(members)
	slices.SortStableFunc(members, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(rank(b.Level), rank(a.Level)), cmp.Compare(a.Title, b.Title))
	})
	first, longest := members[0], members[0]
	by := map[verdict.Level]int{}
	of := Incident{Level: first.Level, Sign: first.Sign, Response: "–", Notified: first.Notified, Version: first.Version, Members: members, message: first.message}
	for _, in := range members {
		by[in.Level]++
		if in.since.Before(first.since) {
			first = in
		}
		if in.Ongoing && !longest.Ongoing || in.Ongoing == longest.Ongoing && in.length > longest.length {
			longest = in
		}
		if in.Version != of.Version {
			of.Version = "" // each says its own
		}
		if of.Response == "–" || strings.HasPrefix(of.Response, noResponse) && in.Response != "–" {
			of.Response, of.Responder = in.Response, in.Responder
		}
		of.Ongoing = of.Ongoing || in.Ongoing
	}
	of.Title = inOneMessage(len(members), by)
	of.Short, of.Started, of.since, of.Peak = of.Title, first.Started, first.since, "on "+humanize.Day(first.since)
	of.Lasted, of.Ended, of.length = longest.Lasted, longest.Ended, longest.length
	return of
}

// inOneMessage names a group of alerts: "3 alerts in one message: 1 critical, 2 warnings".
func inOneMessage(n int, by map[verdict.Level]int) string {
	var levels []string
	if n := by[verdict.Critical]; n > 0 {
		levels = append(levels, fmt.Sprintf("%d critical", n))
	}
	if n := by[verdict.Warning]; n > 0 {
		levels = append(levels, humanize.Count(n, "warning"))
	}
	return fmt.Sprintf("%s in one message: %s", humanize.Count(n, "alert"), strings.Join(levels, ", "))
}

// need is a row of what needs attention: a metric, or a group of metrics of whose alerts
// people were notified in one message.
type need struct {
	Entry         // of a group the worst, with the day since which the first of it lasts
	Group string  // its name; empty for a single metric
	Each  []Entry // of a group, the worst first
}

// needs are the rows of what needs attention, the worst first.
func (d Day) needs() []need {
	message, level := map[string]string{}, map[string]verdict.Level{}
	for _, f := range ongoing(d.Fired) {
		message[f.Metric], level[f.Metric] = f.Message(), f.Level
	}
	var rows []need
	at := map[string]int{}
	for _, e := range attention(d.first()) {
		id := e.Definition.ID
		i, there := at[message[id]]
		if message[id] == "" || !there {
			at[message[id]] = len(rows)
			rows = append(rows, need{Entry: e, Each: []Entry{e}})
			continue
		}
		row := &rows[i]
		row.Each = append(row.Each, e)
		if !e.Since.IsZero() && (row.Since.IsZero() || e.Since.Before(row.Since)) {
			row.Since = e.Since
		}
	}
	for i, row := range rows {
		if len(row.Each) == 1 {
			rows[i].Each = nil
			continue
		}
		by := map[verdict.Level]int{}
		for _, e := range row.Each {
			by[level[e.Definition.ID]]++
		}
		rows[i].Group = inOneMessage(len(row.Each), by)
	}
	return rows
}

// Brief is a metric of a group in a line: "Crash rate: 11.3%, last 24 hours, target < 0.1%".
func (e Entry) Brief() string {
	target := ""
	if t := e.Target(); t != "–" {
		target = "target " + t
	}
	return joined(e.Title()+": "+e.Amount(), e.Over(), target)
}
