package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// crates is the registry of Rust's packages. It allows one request a second, and
// refuses those that do not say who they are.
var crates = Registry{
	Name: "crates", Title: "crates.io", Example: "caro",
	Tells:   "versions, yanks, and downloads by day and version of the last 90 days",
	Metrics: []string{"yanked_versions", "downloads_per_day", "downloads_total", "version_distribution"},
	Valid:   lazyregexp.New(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`).MatchString,
	Hosts:   []Host{{"https://crates.io", "AFTERCARE_CRATES_URL"}},
	Pause:   time.Second,
	Find:    findCrate,
	read:    readCrate,
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
func (d *extraDay) Check() error { return checkDay(d.Date) }

type crateDay struct {
	extraDay
	Version int `json:"version" answer:"id"`
}

// findCrate reads Cargo.toml. One that says publish = false is not published.
func findCrate(repo Repo) (name, file string) {
	var root struct {
		Workspace struct {
			Members []string `toml:"members"`
		} `toml:"workspace"`
	}
	src, err := repo.read("Cargo.toml")
	if err != nil || toml.Unmarshal(src, &root) != nil {
		return "", ""
	}
	if name := crateOf(src); name != "" {
		return name, "Cargo.toml"
	}
	found := repo.member(root.Workspace.Members, "Cargo.toml", crateOf)
	return found.name, found.file
}

// crateOf returns the name of the crate that a Cargo.toml publishes, or "".
func crateOf(src []byte) string {
	var about struct {
		Package struct {
			Name    string `toml:"name"`
			Publish any    `toml:"publish"` // false, or a list of registries
		} `toml:"package"`
	}
	if toml.Unmarshal(src, &about) != nil {
		return ""
	}
	if list, is := about.Package.Publish.([]any); about.Package.Publish == false || is && !slices.Contains(list, any("crates-io")) {
		return ""
	}
	return about.Package.Name
}

// readCrate makes two requests. Downloads of versions that are not among the
// newest five have the version "".
func readCrate(ctx context.Context, r *reading) error {
	path := "/api/v1/crates/" + url.PathEscape(r.name)
	var about struct {
		Versions []crateVersion `json:"versions"`
	}
	switch err := r.get(ctx, 0, path, &about); {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	case len(about.Versions) == 0:
		return fmt.Errorf("the registry names no version of %s", r.name)
	}
	names := map[int]string{}
	for _, v := range about.Versions {
		names[v.ID] = v.Num
		row := r.version(v.Num, v.CreatedAt, v.Yanked)
		row.Downloads = v.Downloads
		r.found.Versions = append(r.found.Versions, row)
	}
	if err := r.crateDays(ctx, path, names); err != nil {
		r.found.Uncounted = err.Error()
	}
	return nil
}

// crateDays reads the downloads of each day, by version; an answer that leaves
// them out is not one of no downloads.
func (r *reading) crateDays(ctx context.Context, path string, names map[int]string) error {
	var taken struct {
		Versions []crateDay `json:"version_downloads"`
		Meta     struct {
			Extra []extraDay `json:"extra_downloads"`
		} `json:"meta"`
	}
	if err := r.get(ctx, 0, path+"/downloads", &taken); err != nil {
		return fmt.Errorf("the registry's downloads: %w", err)
	}
	for _, d := range taken.Versions {
		if at, good := r.day(d.Date, "downloads"); good {
			r.addDay(at, names[d.Version], "", d.Downloads)
		}
	}
	for _, d := range taken.Meta.Extra {
		if at, good := r.day(d.Date, "downloads"); good {
			r.addDay(at, "", "", d.Downloads)
		}
	}
	if days := len(taken.Versions) + len(taken.Meta.Extra); days > 0 && len(r.found.Downloads) == 0 {
		return fmt.Errorf("the registry's downloads: %d days, and none can be read: %s", days, r.found.Refused[len(r.found.Refused)-1])
	}
	return nil
}
