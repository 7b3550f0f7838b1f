package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/acttest"
	"github.com/aftercare/aftercare/actions/internal/fake"
)

// registries are the servers of a world that tell of packages.
type registries struct {
	*fake.World
	npm *fake.NPM
	pip *fake.PyPI
	mod *fake.GoProxy
}

// addresses are the variables that lead programs to the servers.
func (r registries) addresses() map[string]string {
	return map[string]string{
		"GITHUB_API_URL": r.GitHub.URL, "GITHUB_GRAPHQL_URL": r.GitHub.URL + "/graphql",
		"AFTERCARE_CRATES_URL": r.Crates.URL, "AFTERCARE_NPM_URL": r.npm.URL, "AFTERCARE_NPM_DOWNLOADS_URL": r.npm.URL,
		"AFTERCARE_PYPI_URL": r.pip.URL, "AFTERCARE_PYPISTATS_URL": r.pip.URL, "AFTERCARE_GOPROXY_URL": r.mod.URL,
	}
}

// ecosystem is a small project of one language, and what must come of it.
type ecosystem struct {
	name    string
	project project
	publish func(r registries, day time.Time) // what its registry knows
	sources []string                          // registries in rules.yaml
	page    []string                          // patterns of reports/README.md
}

func ecosystems() []ecosystem {
	return []ecosystem{
		{"Rust, in a workspace", project{tag: "rocket-v0.3.1", files: map[string]string{
			"Cargo.toml": "[workspace]\nmembers = [\"crates/*\"]\n", "crates/rocket/Cargo.toml": "[package]\nname = \"rocket\"\nversion = \"0.3.1\"\n",
			"crates/fuzz/Cargo.toml": "[package]\nname = \"fuzz\"\npublish = false\n"}},
			func(r registries, day time.Time) {
				r.Crates.Publish("rocket", "0.3.1")
				r.Crates.Download("rocket", "0.3.1", day, 70)
			},
			[]string{"crates: rocket  # crates/rocket/Cargo.toml"}, []string{`^# Rocket rocket-v0.3.1`, `Downloads per day.*\| 17\.5\b`, `Yanked versions.*\| 0\b`}},
		{"Node, of several packages", project{tag: "@acme/rocket@2.4.0", files: map[string]string{
			"package.json": `{"private": true, "workspaces": ["packages/*"]}`, "packages/cli/package.json": `{"name": "@acme/rocket", "version": "2.4.0"}`}},
			func(r registries, day time.Time) {
				r.npm.Publish("@acme/rocket", "2.4.0")
				r.npm.Download("@acme/rocket", "2.4.0", day, 30)
			},
			[]string{"npm: '@acme/rocket'  # packages/cli/package.json"}, []string{`^# Rocket @acme/rocket@2.4.0`, `Downloads per day.*\| 7\.5\b`, `Yanked versions.*\| 0\b`}},
		{"Python", project{tag: "v1.0.0", files: map[string]string{"pyproject.toml": "[project]\nname = \"rocket\"\ndynamic = [\"version\"]\n"}},
			func(r registries, day time.Time) {
				r.pip.Publish("rocket", "1.0.0", false)
				r.pip.Download("rocket", "Linux", day, 50)
			},
			[]string{"pypi: rocket  # pyproject.toml"}, []string{`^# Rocket v1.0.0`, `Downloads per day.*\| 12\.5\b`, `Downloads by operating system.*Linux`}},
		{"Go with releases", project{tag: "v2.1.0", files: map[string]string{"go.mod": "module github.com/caro/caro/v2\n\ngo 1.26\n", ".goreleaser.yaml": "version: 2\n"}},
			func(r registries, _ time.Time) {
				r.mod.Publish("github.com/caro/caro/v2", "v2.1.0", "")
				r.GitHub.Repository.Release("ann", "v2.1.0", "Rocket 2.1", false)
				r.GitHub.Repository.Download("v2.1.0", "rocket-linux.tar.gz", 12)
			},
			[]string{"github_releases: 'caro/caro'  # .goreleaser.yaml", "go: 'github.com/caro/caro/v2'  # go.mod"}, []string{`^# Rocket v2.1.0`, `Total downloads.*\| 12\b`, `Yanked versions.*\| 0\b`}},
		{"plain, with nothing released", project{files: map[string]string{"notes.txt": "hello\n"}}, func(registries, time.Time) {}, nil, []string{`^# caro: `, `Open bugs.*\| 1\b`}},
	}
}

// Whatever language a project is written in, what init writes is a watch that
// works at once: the shipped workflow runs in the repository as it is, without a
// secret, reads the right sources, and commits a page on which no source failed.
// Short mode tries the first and the last.
func TestInit_WatchesFiveProjects(t *testing.T) {
	for i, e := range ecosystems() {
		if testing.Short() && i%4 > 0 {
			continue // each takes half a minute of one core
		}
		t.Run(e.name, func(t *testing.T) {
			r := registries{World: fake.New(fake.Options{})}
			defer r.Close()
			r.npm, r.pip, r.mod = fake.NewNPM(r.World), fake.NewPyPI(r.World), fake.NewGoProxy(r.World)
			now := time.Now().UTC()
			e.project.day = now.AddDate(0, 0, -4)
			r.SetNow(e.project.day)
			e.publish(r, e.project.day.AddDate(0, 0, 1))
			r.SetNow(now)
			r.GitHub.Repository.Commit("ben", "main", "Ship it", map[string][]byte{"main.txt": []byte("shipped")})
			r.GitHub.Repository.OpenIssue("ben", "The window flickers", "It is a bug.", "bug")
			files := e.project.init(t)
			for _, want := range e.sources {
				if !strings.Contains(files["rules.yaml"], want+"\n") {
					t.Errorf("rules.yaml does not have %q:\n%s", want, files["rules.yaml"])
				}
			}
			if len(e.sources) == 0 && strings.Contains(files["rules.yaml"], "registries:") {
				t.Errorf("rules.yaml names a registry:\n%s", files["rules.yaml"])
			}
			log, err := acttest.Run(t, acttest.Job{
				Workflow: ".github/workflows/snapshot.yml", Event: "workflow_dispatch", Payload: []byte(`{"inputs":{}}`),
				Env: r.addresses(), Secrets: map[string]string{"GITHUB_TOKEN": fake.WorkflowToken}, Home: files, Prebuilt: "snapshot",
			})
			if err != nil || !strings.Contains(log, "Job succeeded") || !strings.Contains(log, "using aftercare-snapshot-") {
				t.Fatalf("%v\n%s", err, log)
			}
			page := string(r.GitHub.Repository.Files("main")["reports/README.md"])
			for _, want := range e.page {
				if !regexp.MustCompile("(?m)" + want).MatchString(page) {
					t.Errorf("the page does not match %q:\n%s", want, page)
				}
			}
			if strings.Contains(page, "Data sources with errors") {
				t.Errorf("a source failed:\n%s\n%s", page, log)
			}
			if unknown := r.Unknown(); len(unknown) > 0 {
				t.Errorf("it asked for what is not there: %q", unknown)
			}
		})
	}
}
