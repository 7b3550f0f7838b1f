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
		if of.Response == "–" {
			of.Response, of.Responder = in.Response, in.Responder
		}
		of.Ongoing = of.Ongoing || in.Ongoing
	}
	var levels []string
	if n := by[verdict.Critical]; n > 0 {
		levels = append(levels, fmt.Sprintf("%d critical", n))
	}
	if n := by[verdict.Warning]; n > 0 {
		levels = append(levels, humanize.Count(n, "warning"))
	}
	of.Title = fmt.Sprintf("%s in one message: %s", humanize.Count(len(members), "alert"), strings.Join(levels, ", "))
	of.Short, of.Started, of.since, of.Peak = of.Title, first.Started, first.since, "on "+humanize.Day(first.since)
	of.Lasted, of.Ended, of.length = longest.Lasted, longest.Ended, longest.length
	return of
}
