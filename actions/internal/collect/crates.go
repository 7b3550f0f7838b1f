package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
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
// days: two requests. Downloads of versions that are not among the newest five
// stand under the version "". Where one thing in an answer cannot be, nothing
// of it is taken.
func (r Registry) Crate(ctx context.Context, name string, now time.Time) ([]model.Row, error) {
	base := r.URL
	if base == "" {
		base = CratesIO
	}
	base = strings.TrimRight(base, "/") + "/api/v1/crates/" + url.PathEscape(name)
	versions, names, err := r.versions(ctx, base, name, now)
	if err != nil {
		return nil, err
	}
	downloads, err := r.downloads(ctx, base, name, names, now)
	if err != nil {
		return nil, err
	}
	return append(versions, added(downloads)...), nil
}

// versions are the package's versions, and their names by the registry's numbers.
func (r Registry) versions(ctx context.Context, base, name string, now time.Time) ([]model.Row, map[int]string, error) {
	var about struct {
		Versions []crateVersion `json:"versions"`
	}
	if err := r.get(ctx, base, nil, &about); errors.Is(err, errAbsent) {
		return nil, nil, fmt.Errorf("the registry has no package %q: it is not published yet, or has another name than in rules.yaml", name)
	} else if err != nil {
		return nil, nil, fmt.Errorf("the registry: %w", err)
	}
	if len(about.Versions) == 0 {
		return nil, nil, fmt.Errorf("the registry names no version of %s", name)
	}
	var rows []model.Row
	names := map[int]string{}
	for _, v := range about.Versions {
		if v.Num == "" || v.Downloads < 0 || v.CreatedAt.After(now.Add(time.Hour)) {
			return nil, nil, fmt.Errorf("the registry says of version %q what cannot be: %d downloads, published %s", short(v.Num), v.Downloads, v.CreatedAt.Format(time.DateOnly))
		}
		names[v.ID] = v.Num
		rows = append(rows, model.VersionRow{Package: name, Version: v.Num, Yanked: v.Yanked, CreatedAt: v.CreatedAt, Downloads: v.Downloads})
	}
	return rows, names, nil
}

// downloads are those of each day, by version; an answer that leaves them out
// is not one of no downloads.
func (r Registry) downloads(ctx context.Context, base, name string, names map[int]string, now time.Time) ([]model.Row, error) {
	var taken struct {
		Versions []crateDay `json:"version_downloads"`
		Meta     struct {
			Extra []crateDay `json:"extra_downloads"`
		} `json:"meta"`
	}
	if err := r.get(ctx, base+"/downloads", nil, &taken); err != nil {
		return nil, fmt.Errorf("the registry's downloads: %w", err)
	}
	if taken.Versions == nil {
		return nil, fmt.Errorf("the registry names no downloads of %s, not even none", name)
	}
	var rows []model.Row
	for _, d := range append(taken.Versions, taken.Meta.Extra...) {
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil || d.Downloads < 0 || day.After(now) {
			return nil, fmt.Errorf("the registry says of %q what cannot be: %d downloads", short(d.Date), d.Downloads)
		}
		rows = append(rows, model.DownloadRow{Package: name, Version: names[d.Version], Day: day, Downloads: d.Downloads})
	}
	return rows, nil
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
func added(rows []model.Row) []model.Row {
	at := map[model.DownloadRow]int{}
	var all []model.Row
	for _, row := range rows {
		d := row.(model.DownloadRow)
		key := d
		key.Downloads = 0
		i, seen := at[key]
		if !seen {
			at[key] = len(all)
			all = append(all, d)
			continue
		}
		sum := all[i].(model.DownloadRow)
		sum.Downloads += d.Downloads
		all[i] = sum
	}
	return all
}
