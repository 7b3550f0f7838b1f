package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// byVersion are the metrics that a version may explain, each with the metric that
// says how each version does.
var byVersion = map[string]string{"crash_rate": "crash_rate_by_version", "command_success_rate": "success_rate_by_version"}

// byVersion returns the breakdown by version of a metric that versions may explain,
// and reports whether there is one with keys.
func (d Day) byVersion(id string) (Entry, bool) {
	for _, e := range d.first() {
		if byVersion[id] != "" && e.Definition.ID == byVersion[id] && len(e.Reading.Values) > 0 {
			return e, true
		}
	}
	return Entry{}, false
}

// explaining returns the version that did worst by the breakdown of a metric, as it was
// read next to a time, at most half a day from it: the figure itself may be of a run
// between two readings. It is empty where there is no breakdown, or all do the same.
func explaining(id string, at time.Time, entries []Entry) string {
	explained, nearest := "", day/2
	for _, e := range entries {
		if e.Definition.ID != byVersion[id] || e.Definition.ID == "" {
			continue
		}
		for _, r := range append(e.History[:len(e.History):len(e.History)], e.Reading) {
			version, known := worstVersion(r, e.Definition.Lowest)
			if away := r.At.Sub(at).Abs(); known && (away < nearest || away == nearest && explained == "") {
				explained, nearest = version, away
			}
		}
	}
	return explained
}

// worstVersion returns the key of a breakdown with the worst rate, and whether it
// is the only one or worse than another.
func worstVersion(r metric.Reading, lowest bool) (string, bool) {
	values := slices.DeleteFunc(slices.Clone(r.Values), func(v metric.Entry) bool { return v.Value == nil })
	switch len(values) {
	case 0:
		return "", false
	case 1:
		return values[0].Key, true
	}
	worst, other := values[0], values[len(values)-1]
	if lowest {
		worst, other = other, worst
	}
	return worst.Key, *worst.Value != *other.Value
}

// Explained returns the entry's metric with the version that does worst now, in
// words for a message: "mostly 1.1.1-beta"; empty where none does.
func Explained(e Entry, entries []Entry) string {
	if version := explaining(e.Definition.ID, e.Reading.At, entries); version != "" {
		return "worst in " + oneLine(version, 40)
	}
	return ""
}

// adoption is how far a version is adopted, by its share of the sessions in per cent: the
// newest is low below a tenth; an older one replaced below a tenth.
func adoption(newest bool, share float64) string {
	switch {
	case newest && share < 10:
		return "low"
	case newest:
		return "adopted"
	case share < 10:
		return "replaced"
	}
	return "in use"
}

// shareOf is a part of a whole in per cent; 0 of nothing.
func shareOf(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * part / whole
}

// canonical is a version as semver compares it.
func canonical(version string) string { return "v" + strings.TrimPrefix(version, "v") }

// Version is a version of the release family on a page. A stranger may have
// chosen its name.
type Version struct{ Name, Adoption, Sessions, Share, CrashFree, Success, Downloads, Problems string }

// versions are those of the release family, each with whether it is withdrawn: "yanked
// 16 Feb".
func (d Day) versions() []Version {
	newest := ""
	if all := d.published(); len(all) > 0 {
		newest = all[len(all)-1].Version
	}
	all := versionsOf(d.Entries, newest)
	now, _ := d.entry(yanked)
	for i, v := range all {
		if slices.ContainsFunc(now.Reading.Names, func(name string) bool { return model.SameVersion(name, v.Name) }) {
			all[i].Adoption = "yanked"
			for _, f := range firedOf(d.since(), yanked) {
				if r, found := peakReading(f); f.Ended.IsZero() && (!found || slices.Contains(r.Names, v.Name) || len(r.Names) == 0) {
					all[i].Adoption = "yanked " + humanize.Day(f.Since)
				}
			}
		}
	}
	return all
}

// byKey are the values of a breakdown over the longest of its windows, and over the
// shortest.
func byKey(id string, entries []Entry) (long, short map[string]float64) {
	var of []Entry
	for _, e := range entries {
		if e.Definition.ID == id {
			of = append(of, e)
		}
	}
	if len(of) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(of, func(a, b Entry) int {
		return cmp.Compare(a.Reading.Until.Sub(a.Reading.From), b.Reading.Until.Sub(b.Reading.From))
	})
	numbers := func(e Entry) map[string]float64 {
		all := map[string]float64{}
		for _, v := range e.Reading.Values {
			if v.Value != nil {
				all[v.Key] = *v.Value
			}
		}
		return all
	}
	return numbers(of[len(of)-1]), numbers(of[0])
}

// isNewest returns what tells the newest version of some: the one that was published
// last, and where that is none of them the highest.
func isNewest(published string, names []string) func(string) bool {
	if !slices.ContainsFunc(names, func(name string) bool { return model.SameVersion(name, published) }) {
		published = slices.MaxFunc(names, func(a, b string) int { return semver.Compare(canonical(a), canonical(b)) })
	}
	return func(name string) bool { return model.SameVersion(name, published) }
}

// versionsOf joins the breakdowns by version, the most used first. Newest is the version
// that was published last, empty where nobody knows. How far a version is adopted goes by
// the shortest window of the sessions, which shows a new version first.
func versionsOf(entries []Entry, newest string) []Version {
	values := func(id string) map[string]float64 {
		all, _ := byKey(id, entries)
		return all
	}
	sessions, recent := byKey("sessions_by_version", entries)
	crashes, success, downloads := values("crash_rate_by_version"), values("success_rate_by_version"), values("version_distribution")
	problems := values("issues_by_version")
	var names []string
	total, now := 0.0, 0.0
	for name, n := range sessions {
		names, total = append(names, name), total+n
	}
	for _, n := range recent {
		now += n
	}
	if len(names) == 0 {
		return nil
	}
	for name := range problems { // a version that nobody runs any more may have problems, too
		if _, runs := sessions[name]; !runs {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if sessions[a] != sessions[b] {
			return map[bool]int{true: -1, false: 1}[sessions[a] > sessions[b]]
		}
		return strings.Compare(a, b)
	})
	var all []Version
	is := isNewest(newest, names)
	for _, name := range names[:min(len(names), maxKeys)] {
		v := Version{Name: name, Adoption: adoption(is(name), shareOf(recent[name], now)), Sessions: "–", Share: "–", CrashFree: "–", Success: "–", Downloads: "–", Problems: "–"}
		if n, runs := sessions[name]; runs {
			v.Sessions, v.Share = humanize.Number(n), humanize.Value(100*n/total, "%")
		}
		if n, known := problems[name]; known {
			v.Problems = humanize.Number(n)
		}
		if rate, known := crashes[name]; known {
			v.CrashFree = humanize.Unit(humanize.Apart(100-rate, 100), "%")
		}
		if rate, known := success[name]; known {
			v.Success = humanize.Value(rate, "%")
		}
		if n, known := downloads[strings.TrimPrefix(name, "v")]; known {
			v.Downloads = humanize.Number(n)
		}
		all = append(all, v)
	}
	return all
}
