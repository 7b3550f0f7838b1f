package registry

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// found reads a package, and holds what was told of it.
func found(t *testing.T, r Registry, world *fake.World, name, address, want string) Found {
	t.Helper()
	f, err := read(t, r, world, name, address)
	if err != nil || len(f.Refused) > 0 || f.Unsure+f.Uncounted != "" {
		t.Fatal(err, f.Refused, f.Unsure, f.Uncounted)
	}
	if got := told(f); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", r.Name, got, want)
	}
	if u := world.Unknown(); len(u) > 0 {
		t.Error(u)
	}
	return f
}

func newWorld(t *testing.T) *fake.World {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	return world
}

func TestPyPI(t *testing.T) {
	world := newWorld(t)
	p := fake.NewPyPI(world)
	p.Publish("caro-cli", "1.0.0", false, false)
	p.Publish("caro-cli", "1.1.0b0", true, true)
	p.Publish("caro-cli", "1.1.0b1", true, false)
	p.Publish("caro-cli", "0.9.0")
	day := world.Now().AddDate(0, 0, -1)
	p.Download("caro-cli", "Darwin", day, 7)
	p.Download("caro-cli", "Linux", day, 30)
	p.Download("caro-cli", "null", day, 2)
	p.Download("caro-cli", "other", day, 1)
	found(t, pypi, world, "Caro_CLI", p.URL, `version 1.0.0 of 2026-01-24
version 1.1.0b0 of 2026-01-24, yanked
version 1.1.0b1 of 2026-01-24
day 2026-01-23 macOS 7
day 2026-01-23 Linux 30
day 2026-01-23 other 3`)
}

func TestGitHubReleases(t *testing.T) {
	world := newWorld(t)
	contract.Hold(t, world, "")
	repo := world.GitHub.Repository
	repo.Release("ann", "v1.0.0", "1.0.0", false)
	repo.Release("ann", "v1.1.0-beta", "1.1.0-beta", true)
	repo.Download("v1.0.0", "caro-linux.tar.gz", 40)
	repo.Download("v1.0.0", "caro-linux.tar.gz.sha256", 39)
	repo.Download("v1.0.0", "checksums.txt", 12)
	repo.Download("v1.1.0-beta", "caro-linux.tar.gz", 3)
	repo.Download("v1.1.0-beta", "caro-macos.zip", 4)
	found(t, githubReleases, world, "caro/caro", world.GitHub.URL, `version 1.1.0-beta of 2026-01-24, 7
version 1.0.0 of 2026-01-24, 40
until 2026-01-24 47
until 2026-01-24 1.0.0 40
until 2026-01-24 1.1.0-beta 7`)
	for i := range 120 {
		repo.Release("ann", "v0."+strings.Repeat("1", 1+i%3)+"."+time.Duration(i).String(), "old", false)
	}
	if f, err := read(t, githubReleases, world, "caro/caro", world.GitHub.URL); err != nil || len(f.Versions) != 122 {
		t.Errorf("%d versions of two pages, %v", len(f.Versions), err)
	}
}

func TestHomebrew(t *testing.T) {
	world := newWorld(t)
	h := fake.NewHomebrew(world)
	h.Install("caro", "", 290)
	h.Install("caro", " --HEAD", 10)
	found(t, homebrew, world, "caro", h.URL, `since 2025-12-25 until 2026-01-24 300`)
}

func TestDocker(t *testing.T) {
	world := newWorld(t)
	d := fake.NewDocker(world)
	d.Pull("acme/rocket", 12345)
	found(t, docker, world, "acme/rocket", d.URL, `until 2026-01-24 12345`)
}

