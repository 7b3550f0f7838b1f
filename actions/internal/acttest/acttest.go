// Package acttest runs the shipped workflow files with act: the real files, on
// this machine, without containers and without a network. It is for tests.
package acttest

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/race"
)

// Job is one run of a workflow.
type Job struct {
	Workflow string            // .github/workflows/triage.yml
	Event    string            // issues, workflow_dispatch, …
	Payload  []byte            // of the event, JSON
	Env      map[string]string // of the runner: GITHUB_API_URL and the like
	Secrets  map[string]string
	Inputs   map[string]string // of workflow_dispatch
	Matrix   string            // runner:ubuntu-22.04, the one of a matrix that runs: side by side, they take each other's runner
	Files    map[string]string // put into the copy of the tree, or in the place of what is there
	// Stub is a line of shell that the actions of others run; empty is nothing.
	Stub string
	// Actions stand for actions of others, by owner/name: the text of action.yml.
	Actions map[string]string
	// Path is a folder whose programs the workflow finds before the others; empty is
	// none.
	Path string
	// Prebuilt is the action, such as triage, whose program is fetched as from a
	// release instead of built; empty builds it.
	Prebuilt string
	// Home is another repository, by its files, in which the workflow is. What it
	// uses of aftercare/aftercare, at whatever commit, is the copy of the tree.
	Home map[string]string
}

// limit is how long one workflow may take, building its program included.
const limit = 5 * time.Minute

// newer are keys of workflows that GitHub knows and act refuses, and the branch of a
// checkout, with which act would not copy the tree: they are left out of the copy
// that act reads, and of nothing else.
var newer = regexp.MustCompile(`(?m)^\s+(?:vulnerability-alerts: read\b|ref: \$\{\{.*default_branch).*\n`)

// withoutNewer takes from the workflows of a folder what act does not know.
func withoutNewer(t testing.TB, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, newer.ReplaceAll(src, nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Run carries the job out in a copy of the repository's tree and answers with
// act's log. The test is skipped, with a sentence, where act is not there, and under
// the race detector.
func Run(t testing.TB, job Job) (log string, err error) {
	t.Helper()
	if race.Enabled {
		t.Skip("a workflow runs programs that the race detector does not watch")
	}
	act := find(t)
	tree := clone(t, job.Files, job.Prebuilt == "")
	home := tree
	if job.Home != nil {
		home = t.TempDir()
		put(t, home, job.Home)
		withoutNewer(t, home)
		commit(t, home)
	}
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, job.Payload, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{job.Event, "--workflows", job.Workflow, "--eventpath", event,
		"--platform", "ubuntu-latest=-self-hosted", "--platform", "ubuntu-22.04=-self-hosted", "--action-offline-mode", "--no-cache-server", "--pull=false"}
	args = append(args, pairs("--env", job.Env)...)
	if job.Prebuilt != "" {
		args = append(args, pairs("--env", publish(t, tree, job.Prebuilt))...)
	}
	args = append(args, pairs("--secret", job.Secrets)...)
	args = append(args, pairs("--input", job.Inputs)...)
	if job.Matrix != "" {
		args = append(args, "--matrix", job.Matrix)
	}
	for repository, actions := range remote(t, tree, home) {
		place := tree
		if !strings.HasPrefix(repository, "aftercare/aftercare@") {
			name, _, _ := strings.Cut(repository, "@")
			place = stub(t, actions, job.Stub, job.Actions[name])
		}
		args = append(args, "--local-repository", repository+"="+place)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, act, args...)
	cmd.Dir = home
	cmd.Env = environment(t)
	if job.Path != "" {
		cmd.Env = append(cmd.Env, "PATH="+job.Path+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// ours are the beginnings of variables that a runner around the tests may have
// set, and that the workflow must not see.
var ours = []string{"GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "SLACK_", "SMTP_", "IMAP_", "REDDIT_", "MASTODON_", "TELEMETRY_", "AFTERCARE_", "ACT", "XDG_", "HOME="}

// environment is that of the tests without what is of a runner or a person,
// with Go's caches where they were.
func environment(t testing.TB) []string {
	t.Helper()
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return slices.ContainsFunc(ours, func(start string) bool { return strings.HasPrefix(pair, start) })
	})
	home := t.TempDir()
	env = append(env, "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, "cache"))
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"} {
		env = append(env, name+"="+goEnv(t, name))
	}
	return env
}

// find is the act of the environment (ACT), of the PATH, or of make.
func find(t testing.TB) string {
	t.Helper()
	for _, path := range []string{os.Getenv("ACT"), filepath.Join(root(t), ".bin", "act")} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return path
		}
	}
	path, err := exec.LookPath("act")
	if err != nil {
		t.Skip("act is not here, so no workflow is run: make tools installs it")
	}
	return path
}

func root(t testing.TB) string {
	t.Helper()
	return filepath.Dir(goEnv(t, "GOMOD"))
}

func goEnv(t testing.TB, name string) string {
	t.Helper()
	return output(t, "go", "env", name)
}

func pairs(flag string, values map[string]string) []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		args = append(args, flag, name+"="+values[name])
	}
	return args
}

