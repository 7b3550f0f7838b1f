package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Headline says in a sentence whether the release is well. It is not said to be
// where something that must be watched most cannot be seen.
func Headline(d Day) string {
	name := strings.TrimSpace(d.Release.Project + " " + d.Release.Version)
	if name == "" {
		name = "The release"
	}
	all := d.first()
	if count(all, verdict.Unknown) == len(all) {
		return name + ": nothing is known."
	}
	state, parts := stateOf(all), counts(all)
	if len(parts) == 0 || count(all, verdict.Unknown) > 0 && len(parts) == 1 && len(blind(all)) == 0 {
		parts = append([]string{"every target that can be measured is met"}, parts...)
	}
	return fmt.Sprintf("%s %s: %s.", name, state, strings.Join(parts, ", "))
}

// stateOf is how the release is, in a few words.
func stateOf(all []Entry) string {
	watch, unknown := count(all, verdict.Watch) > 0, slices.ContainsFunc(all, unseen)
	switch {
	case count(all, verdict.Critical) > 0:
		return "is not well"
	case count(all, verdict.Warning) > 0:
		return "needs attention"
	case len(blind(all)) > 0:
		return "cannot be called well"
	case watch && unknown:
		return "is well, as far as is known, and not all it should be"
	case watch:
		return "is well, and not all it should be"
	case unknown:
		return "is well, as far as is known"
	}
	return "is well"
}

// unseen tells a metric of which nothing is known, though it could be.
func unseen(e Entry) bool {
	return e.Verdict.Level == verdict.Unknown && !e.Definition.NotFromExports(whyUnknown(e))
}

// blind are the metrics of the first priority that cannot be seen. Where the
// source answered and there was nothing to measure, nothing was missed.
func blind(all []Entry) []string {
	var names []string
	for _, e := range all {
		if e.Definition.Priority == "P0" && unseen(e) && !e.Verdict.Empty && !e.Definition.Nothing(whyUnknown(e)) {
			names = append(names, e.Definition.ID)
		}
	}
	return names
}

// whyUnknown is the reason of an unknown entry.
func whyUnknown(e Entry) string { return firstOf(e.Verdict.Why, e.Reading.Reason) }

// counts are how many metrics stand on each level, the worst first. What cannot
// be seen and must be is named.
func counts(all []Entry) []string {
	var parts []string
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	note(count(all, verdict.Critical), "metric is critical", "metrics are critical")
	note(count(all, verdict.Warning), "metric is past its warning", "metrics are past their warnings")
	unknown, names := count(all, verdict.Unknown), blind(all)
	if len(names) > 0 {
		parts = append(parts, and(few(names))+map[bool]string{true: " is unknown", false: " are unknown"}[len(names) == 1])
	}
	note(count(all, verdict.Watch), "metric misses its target", "metrics miss their targets")
	switch {
	case len(names) > 0:
		note(unknown-len(names), "other is unknown", "others are unknown")
	case len(parts) > 0:
		note(unknown, "metric is unknown", "are unknown")
	default:
		note(unknown, "metric is unknown", "metrics are unknown")
	}
	return parts
}

// few are the first names of a list, and how many there are besides.
func few(names []string) []string {
	const most = 3
	if len(names) <= most+1 {
		return names
	}
	return append(slices.Clone(names[:most]), fmt.Sprintf("%d more", len(names)-most))
}
