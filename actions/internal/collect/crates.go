package collect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
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
// have the version "". Refused are versions and days that the answers lack a
// part of, or that cannot be, each named; the others are returned. An answer of
// which nothing can be read is an error.
func (r Registry) Crate(ctx context.Context, name string, now time.Time) (rows []model.Row, refused []string, err error) {
	base := r.URL
	if base == "" {
		base = CratesIO
	}
	base = strings.TrimRight(base, "/") + "/api/v1/crates/" + url.PathEscape(name)
	versions, names, lacks, err := r.versions(ctx, base, name, now)
	if err != nil {
		return nil, nil, err
	}
	downloads, more, err := r.downloads(ctx, base, name, names, now)
	if err != nil {
		return nil, nil, err
	}
	for _, lack := range append(lacks, more...) {
		refused = append(refused, fmt.Sprintf("crates, %s: %s; it is left out", name, lack))
	}
	return append(versions, added(downloads)...), refused, nil
}

// versions are the package's versions, and their names by the registry's numbers.
func (r Registry) versions(ctx context.Context, base, name string, now time.Time) ([]model.Row, map[int]string, []answer.Lack, error) {
	var about struct {
		Versions []crateVersion `json:"versions"`
	}
	lacks, err := r.get(ctx, base, nil, now, &about)
	switch {
	case errors.Is(err, errAbsent):
		return nil, nil, nil, fmt.Errorf("the registry has no package %q: it is not published yet, or has another name than in rules.yaml", name)
	case err != nil:
		return nil, nil, nil, fmt.Errorf("the registry: %w", err)
	case len(about.Versions) == 0:
		return nil, nil, nil, fmt.Errorf("the registry names no version of %s", name)
	}
	var rows []model.Row
	names := map[int]string{}
	for _, v := range about.Versions {
		names[v.ID] = v.Num
		rows = append(rows, model.VersionRow{Package: name, Version: v.Num, Yanked: v.Yanked, CreatedAt: v.CreatedAt, Downloads: v.Downloads})
	}
	return rows, names, lacks, nil
}

// downloads are those of each day, by version; an answer that leaves them out
// is not one of no downloads.
func (r Registry) downloads(ctx context.Context, base, name string, names map[int]string, now time.Time) ([]model.Row, []answer.Lack, error) {
	var taken struct {
		Versions []crateDay `json:"version_downloads"`
		Meta     struct {
			Extra []extraDay `json:"extra_downloads"`
		} `json:"meta"`
	}
	lacks, err := r.get(ctx, base+"/downloads", nil, now, &taken)
	if err != nil {
		return nil, nil, fmt.Errorf("the registry's downloads: %w", err)
	}
	var rows []model.Row
	take := func(day extraDay, version string) {
		at, _ := time.Parse(time.DateOnly, day.Date)
		if at.After(now.Add(24 * time.Hour)) {
			lacks = append(lacks, answer.Lack{Where: "downloads", Why: "cannot be of " + day.Date})
			return
		}
		rows = append(rows, model.DownloadRow{Package: name, Version: version, Day: at, Downloads: day.Downloads})
	}
	for _, d := range taken.Versions {
		take(d.extraDay, names[d.Version])
	}
	for _, d := range taken.Meta.Extra {
		take(d, "")
	}
	if len(rows) == 0 && len(lacks) > 0 {
		return nil, nil, fmt.Errorf("the registry's downloads: %d days, and none can be read: %s", len(lacks), lacks[0])
	}
	return rows, lacks, nil
}

type crateVersion struct {
	ID        int       `json:"id" answer:"id"`
	Num       string    `json:"num" answer:"id"`
	Yanked    bool      `json:"yanked"`
	CreatedAt time.Time `json:"created_at"`
	Downloads int64     `json:"downloads"`
}

// extraDay is a day's downloads of all versions that have no list of their own.
type extraDay struct {
	Downloads int64  `json:"downloads"`
	Date      string `json:"date"`
}

// Check finds a date that is none.
func (d *extraDay) Check() error {
	if at, err := time.Parse(time.DateOnly, d.Date); err != nil || at.Year() < 1990 {
		return fmt.Errorf("must have a date, got %q", short(d.Date))
	}
	return nil
}

type crateDay struct {
	extraDay
	Version int `json:"version" answer:"id"`
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