// unused is what no workflow reads.
var unused = regexp.MustCompile(`^reports/|/testdata/|_test\.go$`)

// sources are what only building a program reads.
var sources = regexp.MustCompile(`^actions/(docs|internal)/|\.go$`)

// clone copies the tree, as it is with what is not committed yet and the files
// of the job, into a repository of its own with an origin, from which act takes
// the name.
func clone(t testing.TB, files map[string]string, toBuild bool) string {
	t.Helper()
	from, to := root(t), t.TempDir()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list the files of the repository: %v", err)
	}
	for _, file := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		if !unused.MatchString(file) && (toBuild || !sources.MatchString(file)) {
			copyFile(t, filepath.Join(from, file), filepath.Join(to, file))
		}
	}
	put(t, to, files)
	withoutNewer(t, to)
	commit(t, to)
	return to
}

func put(t testing.TB, to string, files map[string]string) {
	t.Helper()
	for file, text := range files {
		path := filepath.Join(to, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
}

// commit makes a folder a repository with an origin.
func commit(t testing.TB, to string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"remote", "add", "origin", "https://github.com/caro/caro"}, {"add", "-A"},
		{"-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "the tree"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = to
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
		}
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		return // taken away and not committed
	}
	src, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, src, info.Mode().Perm())
	}
	if err != nil {
		t.Fatal(err)
	}
}

var uses = regexp.MustCompile(`uses: ([\w.-]+/[\w.-]+)((?:/[\w.-]+)*)(@[0-9a-f]{40})`)

// remote are the repositories of others, each at its commit, that workflows and
// actions of the trees use, with the folders of the actions in them.
func remote(t testing.TB, trees ...string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, tree := range trees {
		files, _ := filepath.Glob(filepath.Join(tree, ".github", "workflows", "*.yml"))
		own, _ := filepath.Glob(filepath.Join(tree, "actions", "*", "action.yml"))
		for _, file := range append(files, own...) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range uses.FindAllStringSubmatch(string(src), -1) {
				found[m[1]+m[3]] = append(found[m[1]+m[3]], m[2])
			}
		}
	}
	return found
}

// stub stands for actions of others: they do nothing, or run a line, since what
// they would install is here; or they are what is given in their place.
func stub(t testing.TB, actions []string, line, src string) string {
	t.Helper()
	if line == "" {
		line = "true"
	}
	if src == "" {
		src = "name: stub\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: " + line + "\n"
	}
	files := map[string]string{}
	for _, folder := range actions {
		files[filepath.Join(folder, "action.yml")] = src
	}
	dir := t.TempDir()
	put(t, dir, files)
	return dir
}
