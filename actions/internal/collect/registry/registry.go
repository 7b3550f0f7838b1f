// Package registry reads the registries in which packages are published: their
// versions, which of them were yanked, and how often they were downloaded. Each
// registry is one file that makes one Registry, and one line of the list; what
// rules.yaml may name, what init looks for and what the documentation says
// follow from the list.
package registry

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// All returns the registries in the order of the documentation.
func All() []Registry {
	return []Registry{crates, npm, pypi, githubReleases, homebrew, docker, goModules}
}

// Registry is a place where packages are published.
type Registry struct {
	Name    string // the key in rules.yaml: crates
	Title   string // for people: crates.io
	Tells   string // what it tells, for the documentation: a part of a sentence
	Example string // the name of a package, as rules.yaml has it
	// Valid reports whether a name can be one of a package.
	Valid func(name string) bool
	// Hosts are the servers that are read.
	Hosts []Host
	// Pause is how long two requests to a host must be apart.
	Pause time.Duration
	// Totals is set where the registry tells running totals alone: downloads by
	// day are the differences of the totals that earlier runs read.
	Totals bool
	// Metrics are those of the catalogue that have an answer from this registry
	// alone.
	Metrics []string
	// Each is set where a request is made for each version that is not known yet.
	Each bool
	// Find returns the package that the files of a repository publish, and the
	// file that says so; "" where they publish none.
	Find func(repo Repo) (name, file string)
	// read reads one package.
	read func(ctx context.Context, r *reading) error
}

// Host is a server of a registry.
type Host struct {
	URL string // without a slash at its end
	Env string // the environment variable that names another address
}

// Repo is a repository that Find looks at.
type Repo struct {
	Files       fs.FS
	Owner, Name string   // on GitHub; empty elsewhere
	Tags        []string // that name versions, the newest first
}

// Find returns the registry of a name, and reports whether there is one.
func Find(name string) (Registry, bool) {
	for _, r := range All() {
		if r.Name == name {
			return r, true
		}
	}
	return Registry{}, false
}

// Names returns the names of the registries in the order of the documentation.
func Names() []string {
	var names []string
	for _, r := range All() {
		names = append(names, r.Name)
	}
	return names
}

// Options is what reading a package needs.
type Options struct {
	Web    func() *web.Client // makes a client for one host
	Getenv func(string) string
	Token  string // of GitHub; sent to GitHub alone
	Now    time.Time
	Brief  bool // leave out what takes requests and nothing urgent needs
	// Known are the versions that earlier runs read, with their times, of a
	// registry that is asked for each.
	Known map[string]time.Time
}

// Found is what a registry tells of a package.
type Found struct {
	Versions  []model.VersionRow
	Downloads []model.DownloadRow
	Counts    []model.DownloadCountRow
	// Refused are the versions and days that could not be read, each with its
	// reason; the others are read.
	Refused []string
	// Unsure says why it is not known which versions were yanked; "" where it is.
	Unsure string
	// Uncounted says why the downloads are not known; "" where they are.
	Uncounted string
}

// Rows returns all rows.
func (f Found) Rows() []model.Row {
	var rows []model.Row
	for _, r := range f.Versions {
		rows = append(rows, r)
	}
	for _, r := range f.Downloads {
		rows = append(rows, r)
	}
	for _, r := range f.Counts {
		rows = append(rows, r)
	}
	return rows
}

// Read reads a package. An answer of which nothing can be read is an error, and
// so is one that breaks off. Where versions can be read and downloads cannot,
// Uncounted says so.
func (r Registry) Read(ctx context.Context, name string, o Options) (Found, error) {
	at := &reading{Options: o, registry: r, name: name}
	for _, h := range r.Hosts {
		client := o.Web()
		client.Pause = max(client.Pause, r.Pause)
		base := h.URL
		if other := o.Getenv(h.Env); other != "" {
			base = strings.TrimRight(other, "/")
		}
		at.hosts = append(at.hosts, host{base, client})
	}
	if err := r.read(ctx, at); err != nil {
		return Found{}, err
	}
	if at.found.Uncounted != "" {
		at.found.Downloads, at.found.Counts = nil, nil
	}
	at.found.Downloads = added(at.found.Downloads)
	return at.found, nil
}

