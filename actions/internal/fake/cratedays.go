package fake

import (
	"fmt"
	"slices"
	"strings"
)

// latestTold is how many versions have daily downloads of their own; the rest
// is one sum a day.
const latestTold = 5

type dayShape struct {
	Version   int    `json:"version,omitempty"`
	Downloads int    `json:"downloads"`
	Date      string `json:"date"`
}

func (c *Crates) listDownloads(k *call) answer {
	found, gone := c.find(k)
	if found == nil {
		return gone
	}
	versions := found.bySemver()
	own := versions[:min(latestTold, len(versions))]
	since := oldestDay(c.world.Now())
	told, rest := []dayShape{}, map[string]int{}
	for i, v := range versions {
		for _, day := range v.daysSince(since) {
			if i < len(own) {
				told = append(told, dayShape{v.id, v.days[day], day})
				continue
			}
			rest[day] += v.days[day]
		}
	}
	extra := []dayShape{}
	for day, n := range rest {
		extra = append(extra, dayShape{0, n, day})
	}
	slices.SortFunc(extra, func(a, b dayShape) int { return strings.Compare(a.Date, b.Date) })
	said := map[string]any{"version_downloads": told, "meta": map[string]any{"extra_downloads": extra}, "versions": nil}
	if included(k, "")["versions"] {
		said["versions"] = versionShapes(found, own)
	}
	return ok(said)
}

func (v *version) daysSince(since string) []string {
	var days []string
	for day := range v.days {
		if day > since {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return days
}

func (c *Crates) versionDownloads(k *call) answer {
	found, gone := c.find(k)
	if found == nil {
		return gone
	}
	for _, v := range found.versions {
		if v.num != k.vars["version"] {
			continue
		}
		told := []dayShape{}
		for _, day := range v.daysSince(oldestDay(c.world.Now())) {
			told = append(told, dayShape{v.id, v.days[day], day})
		}
		return ok(map[string]any{"version_downloads": told})
	}
	return cratesNo(404, fmt.Sprintf("crate `%s` does not have a version `%s`", found.name, k.vars["version"]))
}
