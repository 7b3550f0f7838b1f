package report

import (
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

// explaining returns the version that did worst by the breakdown of a metric, as
// it was read at a time; empty where there is no breakdown, or all do the same.
func explaining(id string, at time.Time, entries []Entry) string {
	for _, e := range entries {
		if e.Definition.ID != byVersion[id] || e.Definition.ID == "" {
			continue
		}
		for _, r := range append(e.History[:len(e.History):len(e.History)], e.Reading) {
			if version, known := worstVersion(r, e.Definition.Lowest); known && r.At.Equal(at) {
				return version
			}
		}
	}
	return ""
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

// adoption is how far a version is adopted: of the newest, low below a tenth of
// the sessions; of an older one, replaced below a tenth.
func adoption(version string, share float64, all []string) string {
	newest := !slices.ContainsFunc(all, func(other string) bool { return semver.Compare(canonical(other), canonical(version)) > 0 })
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

// canonical is a version as semver compares it.
func canonical(version string) string { return "v" + strings.TrimPrefix(version, "v") }

// Version is a version of the release family on a page. A stranger may have
// chosen its name.
type Version struct{ Name, Adoption, Sessions, Share, CrashFree, Success, Downloads, Problems string }

// versions are those of the release family, each with whether it is withdrawn: "yanked
// 16 Feb".
func (d Day) versions() []Version {
	all := versionsOf(d.Entries)
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

// versionsOf joins the breakdowns by version, the most used first.
func versionsOf(entries []Entry) []Version {
	values := func(id string) map[string]float64 {
		all := map[string]float64{}
		for _, e := range entries {
			if e.Definition.ID != id {
				continue
			}
			for _, v := range e.Reading.Values {
				if v.Value != nil {
					all[v.Key] = *v.Value
				}
			}
		}
		return all
	}
	sessions, crashes, success, downloads := values("sessions_by_version"), values("crash_rate_by_version"), values("success_rate_by_version"), values("version_distribution")
	problems := values("issues_by_version")
	var names []string
	total := 0.0
	for name, n := range sessions {
		names, total = append(names, name), total+n
	}
	if len(names) > 0 { // a version that nobody runs any more may have problems, too
		for name := range problems {
			if _, runs := sessions[name]; !runs {
				names = append(names, name)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if sessions[a] != sessions[b] {
			return map[bool]int{true: -1, false: 1}[sessions[a] > sessions[b]]
		}
		return strings.Compare(a, b)
	})
	var all []Version
	for _, name := range names[:min(len(names), maxKeys)] {
		v := Version{Name: name, Adoption: adoption(name, 100*sessions[name]/total, names), Sessions: "–", Share: "–", CrashFree: "–", Success: "–", Downloads: "–", Problems: "–"}
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
