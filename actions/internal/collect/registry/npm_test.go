package registry

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

func TestNPM(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	n := fake.NewNPM(world)
	const name = "@caro/cli"
	start := world.Now()
	for i, version := range []string{"1.0.0", "1.1.0-beta", "1.1.1-beta", "1.1.2-beta"} {
		world.SetNow(start.AddDate(0, 0, i-700+200*i))
		n.Publish(name, version)
	}
	world.SetNow(start)
	n.Deprecate(name, "1.1.0-beta", "deletes files; use 1.1.1-beta")
	n.Deprecate(name, "1.1.2-beta", "")
	n.Unpublish(name, "1.1.1-beta")
	n.Download(name, "1.0.0", start.AddDate(0, 0, -650), 40)
	n.Download(name, "1.0.0", start.AddDate(0, 0, -2), 7)
	n.Download(name, "1.1.0-beta", start.AddDate(0, 0, -2), 5)
	found, err := read(t, npm, world, name, n.URL)
	if err != nil || len(found.Refused) > 0 || found.Unsure+found.Uncounted != "" {
		t.Fatal(err, found.Refused, found.Unsure, found.Uncounted)
	}
	want := `version 1.0.0 of 2024-02-24
version 1.1.0-beta of 2024-09-12, yanked
version 1.1.1-beta of 2025-04-01, yanked
version 1.1.2-beta of 2025-10-19
day 2026-01-22 12
until 2026-01-24 52
since 2026-01-16 until 2026-01-23 1.0.0 7
since 2026-01-16 until 2026-01-23 1.1.0-beta 5`
	if got := told(found); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if days := len(found.Downloads); days != 99 {
		t.Errorf("%d days: yesterday is not told yet, and each day before is, those without downloads too", days)
	}
	if u := world.Unknown(); len(u) > 0 {
		t.Error(u)
	}
}

func TestNPM_WhatCannotBeBelieved(t *testing.T) {
	const (
		about = `{"versions":{"1.0.0":{}},"time":{"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","1.0.0":"2026-01-01T00:00:00.000Z"}}`
		days  = `{"downloads":[{"day":"2026-01-20","downloads":3},{"day":"2026-01-21","downloads":4}]}`
		week  = `{"package":"caro","downloads":{"1.0.0":7}}`
	)
	for _, c := range []lie{
		{"HTML", []string{"/caro", "<!doctype html>"}, "invalid JSON", "", ""},
		{"nothing", []string{"/caro", "{}"}, "time is missing", "", ""},
		{"no version", []string{"/caro", `{"versions":{},"time":{"created":"2026-01-01T00:00:00Z"}}`}, "names no version", "", ""},
		{"a list", []string{"/caro", `[]`}, "must be an object, got []", "", ""},
		{"a version that is text", []string{"/caro", strings.Replace(about, "{}", `"x"`, 1)}, `versions.1.0.0 must be an object, got "x"`, "", ""},
		{"a version of next year", []string{"/caro", strings.Replace(about, `"1.0.0":"2026`, `"1.1.0":"2027`, 1)}, "names no version", "", ""},
		{"a version without a time", []string{"/caro", strings.Replace(about, `"1.0.0":{}`, `"1.0.0":{},"1.1.0":{}`, 1)}, "", "versions, 1.1.0 has no time", ""},
		{"days that are text", []string{"/downloads/", `{"downloads":"many"}`}, "", `downloads must be a list, got "many"`, ""},
		{"days below zero", []string{"/downloads/", `{"downloads":[{"day":"2026-01-20","downloads":-3}]}`}, "", "none can be read", ""},
		{"versions that are a list", []string{"/versions/", `{"downloads":[]}`}, "", "downloads must be an object", ""},
	} {
		c.run(t, npm, map[string]string{"/caro": about, "/downloads/": days, "/versions/": week})
	}
}

func TestFindNPM(t *testing.T) {
	for src, want := range map[string]string{
		`{"name":"caro","version":"1.0.0"}`: "caro", `{"name":"@caro/cli"}`: "@caro/cli", `{"name":"caro","private":true}`: "", `{`: "", `{}`: "",
	} {
		if got, _ := findNPM(repo("package.json", src)); got != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
	if npm.Valid("a b") || npm.Valid("../x") || !npm.Valid("@caro/cli") || !npm.Valid("caro") {
		t.Error("the names of packages are not told from others")
	}
}
