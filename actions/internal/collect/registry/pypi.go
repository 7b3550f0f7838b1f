package registry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// pypi is the index of Python's packages; its downloads are told by pypistats. A
// version is yanked when all of its files are.
var pypi = Registry{
	Name: "pypi", Title: "PyPI", Example: "caro",
	Tells:   "versions, yanked files, and downloads by day and operating system of the last 180 days (pypistats.org)",
	Metrics: []string{"yanked_versions", "downloads_per_day", "downloads_by_system"},
	Valid:   lazyregexp.New(`^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$`).MatchString,
	Hosts:   []Host{{"https://pypi.org", "AFTERCARE_PYPI_URL"}, {"https://pypistats.org", "AFTERCARE_PYPISTATS_URL"}},
	Pause:   2 * time.Second, // pypistats allows 30 requests a minute
	Find:    findPyPI,
	read:    readPyPI,
}

type pypiFile struct {
	Uploaded time.Time `json:"upload_time_iso_8601"`
	Yanked   bool      `json:"yanked"`
}

func readPyPI(ctx context.Context, r *reading) error {
	name := pypiName(r.name)
	var about struct {
		Releases map[string][]pypiFile `json:"releases"`
	}
	switch err := r.get(ctx, 0, "/pypi/"+name+"/json", &about); {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	}
	for _, version := range slices.Sorted(maps.Keys(about.Releases)) {
		files := about.Releases[version]
		if len(files) == 0 {
			continue // all of its files were deleted
		}
		first, yanked := files[0].Uploaded, true
		for _, f := range files {
			yanked = yanked && f.Yanked
			if f.Uploaded.Before(first) {
				first = f.Uploaded
			}
		}
		r.addVersion(version, first, yanked)
	}
	if len(r.found.Versions) == 0 {
		return fmt.Errorf("the registry names no version of %s", r.name)
	}
	if err := r.pypiDownloads(ctx, name); err != nil {
		r.found.Uncounted = fmt.Sprintf("the registry's downloads: %v", err)
	}
	return nil
}

// pypiDay is the downloads of a day to a system, without those of mirrors.
type pypiDay struct {
	Category  string `json:"category" answer:"null"`
	Date      string `json:"date"`
	Downloads int64  `json:"downloads"`
}

// Check finds a date that is none.
func (d *pypiDay) Check() error { return checkDay(d.Date) }

func (r *reading) pypiDownloads(ctx context.Context, name string) error {
	var told struct {
		Data []pypiDay `json:"data"`
	}
	if err := r.get(ctx, 1, "/api/packages/"+name+"/system", &told); err != nil {
		return err
	}
	for _, d := range told.Data {
		system := d.Category
		switch system {
		case "", "null", "other":
			system = "other"
		case "Darwin":
			system = "macOS"
		}
		if at, good := r.day(d.Date, "downloads"); good {
			r.addDay(at, "", short(system), d.Downloads)
		}
	}
	return nil
}

var pypiMarks = lazyregexp.New(`[-_.]+`)

// pypiName is a name as the index writes it in addresses.
func pypiName(name string) string { return pypiMarks.ReplaceAllString(strings.ToLower(name), "-") }

// findPyPI reads pyproject.toml. One with a classifier that begins with Private is
// not published.
func findPyPI(repo Repo) (name, file string) {
	if name := pyProjectOf(repo); name != "" {
		return name, "pyproject.toml"
	}
	src, err := repo.read("setup.cfg")
	if err != nil {
		return "", ""
	}
	if m := setupName.FindSubmatch(src); m != nil && !bytes.Contains(src, []byte("Private ::")) {
		return string(m[1]), "setup.cfg"
	}
	return "", ""
}

// setupName finds the name among the metadata of a setup.cfg.
var setupName = lazyregexp.New(`(?m)^\[metadata\]\s*\n(?:[^\[\n].*\n|\s*\n)*?name\s*=\s*([\w.-]+)\s*$`)

// pyProjectOf returns the name of the package of a pyproject.toml, or "".
func pyProjectOf(repo Repo) string {
	var about struct {
		Project struct {
			Name        string   `toml:"name"`
			Classifiers []string `toml:"classifiers"`
		} `toml:"project"`
		Tool struct {
			Poetry struct {
				Name string `toml:"name"`
			} `toml:"poetry"`
		} `toml:"tool"`
	}
	src, err := repo.read("pyproject.toml")
	private := func(c string) bool { return strings.HasPrefix(c, "Private ::") }
	if err != nil || toml.Unmarshal(src, &about) != nil || slices.ContainsFunc(about.Project.Classifiers, private) {
		return ""
	}
	return cmp.Or(about.Project.Name, about.Tool.Poetry.Name)
}
