package registry

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Days returns the downloads of each whole day UTC that running totals of one
// package tell. A day needs a total before its beginning and one after its end;
// between two totals the downloads are taken to be even. A total that falls, such
// as of a file that was deleted, tells nothing of its days. The days of versions
// are those of the package's in part; the rest of a day has the version "".
func Days(totals []model.DownloadCountRow) []model.DownloadRow {
	byVersion := map[string][]model.DownloadCountRow{}
	for _, t := range totals {
		if t.Since.IsZero() {
			byVersion[t.Version] = append(byVersion[t.Version], t)
		}
	}
	rest := daysOf(byVersion[""])
	var all []model.DownloadRow
	for _, version := range slices.Sorted(maps.Keys(byVersion)) {
		if version == "" {
			continue
		}
		for day, n := range daysOf(byVersion[version]) {
			if whole, known := rest[day]; known && n <= whole {
				rest[day] -= n
				all = append(all, dayRow(byVersion[version][0], day, n))
			}
		}
	}
	for day, n := range rest {
		all = append(all, dayRow(byVersion[""][0], day, n))
	}
	slices.SortFunc(all, func(a, b model.DownloadRow) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Version, b.Version))
	})
	return all
}

func dayRow(of model.DownloadCountRow, day time.Time, n int64) model.DownloadRow {
	return model.DownloadRow{Registry: of.Registry, Package: of.Package, Version: of.Version, Day: day, Downloads: n}
}

const oneDay = 24 * time.Hour

// daysOf are the downloads of the whole days between the first and the last total.
func daysOf(totals []model.DownloadCountRow) map[time.Time]int64 {
	slices.SortFunc(totals, func(a, b model.DownloadCountRow) int { return a.Until.Compare(b.Until) })
	days := map[time.Time]int64{}
	if len(totals) < 2 {
		return days
	}
	first := totals[0].Until.UTC().Add(oneDay - 1).Truncate(oneDay)
	for day := first; !day.Add(oneDay).After(totals[len(totals)-1].Until); day = day.Add(oneDay) {
		before, known := totalAt(totals, day)
		after, knownAfter := totalAt(totals, day.Add(oneDay))
		if known && knownAfter && after >= before && !falls(totals, day, day.Add(oneDay)) {
			days[day] = after - before
		}
	}
	return days
}

// totalAt is the running total at a time between two totals.
func totalAt(totals []model.DownloadCountRow, at time.Time) (int64, bool) {
	i, found := slices.BinarySearchFunc(totals, at, func(t model.DownloadCountRow, at time.Time) int { return t.Until.Compare(at) })
	switch {
	case found:
		return totals[i].Downloads, true
	case i == 0 || i == len(totals):
		return 0, false
	}
	before, after := totals[i-1], totals[i]
	share := float64(at.Sub(before.Until)) / float64(after.Until.Sub(before.Until))
	return before.Downloads + int64(share*float64(after.Downloads-before.Downloads)), true
}

// falls reports whether the totals around a day fall.
func falls(totals []model.DownloadCountRow, from, until time.Time) bool {
	for i := 1; i < len(totals); i++ {
		if totals[i].Downloads < totals[i-1].Downloads && totals[i].Until.After(from) && totals[i-1].Until.Before(until) {
			return true
		}
	}
	return false
}
