package report

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// levelSigns show a level by shape and colour beside its word.
var levelSigns = map[verdict.Level]string{
	verdict.Critical: "🔴", verdict.Warning: "🟠", verdict.Watch: "🟡", verdict.OK: "🟢", verdict.Unknown: "⚪",
}

// levelWords are the levels as people read them.
var levelWords = map[verdict.Level]string{
	verdict.Critical: "critical", verdict.Warning: "warning", verdict.Watch: "off target", verdict.OK: "on target", verdict.Unknown: "no data",
}

// Status is how a release stands over the period of a page, in one word.
type Status struct {
	Level verdict.Level
	Sign  string
	Word  string // Healthy, Off target, Warning, Critical, No data
	// Tally are the counts behind the word: "1 critical · 2 warnings · 5 more of 45
	// metrics off target · 12 without a target · 3 without data".
	Tally string
}

var statusWords = map[verdict.Level]string{
	verdict.Critical: "Critical", verdict.Warning: "Warning", verdict.Watch: "Off target", verdict.OK: "Healthy", verdict.Unknown: "No data",
}

// statusOf judges a page: by the entries that it shows and by the alerts that
// fired in its period, also where they are over. A metric of the first priority
// that cannot be seen keeps a release from being called healthy.
func statusOf(entries []Entry, fired []alert.Fired) Status {
	level := verdict.OK
	for _, l := range []verdict.Level{verdict.Critical, verdict.Warning} {
		if level == verdict.OK && (count(entries, l) > 0 || slices.ContainsFunc(fired, func(f alert.Fired) bool { return Urgency(f) == l })) {
			level = l
		}
	}
	switch {
	case level != verdict.OK:
	case count(entries, verdict.Unknown) == len(entries) || len(unseen(entries)) > 0:
		level = verdict.Unknown
	case count(entries, verdict.Watch) > 0:
		level = verdict.Watch
	}
	return Status{Level: level, Sign: levelSigns[level], Word: statusWords[level], Tally: tally(entries)}
}

// unseen returns the titles of the metrics of the first priority that have no
// data though their source should have answered.
func unseen(entries []Entry) []string {
	var titles []string
	for _, e := range entries {
		if e.Level() == verdict.Unknown && e.Definition.Priority == "P0" && !e.Verdict.Empty &&
			!e.Definition.Nothing(whyUnknown(e)) && !e.Definition.NotFromExports(whyUnknown(e)) {
			titles = append(titles, e.Title())
		}
	}
	return titles
}

func whyUnknown(e Entry) string { return firstOf(e.Verdict.Why, e.Reading.Reason) }

// tally counts the entries by level, the worst first.
func tally(entries []Entry) string {
	var parts []string
	plain := 0 // are measured, and held against nothing
	for _, e := range entries {
		if e.Level() == verdict.OK && !e.Judged() {
			plain++
		}
	}
	if n := count(entries, verdict.Critical); n > 0 {
		parts = append(parts, fmt.Sprintf("%d critical", n))
	}
	if n := count(entries, verdict.Warning); n > 0 {
		parts = append(parts, humanize.Count(n, "warning"))
	}
	if n := count(entries, verdict.Watch); n > 0 {
		more := ""
		if len(parts) > 0 {
			more = " more" // those past a threshold are counted apart
		}
		parts = append(parts, fmt.Sprintf("%d%s of %s off target", n, more, humanize.Count(len(entries), "metric")))
	} else if len(parts) == 0 {
		parts = append(parts, fmt.Sprintf("%d of %s on target", count(entries, verdict.OK)-plain, humanize.Count(len(entries), "metric")))
	}
	if plain > 0 {
		parts = append(parts, fmt.Sprintf("%d without a target", plain))
	}
	if n := len(withoutData(entries)); n > 0 {
		parts = append(parts, fmt.Sprintf("%d without data", n))
	}
	return strings.Join(parts, " · ")
}

// withoutData returns the entries that have no figure. One that has a figure and
// nothing to compare it with is none of them.
func withoutData(entries []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Level() != verdict.Unknown || e.uncompared() })
}

func count(entries []Entry, level verdict.Level) int {
	n := 0
	for _, e := range entries {
		if e.Level() == level {
			n++
		}
	}
	return n
}