func TestGoModules(t *testing.T) {
	world := newWorld(t)
	g := fake.NewGoProxy(world)
	const path = "github.com/Acme/rocket"
	g.Publish(path, "v1.0.0", "")
	g.Publish(path, "v1.10.0", "retract (\n\tv1.9.0 // loses data\n\t[v1.2.0, v1.3.0]\n)")
	g.Publish(path, "v1.9.0", "")
	g.Publish(path, "v1.2.5", "")
	g.Publish(path, "v2.0.0-beta", "")
	want := `version 2.0.0-beta of 2026-01-24
version 1.10.0 of 2026-01-24
version 1.9.0 of 2026-01-24, yanked
version 1.2.5 of 2026-01-24, yanked
version 1.0.0 of 2026-01-24`
	found(t, goModules, world, path, g.URL, want)
	world.ResetRequests()
	o := options(world, world.Now(), g.URL)
	o.Known = map[string]time.Time{"1.0.0": world.Now(), "1.9.0": world.Now(), "1.2.5": world.Now(), "2.0.0-beta": world.Now()}
	f, err := goModules.Read(t.Context(), path, o)
	if err != nil || told(f) != want || world.Count("goproxy", "GET", ".info") != 1 {
		t.Errorf("%v, %d requests for the times of versions, got\n%s", err, world.Count("goproxy", "GET", ".info"), told(f))
	}
}

func TestOthers_WhatCannotBeBelieved(t *testing.T) {
	release := `{"id":1,"tag_name":"v1.0.0","draft":false,"published_at":"2026-01-01T00:00:00Z","assets":[{"name":"a","download_count":3}]}`
	files := `{"releases":{"1.0.0":[{"upload_time_iso_8601":"2026-01-01T00:00:00Z","yanked":false}]}}`
	system := `{"data":[{"category":"Linux","date":"2026-01-02","downloads":1}]}`
	brew := `{"generated_date":"2026-01-24","analytics":{"install":{"30d":{"caro":3}}}}`
	for name, c := range map[string]struct {
		registry Registry
		good     map[string]string
		lies     []lie
	}{
		"pypi": {pypi, map[string]string{"/pypi/": files, "/api/": system}, []lie{
			{"releases are a list", []string{"/pypi/", `{"releases":[1]}`}, `releases must be an object, got [1]`, "", ""},
			{"yanked is missing", []string{"/pypi/", strings.Replace(files, `,"yanked":false`, "", 1)}, "yanked is missing", "", ""},
			{"no release", []string{"/pypi/", `{"releases":{}}`}, "names no version", "", ""},
			{"uploaded next year", []string{"/pypi/", strings.Replace(files, "2026", "2027", 1)}, "cannot be: 2027", "", ""},
			{"no data", []string{"/api/", `{}`}, "", "data is missing", ""},
			{"data below zero", []string{"/api/", strings.Replace(system, ":1}", ":-1}", 1)}, "", "must not be below zero", ""},
			{"data that is text", []string{"/api/", `{"data":"many"}`}, "", `data must be a list, got "many"`, ""},
		}},
		"github_releases": {githubReleases, map[string]string{"/repos/": "[" + release + "]"}, []lie{
			{"an object", []string{"/repos/", `{"message":"hello"}`}, `must be a list, got {"message":"hello"}`, "", ""},
			{"none", []string{"/repos/", `[]`}, "has no release", "", ""},
			{"one of two without its assets", []string{"/repos/", "[" + release + `,{"id":2,"tag_name":"v2","draft":false,"published_at":"2026-01-01T00:00:00Z"}]`}, "assets is missing", "", ""},
			{"a file below zero", []string{"/repos/", "[" + strings.Replace(release, ":3}", ":-3},{\"name\":\"b\",\"download_count\":1}", 1) + "]"}, "must not be below zero", "", ""},
		}},
		"homebrew": {homebrew, map[string]string{"/api/": brew}, []lie{
			{"no analytics", []string{"/api/", `{"generated_date":"2026-01-24"}`}, "analytics is missing", "", ""},
			{"a day to come", []string{"/api/", strings.Replace(brew, "2026", "2027", 1)}, `cannot be "2027-01-24"`, "", ""},
			{"no day", []string{"/api/", strings.Replace(brew, "2026-01-24", "soon", 1)}, `cannot be "soon"`, "", ""},
			{"below zero", []string{"/api/", strings.Replace(brew, ":3", ":-3", 1)}, "must not be below zero", "", ""},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, l := range c.lies {
				l.at = map[string]string{"github_releases": "acme/rocket"}[name]
				l.run(t, c.registry, c.good)
			}
		})
	}
	docker, goModules := docker, goModules
	for _, l := range []lie{
		{name: "a count that is text", instead: []string{"/v2/", `{"pull_count":"many"}`}, fails: `pull_count must be a whole number, got "many"`, at: "acme/rocket"},
		{name: "below zero", instead: []string{"/v2/", `{"pull_count":-1}`}, fails: "must not be below zero", at: "acme/rocket"},
	} {
		l.run(t, docker, nil)
	}
	good := map[string]string{"/example.org/caro/@v/list": "v1.0.0\n", "/example.org/caro/@v/v1.0.0.info": `{"Version":"v1.0.0","Time":"2026-01-01T00:00:00Z"}`, "/example.org/caro/@v/v1.0.0.mod": "module example.org/caro\n"}
	for _, l := range []lie{
		{name: "a list in HTML", instead: []string{"/example.org/caro/@v/list", "<p>sorry"}, fails: `invalid version "<p>sorry"`},
		{name: "no module", instead: []string{"/example.org/caro/@v/v1.0.0.mod", "<p>sorry"}, fails: "not what its description says: <p>sorry"},
		{name: "no time", instead: []string{"/example.org/caro/@v/v1.0.0.info", "{}"}, fails: "Time is missing"},
		{name: "a time to come", instead: []string{"/example.org/caro/@v/v1.0.0.info", `{"Time":"2031-01-01T00:00:00Z"}`}, fails: "cannot be: 2031"},
	} {
		l.at = "example.org/caro"
		l.run(t, goModules, good)
	}
}

