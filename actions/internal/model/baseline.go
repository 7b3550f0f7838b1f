package model

import (
	"slices"
	"time"

	"golang.org/x/mod/semver"
)

// Baseline is an earlier version whose readings a newer one is compared with at the
// same age: day 3 of the one with day 3 of the other. The zero value is none.
type Baseline struct {
	Version string    // as its tag is written
	Shipped time.Time // when it was published
	Until   time.Time // when the next version was: from then on readings are of that one, exclusive
	Newer   string    // the version that is compared with it
	Since   time.Time // when that one was published
}

// Day returns the UTC day on which the earlier version was as old as the newer one
// is at a time, and reports whether it was still the newest on that day.
func (b Baseline) Day(at time.Time) (time.Time, bool) {
	if b.Version == "" || at.Before(b.Since) {
		return time.Time{}, false
	}
	day := utcDay(b.Shipped).Add(utcDay(at).Sub(utcDay(b.Since)))
	return day, day.Before(b.Until)
}

// Age is the day of the newer version at a time: 1 is the day on which it was
// published, in UTC.
func (b Baseline) Age(at time.Time) int {
	return int(utcDay(at).Sub(utcDay(b.Since))/(24*time.Hour)) + 1
}

func utcDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Baselines returns what the release may be compared with at the same age, the
// best first: the release before, by its first version; then, for the newest version
// of the family, the watched one. Whether there are readings of them is not asked.
func (r Release) Baselines(published []Published) []Baseline {
	var all []Baseline
	if r.Shipped.IsZero() {
		return nil
	}
	if before, found := r.before(published); found {
		all = append(all, Baseline{before.Version, before.At, r.Shipped.Time, r.Version, r.Shipped.Time})
	}
	if newest := r.Newest(); !SameVersion(newest.Version, r.Version) {
		next := newest.At
		for _, p := range r.Family {
			if !SameVersion(p.Version, r.Version) && p.At.After(r.Shipped.Time) && p.At.Before(next) {
				next = p.At
			}
		}
		all = append(all, Baseline{r.Version, r.Shipped.Time, next, newest.Version, newest.At})
	}
	return all
}

// before returns the first version of the release before the watched one: of the
// newest version that is older and was published as a release before this one
// shipped, the first one of the same major and minor number. Where the watched one is a
// pre-release, a pre-release goes before, else one that is none.
func (r Release) before(published []Published) (Published, bool) {
	older := slices.DeleteFunc(slices.Clone(published), func(p Published) bool {
		return !p.Release || !r.isOfPackage(p.Version) || !NewerVersion(r.Version, p.Version) || !p.At.Before(r.Shipped.Time) || r.Follows(p)
	})
	if len(older) == 0 {
		return Published{}, false
	}
	slices.SortStableFunc(older, func(a, b Published) int { return semver.Compare(canonical(b.Version), canonical(a.Version)) })
	line := semver.MajorMinor(canonical(older[0].Version))
	first, found := older[0], false
	for _, p := range older {
		early := semver.Prerelease(canonical(p.Version)) != ""
		if semver.MajorMinor(canonical(p.Version)) == line && early == (semver.Prerelease(canonical(r.Version)) != "") && (!found || p.At.Before(first.At)) {
			first, found = p, true
		}
	}
	return first, true
}
