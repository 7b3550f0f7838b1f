package model

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func TestWindow(t *testing.T) {
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	w := Last(24*time.Hour, now)
	if w.Length() != 24*time.Hour || !w.Until.Equal(now) || !w.Before().Until.Equal(w.From) || w.Before().Length() != w.Length() {
		t.Errorf("got %v and before it %v", w, w.Before())
	}
}

func TestIsBot(t *testing.T) {
	for _, c := range []struct {
		login, kind string
		want        bool
	}{{"dependabot[bot]", "Bot", true}, {"DrahtBot", "User", false}, {"jtalbot", "User", false}, {"cabot", "User", false}, {"x", "Bot", true}, {"Renovate[Bot]", "User", true}, {"ann", "User", false}, {"botany", "User", false}, {"", "", false}} {
		if got := IsBot(c.login, c.kind); got != c.want {
			t.Errorf("IsBot(%q, %q) = %v", c.login, c.kind, got)
		}
	}
}

func TestNames(t *testing.T) {
	for src, want := range map[string]string{"x": "x", "[a, b]": "a b", "[1, true]": "1 true", "[]": ""} {
		var n Names
		if err := yaml.Unmarshal([]byte(src), &n); err != nil || strings.Join(n, " ") != want {
			t.Errorf("%s reads as %q, %v", src, n, err)
		}
	}
	for _, bad := range []string{"{a: b}", "[[a]]", "[null]"} {
		var n Names
		if err := yaml.Unmarshal([]byte(bad), &n); err == nil {
			t.Errorf("%s reads as %q", bad, n)
		}
	}
}

func TestReleaseMistakes(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"{project: Caro, version: v1, shipped: 2026-01-24, ga: 2026-02-15}", ""},
		{"{version: v1, shipped: 2026-01-24}", "`project`"},
		{"{project: Caro, shipped: 2026-01-24}", "`version`"},
		{"{project: Caro, version: v1}", "`shipped`"},
		{"{project: Caro, version: v1, shipped: 2026-01-24, ga: 2026-01-01}", "ga is before"},
		{"{project: Caro, version: v1, shipped: 2026-01-24, phases: [{name: A, until: 2026-02-01}, {name: B, until: 2026-01-30}]}", "ends before"},
		{"{project: Caro, version: v1, shipped: 2026-01-24, phases: [{name: A}]}", "a phase needs"},
	} {
		var r Release
		if err := yaml.Unmarshal([]byte(c.src), &r); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range r.Validate() {
			got = append(got, m.Text)
		}
		if text := strings.Join(got, "; "); (c.want == "") != (text == "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: got %q, want %q", c.src, text, c.want)
		}
	}
}

// Registries know a version by its number, whatever tag its repository gave it.
func TestRelease_Number(t *testing.T) {
	for tag, want := range map[string]string{
		"v1.1.0-beta": "1.1.0-beta", "1.2": "1.2", "@acme/rocket@2.4.0": "2.4.0", "cli/v1.2.3": "1.2.3", "rocket-v0.3.1": "0.3.1",
		"core_1.0.0-rc.1": "1.0.0-rc.1", "a/b@1.2.3+build#5": "1.2.3+build#5", "v1.0.0-alpha-1.2": "1.0.0-alpha-1.2", "nightly": "nightly", "": "", "2026-01-24": "2026-01-24",
	} {
		if got := (Release{Version: tag}).Number(); got != want {
			t.Errorf("%q has the number %q, want %q", tag, got, want)
		}
	}
}