// Days are told from totals that were read at any time of the day; what falls, and
// what lies before the first and after the last total, is unknown.
func TestDays(t *testing.T) {
	at := func(s string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", "2026-01-"+s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	count := func(when, version string, n int64) model.DownloadCountRow {
		return model.DownloadCountRow{Registry: "docker", Package: "caro", Version: version, Until: at(when), Downloads: n}
	}
	got := told(Found{Downloads: Days([]model.DownloadCountRow{
		count("24 06:00", "", 340), count("20 12:00", "", 100), count("21 12:00", "", 148), count("22 12:00", "", 196), count("23 12:00", "", 220),
		count("21 12:00", "2.0", 10), count("22 12:00", "2.0", 30), count("23 12:00", "2.0", 34),
		count("26 12:00", "", 20), count("27 12:00", "", 68), count("28 12:00", "", 92), count("29 00:00", "", 92),
	})})
	want := `day 2026-01-21 48
day 2026-01-22 24
day 2026-01-22 2.0 12
day 2026-01-23 92
day 2026-01-27 36
day 2026-01-28 12`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if all := Days(nil); len(all) != 0 {
		t.Errorf("of no total: %v", all)
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		tags  bool
		want  string
	}{
		{"Rust", map[string]string{"Cargo.toml": "[package]\nname = \"caro\"\n"}, true, "crates caro"},
		{"Rust, private", map[string]string{"Cargo.toml": "[package]\nname = \"caro\"\npublish = false\n"}, true, ""},
		{"a Rust workspace", map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\"]\n"}, true, ""},
		{"a Rust workspace with one crate", map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"crates/*\"]\n", "crates/a/Cargo.toml": "[package]\nname = \"caro\"\n", "crates/b/Cargo.toml": "[package]\nname = \"tests\"\npublish = false\n"}, true, "crates caro"},
		{"a Rust workspace with one of its name", map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"crates/*\"]\n", "crates/a/Cargo.toml": "[package]\nname = \"core\"\n", "crates/b/Cargo.toml": "[package]\nname = \"rocket\"\n"}, true, "crates rocket"},
		{"a Rust workspace with two crates of other names", map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"*\"]\n", "a/Cargo.toml": "[package]\nname = \"core\"\n", "b/Cargo.toml": "[package]\nname = \"other\"\n"}, true, ""},
		{"a crate of a company's own registry", map[string]string{"Cargo.toml": "[package]\nname = \"caro\"\npublish = [\"ours\"]\n"}, true, ""},
		{"Node workspaces", map[string]string{"package.json": `{"private":true,"workspaces":["packages/*","!packages/old"]}`, "packages/a/package.json": `{"name":"@acme/rocket"}`, "packages/b/package.json": `{"name":"b"}`, "packages/old/package.json": `{"name":"rocket"}`}, false, "npm @acme/rocket"},
		{"Node workspaces in an object", map[string]string{"package.json": `{"private":true,"workspaces":{"packages":["./apps/*"]}}`, "apps/a/package.json": `{"name":"caro"}`}, false, "npm caro"},
		{"Python with setup.cfg", map[string]string{"setup.cfg": "[metadata]\nversion = 1.0\nname = caro\n\n[options]\n"}, false, "pypi caro"},
		{"Python with the name of something else", map[string]string{"setup.cfg": "[metadata]\nversion = 1.0\n[tool]\nname = caro\n"}, false, ""},
		{"Node", map[string]string{"package.json": `{"name":"@caro/cli"}`}, false, "npm @caro/cli"},
		{"Node, private", map[string]string{"package.json": `{"name":"caro","private":true}`}, false, ""},
		{"Python", map[string]string{"pyproject.toml": "[project]\nname = \"caro\"\n"}, false, "pypi caro"},
		{"Python with Poetry", map[string]string{"pyproject.toml": "[tool.poetry]\nname = \"caro\"\n"}, false, "pypi caro"},
		{"Python, private", map[string]string{"pyproject.toml": "[project]\nname = \"caro\"\nclassifiers = [\"Private :: Do Not Upload\"]\n"}, false, ""},
		{"Python without a package", map[string]string{"pyproject.toml": "[tool.black]\nline-length = 100\n"}, false, ""},
		{"Go with tags", map[string]string{"go.mod": "module github.com/acme/rocket\n"}, true, "github_releases acme/rocket, go github.com/acme/rocket"},
		{"Go without tags", map[string]string{"go.mod": "module github.com/acme/rocket\n"}, false, ""},
		{"Go that nobody can get", map[string]string{"go.mod": "module rocket\n"}, true, "github_releases acme/rocket"},
		{"a workflow that uploads", map[string]string{".github/workflows/release.yml": "steps: [{uses: softprops/action-gh-release@v2}]"}, true, "github_releases acme/rocket"},
		{"a workflow that does not", map[string]string{".github/workflows/ci.yml": "steps: [{run: make test}]"}, true, ""},
		{"a Dockerfile", map[string]string{"Dockerfile": "FROM scratch\n"}, true, ""},
		{"nothing", nil, true, ""},
		{"damaged", map[string]string{"Cargo.toml": "[[", "package.json": "{", "pyproject.toml": "=", "go.mod": "\x00"}, false, ""},
	} {
		repo := Repo{Files: fstest.MapFS{}, Owner: "acme", Name: "rocket"}
		for name, src := range c.files {
			repo.Files.(fstest.MapFS)[name] = &fstest.MapFile{Data: []byte(src)}
		}
		if c.tags {
			repo.Tags = []string{"v1.0.0"}
		}
		var all []string
		for _, r := range All() {
			if r.Find == nil {
				continue
			}
			if name, file := r.Find(repo); name != "" {
				if all = append(all, r.Name+" "+name); file == "" {
					t.Errorf("%s: %s names no file", c.name, r.Name)
				}
			}
		}
		if got := strings.Join(all, ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
