package source

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fact"
)

// Registry is crates.io, or another that speaks as it does.
type Registry struct {
	*Web
	URL string // empty is crates.io
}

// CratesIO is the registry of Rust's packages. It allows one request a second,
// and refuses those that do not say who they are.
const CratesIO = "https://crates.io"

// Crate reads the versions of a package and its downloads of the last ninety
// days: two requests. What it answers that cannot be is left out, and said.
func (r Registry) Crate(ctx context.Context, name string, now time.Time) ([]fact.Row, error) {
	base := r.URL
	if base == "" {
		base = CratesIO
	}
	base += "/api/v1/crates/" + url.PathEscape(name)
	var about struct {
		Versions []crateVersion `json:"versions"`
	}
	if err := r.get(ctx, base, nil, &about); err != nil {
		if errors.Is(err, errAbsent) {
			return nil, fmt.Errorf("the registry has no package %q: is it published, and its name right in rules.yaml?", name)
		}
		return nil, fmt.Errorf("the registry: %w", err)
	}
	if len(about.Versions) == 0 {
		return nil, fmt.Errorf("the registry names no version of %s", name)
	}
	var taken struct {
		Versions []crateDay `json:"version_downloads"`
		Meta     struct {
			Extra []crateDay `json:"extra_downloads"`
		} `json:"meta"`
	}
	if err := r.get(ctx, base+"/downloads", nil, &taken); err != nil {
		return nil, fmt.Errorf("the registry's downloads: %w", err)
	}
	rows := []fact.Row{}
	names := map[int]string{}
	for _, v := range about.Versions {
		if v.Num == "" || v.Downloads < 0 || v.CreatedAt.After(now.Add(time.Hour)) {
			return nil, fmt.Errorf("the registry says of version %q what cannot be: %d downloads, published %s", v.Num, v.Downloads, v.CreatedAt.Format(time.DateOnly))
		}
		names[v.ID] = v.Num
		rows = append(rows, fact.VersionRow{Package: name, Version: v.Num, Yanked: v.Yanked, CreatedAt: v.CreatedAt, Downloads: v.Downloads})
	}
	for _, d := range append(taken.Versions, taken.Meta.Extra...) {
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil || d.Downloads < 0 || day.After(now) {
			return nil, fmt.Errorf("the registry says of %q what cannot be: %d downloads", d.Date, d.Downloads)
		}
		rows = append(rows, fact.DownloadRow{Package: name, Version: names[d.Version], Day: day, Downloads: d.Downloads})
	}
	return added(rows), nil
}

type crateVersion struct {
	ID        int       `json:"id"`
	Num       string    `json:"num"`
	Yanked    bool      `json:"yanked"`
	CreatedAt time.Time `json:"created_at"`
	Downloads int64     `json:"downloads"`
}

type crateDay struct {
	Version   int    `json:"version"`
	Downloads int64  `json:"downloads"`
	Date      string `json:"date"`
}

// added adds up the downloads of a day that have no version of their own.
func added(rows []fact.Row) []fact.Row {
	at := map[fact.DownloadRow]int{}
	var all []fact.Row
	for _, row := range rows {
		d, isDay := row.(fact.DownloadRow)
		if !isDay {
			all = append(all, row)
			continue
		}
		key := d
		key.Downloads = 0
		if i, seen := at[key]; seen {
			sum := all[i].(fact.DownloadRow)
			sum.Downloads += d.Downloads
			all[i] = sum
			continue
		}
		at[key] = len(all)
		all = append(all, d)
	}
	return all
}