// reading is a package that is being read.
type reading struct {
	Options
	registry Registry
	name     string
	hosts    []host
	header   http.Header
	found    Found
}

type host struct {
	base   string
	client *web.Client
}

// get reads an address of a host strictly, and notes the entries that could not
// be read.
func (r *reading) get(ctx context.Context, at int, path string, into any) error {
	lacks, err := r.hosts[at].client.Get(ctx, r.hosts[at].base+path, r.header, r.Now, into)
	for _, lack := range lacks {
		r.refuse(lack)
	}
	return err
}

func (r *reading) refuse(lack answer.Lack) {
	text := fmt.Sprintf("%s, %s: %s; it is left out", r.registry.Name, r.name, lack)
	if !slices.Contains(r.found.Refused, text) {
		r.found.Refused = append(r.found.Refused, text)
	}
	// An entry of versions that cannot be read may be the one that was yanked.
	if r.found.Unsure == "" && strings.Contains(lack.Where, "versions") {
		r.found.Unsure = text
	}
}

// absent says that a registry has no such package.
func (r *reading) absent() error {
	return fmt.Errorf("the registry has no package %q: it is not published yet, or has another name than in rules.yaml", r.name)
}

func (r *reading) version(version string, at time.Time, yanked bool) model.VersionRow {
	return model.VersionRow{Registry: r.registry.Name, Package: r.name, Version: version, CreatedAt: at, Yanked: yanked}
}

// addVersion adds a version of which no downloads are told.
func (r *reading) addVersion(version string, at time.Time, yanked bool) {
	v := r.version(version, at, yanked)
	v.Uncounted = true
	r.found.Versions = append(r.found.Versions, v)
}

// addDay adds the downloads of a day; version and system are empty where the
// registry does not tell them.
func (r *reading) addDay(day time.Time, version, system string, n int64) {
	r.found.Downloads = append(r.found.Downloads, model.DownloadRow{Registry: r.registry.Name, Package: r.name, Version: version, System: system, Day: day, Downloads: n})
}

// addTotal adds a running total as of now; the version is empty for the package.
func (r *reading) addTotal(version string, n int64) {
	r.found.Counts = append(r.found.Counts, model.DownloadCountRow{Registry: r.registry.Name, Package: r.name, Version: version, Until: r.Now, Downloads: n})
}

// addSpan adds what was downloaded between two times.
func (r *reading) addSpan(version string, since, until time.Time, n int64) {
	r.found.Counts = append(r.found.Counts, model.DownloadCountRow{Registry: r.registry.Name, Package: r.name, Version: version, Since: since, Until: until, Downloads: n})
}

// day reads a date such as 2026-01-24; "" is none. One that is to come is
// refused.
func (r *reading) day(date, where string) (time.Time, bool) {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil || at.Year() < 1990 || at.After(r.Now.Add(24*time.Hour)) {
		r.refuse(answer.Lack{Where: where, Why: "cannot be of " + short(date)})
		return at, false
	}
	return at, true
}

// checkDay finds a date that is none.
func checkDay(date string) error {
	if at, err := time.Parse(time.DateOnly, date); err != nil || at.Year() < 1990 {
		return fmt.Errorf("must have a date, got %q", short(date))
	}
	return nil
}

// added adds up the downloads of a day that have the same key.
func added(rows []model.DownloadRow) []model.DownloadRow {
	at := map[model.DownloadRow]int{}
	var all []model.DownloadRow
	for _, d := range rows {
		key := d
		key.Downloads = 0
		i, seen := at[key]
		if !seen {
			at[key] = len(all)
			all = append(all, d)
			continue
		}
		all[i].Downloads += d.Downloads
	}
	return all
}

// short is the beginning of a text of a stranger.
func short(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// maxManifest is larger than any manifest of a package, in bytes.
const maxManifest = 1 << 20

// read reads a manifest.
func (r Repo) read(name string) ([]byte, error) {
	f, err := r.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxManifest))
}