// Headline returns the release and its status now in a line: "Caro v1.1.0-beta:
// Off target (7 of 45 metrics off target · 12 without a target · 3 without data)".
func Headline(d Day) string {
	s := d.status()
	return fmt.Sprintf("%s: %s %s (%s)", heading(d.Release), s.Sign, s.Word, s.Tally)
}

// heading names the release on a page about now: once a final version of it is out,
// that one, beside the one that is watched: "Caro v1.1.0 (since v1.1.0-beta)".
func heading(r model.Release) string {
	name := releaseName(r.Project, present(r))
	if present(r) != r.Version {
		name += fmt.Sprintf(" (since %s)", r.Version)
	}
	return name
}

// present is the version by which a release is named: the newest, once it is a final
// version of a watched preview, or else the watched one.
func present(r model.Release) string {
	newest := r.Newest().Version
	if !isPreview(r.Version) || isPreview(newest) || model.SameVersion(newest, r.Version) {
		return r.Version
	}
	return newest
}

// isPreview reports whether a version is a pre-release, such as 1.1.0-beta.
func isPreview(version string) bool { return semver.Prerelease(canonical(version)) != "" }

func releaseName(project, version string) string {
	if name := strings.TrimSpace(project + " " + version); name != "" {
		return name
	}
	return "The release"
}

// sorted returns the entries, the worst first: by level, then by the distance
// from their target, then by name.
func sorted(entries []Entry) []Entry {
	byMetric := map[string]Entry{}
	verdicts := make([]verdict.Verdict, len(entries))
	for i, e := range entries {
		byMetric[e.Definition.ID], verdicts[i] = e, e.Verdict
	}
	verdict.Sort(verdicts)
	all := make([]Entry, len(entries))
	for i, v := range verdicts {
		all[i] = byMetric[v.Metric]
	}
	return all
}

// attention returns the entries past a threshold or off target, the worst first.
func attention(entries []Entry) []Entry {
	var bad []Entry
	for _, e := range sorted(entries) {
		if l := e.Level(); l == verdict.Critical || l == verdict.Warning || l == verdict.Watch {
			bad = append(bad, e)
		}
	}
	return bad
}

// Section is a part of a page: the metrics of one section of the catalogue.
type Section struct {
	Name    string
	Summary string // "4 on target, 1 off target"
	Open    bool   // holds something that needs attention
	Rows    []Entry
}

// sectionsOf groups entries by a name, in the order of names; within a section
// the worst first, and the worst section first.
func sectionsOf(entries []Entry, names []string, of func(Entry) string) []Section {
	var all []Section
	for _, name := range names {
		s := Section{Name: name}
		for _, level := range []verdict.Level{verdict.Critical, verdict.Warning, verdict.Watch, verdict.OK, verdict.Unknown} {
			var some []Entry
			for _, e := range entries {
				if of(e) == name && e.Level() == level {
					some = append(some, e)
				}
			}
			s.Rows = append(s.Rows, some...)
			s.Open = s.Open || len(some) > 0 && (level == verdict.Critical || level == verdict.Warning)
			s.Summary = joined(s.Summary, summed(some, level))
		}
		if len(s.Rows) > 0 {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b Section) int { return sectionRank(a) - sectionRank(b) })
	return all
}

// summed counts the entries of a level for the heading of a section: "3 on target,
// 2 without a target"; empty where there is nothing to say. A window beside a
// metric's own counts nowhere.
func summed(entries []Entry, level verdict.Level) string {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Aside })
	plain := len(entries)
	var rest string
	switch level {
	case verdict.OK:
		plain = len(slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !e.Judged() }))
		rest = "without a target"
	case verdict.Unknown:
		plain = len(withoutData(entries))
		rest = "with no earlier period"
	}
	var text string
	if plain > 0 {
		text = fmt.Sprintf("%d %s", plain, levelWords[level])
	}
	if left := len(entries) - plain; left > 0 {
		text = joined(text, fmt.Sprintf("%d %s", left, rest))
	}
	return text
}

// sectionRank puts sections with alerts first, then those off target.
func sectionRank(s Section) int {
	for i, level := range []verdict.Level{verdict.Critical, verdict.Warning, verdict.Watch} {
		if count(s.Rows, level) > 0 {
			return i
		}
	}
	return 3
}
