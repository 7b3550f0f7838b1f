package main

import (
	"runtime/debug"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/config"
)

func TestRemotes(t *testing.T) {
	for _, c := range []struct {
		name, address string
		want          remote
	}{
		{"https", "https://github.com/acme/rocket.git", remote{"github.com", "acme", "rocket"}},
		{"https without .git", "https://github.com/acme/rocket", remote{"github.com", "acme", "rocket"}},
		{"a password is dropped", "https://ann:secret@github.com/acme/rocket.git", remote{"github.com", "acme", "rocket"}},
		{"ssh as git writes it", "git@github.com:acme/rocket.git", remote{"github.com", "acme", "rocket"}},
		{"ssh as a URL, with a port", "ssh://git@git.acme.example:2222/acme/rocket.git", remote{"git.acme.example", "acme", "rocket"}},
		{"a folder", "/srv/git/rocket.git", remote{}},
		{"a deeper path", "https://git.acme.example/a/b/c.git", remote{}},
		{"nothing", "", remote{}},
		{"what would be Markdown", "https://github.com/acme/[x](evil)", remote{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := readRemote(c.address); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestTheCommitOfABuild(t *testing.T) {
	build := func(modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: modified}}}
	}
	if got := revisionOf(build("false")); got != commit {
		t.Errorf("got %q", got)
	}
	if got := revisionOf(build("true")); got != "" {
		t.Errorf("changes that no commit has are pinned to %q", got)
	}
	if versionOf(nil) != "" || revisionOf(nil) != "" {
		t.Error("a program without a build has a version")
	}
}

// Whatever a person answers, the plan that is written says it and parses.
func FuzzAnswers(f *testing.F) {
	f.Add("Rocket", "none", "alerts", "team@acme.example")
	f.Add("Rocket", "pkg@1.2.3+b#1%20", "alerts", "team@acme.example")
	f.Add("Rocket", "v1.0.0", "alerts", "team@acme.example")
	f.Add("x: {y: [", "1.0", "#a-b_c", "a@b.example")
	f.Add("'\"`${{ secrets.X }}", "no", "0", `"a b"@c.example`)
	f.Add("- &a *a !!int 7 # x", "{{.Project}}", "none", "none")
	f.Fuzz(func(t *testing.T, project, version, slack, mail string) {
		a := answers{Shipped: "2026-01-24", Plan: "plain"}
		for flag, said := range map[string]string{"project": project, "release": version, "slack": slack, "mail": mail} {
			for _, q := range questions {
				if q.flag == flag && q.put(&a, said) != nil {
					return
				}
			}
		}
		text, _, err := planOf(a, pin{commit, "v1.2.3"})
		if err != nil {
			t.Fatalf("%+v: %v", a, err)
		}
		whole := a
		whole.Plan = "caro"
		if _, _, err := planOf(whole, pin{commit, "v1.2.3"}); err != nil {
			t.Fatalf("%+v, the whole plan: %v", a, err)
		}
		book, err := config.Parse(planFile, []byte(text))
		if err != nil || a.Version != "" && book.Release.Project != a.Project || book.Release.Version != a.Version {
			t.Fatalf("%+v became %+v: %v", a, book.Release, err)
		}
		if a.Slack != "" && book.Channels["alerts"].Slack != a.Slack || a.Mail != "" && book.Channels["team"].Email[0] != a.Mail {
			t.Fatalf("%+v became %+v", a, book.Channels)
		}
	})
}

// What init writes it knows again, and any other byte is somebody's change.
func FuzzMarker(f *testing.F) {
	f.Add("name: x\n", "name: y\n")
	f.Add("", "\n")
	f.Fuzz(func(t *testing.T, text, other string) {
		for _, is := range []kind{workflow, plan, page} {
			src := file{name: "x", is: is, plan: "plain", text: text}.marked()
			if m := readMarker([]byte(src)); unix([]byte(text)) == text && (!m.ours || m.changed || m.plan != "plain") {
				t.Fatalf("%q is not known again: %+v", src, m)
			}
			if other != "" && !readMarker([]byte(src+other)).changed {
				t.Fatalf("%q behind it is overlooked", other)
			}
		}
		readMarker([]byte(other))
	})
}

func TestScalarsAreStrings(t *testing.T) {
	for _, s := range []string{"Rocket", "yes", "null", "1.0", "0x1f", "~", "2026-01-24", "a: b", "#x", "'", `"`, "[a]", " x ", "é\u00a0😀"} {
		var got map[string]any
		if err := yaml.Unmarshal([]byte("{a: "+scalar(s)+", b: c}"), &got); err != nil || got["b"] != "c" {
			t.Errorf("%q as %s: %v, %v", s, scalar(s), got, err)
		}
		var text map[string]string
		if err := yaml.Unmarshal([]byte("{a: "+scalar(s)+"}"), &text); err != nil || text["a"] != s {
			t.Errorf("%q as %s became %q, %v", s, scalar(s), text["a"], err)
		}
	}
}
