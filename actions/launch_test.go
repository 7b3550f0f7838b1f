package actions

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// platform is the name that launch.sh gives this machine.
func platform() string { return runtime.GOOS + "-" + runtime.GOARCH }

// launch runs launch.sh in a copy of its folder, and answers with the path that
// it found and what it said.
func launch(t *testing.T, tree string, env ...string) (program, said string) {
	t.Helper()
	output := filepath.Join(t.TempDir(), "output")
	cmd := exec.Command("bash", filepath.Join(tree, "actions", "launch.sh"), "fetch", "triage")
	cmd.Env = append(os.Environ(), append(env, "GITHUB_OUTPUT="+output, "RUNNER_TEMP="+t.TempDir())...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	src, _ := os.ReadFile(output)
	return strings.TrimPrefix(strings.TrimSpace(string(src)), "program="), string(out)
}

// versioned is a tree with launch.sh, one source file and the manifest of a
// version whose program is the given bytes.
func versioned(t *testing.T, program []byte) string {
	t.Helper()
	tree := t.TempDir()
	script, err := os.ReadFile("launch.sh")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"actions/launch.sh": string(script), "actions/triage/main.go": "package main\n", "go.mod": "module x\n", "go.sum": ""}
	for name, text := range files {
		path := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	source := sum([]byte(sum([]byte(files["actions/triage/main.go"])) + " actions/triage/main.go\n" + sum([]byte(files["go.mod"])) + " go.mod\n" + sum(nil) + " go.sum\n"))
	manifest := fmt.Sprintf("version v1.2.3\nsource %s\n%s aftercare-triage-%s\n", source, sum(program), platform())
	if err := os.WriteFile(filepath.Join(tree, "actions", "prebuilt.txt"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	return tree
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func TestPrebuiltPrograms(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	good := []byte("#!/bin/sh\necho it runs\n")
	serve := func(body []byte, delay time.Duration, missing int) *httptest.Server {
		return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1.2.3/aftercare-triage-"+platform() || body == nil {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(body)+missing))
			_, _ = w.Write(body[:1])
			w.(http.Flusher).Flush()
			select { // the first byte comes at once, the rest when it may
			case <-time.After(delay):
			case <-r.Context().Done():
				return
			}
			_, _ = w.Write(body[1:])
		}))
	}
	for _, c := range []struct {
		name    string
		served  []byte
		delay   time.Duration
		missing int // bytes that were announced and do not come
		change  func(tree string) error
		used    bool
		says    string
	}{
		{"a good one is used", good, 0, 0, nil, true, "using aftercare-triage"},
		{"a corrupted one is not", append([]byte("x"), good...), 0, 0, nil, false, "another checksum"},
		{"one that is missing", nil, 0, 0, nil, false, "could not be fetched"},
		{"one that is slow", good, 3 * time.Second, 0, nil, false, "could not be fetched"},
		{"one that breaks off", good, 0, 10, nil, false, "could not be fetched"},
		{"one that is too large", good, 0, 1 << 30, nil, false, "could not be fetched"},
		{"a file that is embedded was changed", good, 0, 0, func(tree string) error {
			return os.WriteFile(filepath.Join(tree, "actions/triage/words.txt"), []byte("x"), 0o644)
		}, false, "the sources are not those of v1.2.3"},
		{"the sources were changed", good, 0, 0, func(tree string) error {
			return os.WriteFile(filepath.Join(tree, "actions/triage/main.go"), []byte("package main // changed\n"), 0o644)
		}, false, "the sources are not those of v1.2.3"},
		{"a version without this program", good, 0, 0, func(tree string) error {
			return os.WriteFile(filepath.Join(tree, "actions/prebuilt.txt"), []byte("version v1.2.3\n"), 0o644)
		}, false, "there is no aftercare-triage"},
		{"no version at all", good, 0, 0, func(tree string) error { return os.Remove(filepath.Join(tree, "actions/prebuilt.txt")) }, false, "no programs were built"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(c.served, c.delay, c.missing)
			defer server.Close()
			tree := versioned(t, good)
			if c.change != nil {
				if err := c.change(tree); err != nil {
					t.Fatal(err)
				}
			}
			program, said := launch(t, tree, "AFTERCARE_DOWNLOADS="+server.URL, "AFTERCARE_PATIENCE=1")
			if (program != "") != c.used || !strings.Contains(said, c.says) {
				t.Fatalf("program %q: %s", program, said)
			}
			if !c.used {
				return
			}
			if out, err := exec.Command(program).Output(); err != nil || !bytes.Equal(out, []byte("it runs\n")) {
				t.Errorf("the program says %q, %v", out, err)
			}
		})
	}
}

// A program may be whole and yet not run here, as one for a newer C library: then
// the action builds its own.
func TestPrebuiltProgramsThatDoNotStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	for name, c := range map[string]struct{ program, says string }{
		"a library that is too old": {"#!/bin/sh\necho 'version GLIBC_2.38 not found' >&2\necho more >&2\nexit 1\n", "of v1.2.3 does not start here: version GLIBC_2.38 not found\n"},
		"a loader that is not here": {"#!/lib/ld-nowhere.so\n", "of v1.2.3 does not start here: "},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(c.program)) }))
			defer server.Close()
			program, said := launch(t, versioned(t, []byte(c.program)), "AFTERCARE_DOWNLOADS="+server.URL)
			if program != "" || !strings.Contains(said, c.says) || strings.Contains(said, "using") {
				t.Errorf("program %q: %s", program, said)
			}
		})
	}
}

// There is no DuckDB for Windows on ARM, which no compiler says in a sentence.
func TestSnapshotIsNotBuiltForWindowsOnARM(t *testing.T) {
	cmd := exec.Command("bash", "launch.sh", "build", "snapshot")
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=arm64", "RUNNER_TEMP="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.HasPrefix(string(out), "aftercare: snapshot links DuckDB, and there is none for Windows on ARM") || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%v: %s", err, out)
	}
}

func TestSourceHashOfThisTree(t *testing.T) {
	out, err := exec.Command("bash", "launch.sh", "source").Output()
	if hash := strings.TrimSpace(string(out)); err != nil || len(hash) != 2*sha256.Size {
		t.Errorf("got %q, %v", out, err)
	}
	if err := exec.Command("bash", "launch.sh", "elsewhere").Run(); err == nil {
		t.Error("an unknown step passes")
	}
}

// Where programs are fetched from may be anything but the place they were: then
// the action builds its own.
func TestPrebuiltProgramsFromElsewhere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	good := []byte("#!/bin/sh\necho it runs\n")
	send := func(status int, place string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/moved" {
				_, _ = w.Write(good)
				return
			}
			w.Header().Set("Location", place)
			w.WriteHeader(status)
			_, _ = w.Write(good)
		}
	}
	for _, c := range []struct {
		name    string
		handler http.Handler // nil where nobody listens
		used    bool
	}{
		{"a place that leads to another, as releases do", send(http.StatusFound, "/moved"), true},
		{"a place that leads to a file of the machine", send(http.StatusFound, "file:///bin/sh"), false},
		{"a place that leads to itself", http.RedirectHandler("#", http.StatusFound), false},
		{"a page that says that it is not there", send(http.StatusNotFound, ""), false},
		{"a server that fails", send(http.StatusNotImplemented, ""), false},
		{"a program of the size of snapshot, which holds DuckDB", large(good), true},
		{"an empty file", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), false},
		{"no server", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			if c.handler == nil {
				server.Close()
			}
			defer server.Close()
			want := good
			if body, is := c.handler.(large); is {
				want = body.bytes()
			}
			program, said := launch(t, versioned(t, want), "AFTERCARE_DOWNLOADS="+server.URL, "AFTERCARE_PATIENCE=30")
			if (program != "") != c.used {
				t.Errorf("program %q: %s", program, said)
			}
		})
	}
}

// large serves a script with 80 MiB behind its end.
type large []byte

func (l large) bytes() []byte {
	return slices.Concat(l, []byte("exit\n"), bytes.Repeat([]byte("\n"), 80<<20))
}

func (l large) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", strconv.Itoa(len(l.bytes())))
	_, _ = w.Write(l.bytes())
}

// A checkout on Windows, where git may be told to end lines in CR and LF, has the
// bytes of any other: the scripts run there, and the sources have one hash.
func TestLinesEndAlikeEverywhere(t *testing.T) {
	origin, windows := t.TempDir(), filepath.Join(t.TempDir(), "windows")
	attributes, err := os.ReadFile("../.gitattributes")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("launch.sh")
	if err != nil {
		t.Fatal(err)
	}
	picture := []byte("\x89PNG\r\n\x1a\n")
	files := map[string][]byte{".gitattributes": attributes, "launch.sh": script, "dashboard.png": picture}
	for name, src := range files {
		if err := os.WriteFile(filepath.Join(origin, name), src, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"-C", origin, "init", "-q"}, {"-C", origin, "add", "-A"},
		{"-C", origin, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"},
		{"clone", "-q", "-c", "core.autocrlf=true", origin, windows},
	} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", args, err, out)
		}
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(windows, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s has other bytes there, %v", name, err)
		}
	}
}

// Where an action lies is the runner's business: its name may hold a space.
func TestActionsStartLaunchWhereverTheyLie(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
	tree := filepath.Join(t.TempDir(), "a runner's", "_actions")
	manifests, err := filepath.Glob("*/action.yml")
	if err != nil || len(manifests) == 0 {
		t.Fatalf("the actions: %q, %v", manifests, err)
	}
	for _, file := range manifests {
		name := filepath.Dir(file)
		place := filepath.Join(tree, name)
		if err := os.MkdirAll(place, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tree, "launch.sh"), []byte("#!/bin/sh\necho \"$# $*\"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, step := range []string{"fetch", "build"} {
			cmd := exec.Command("bash", "-c", command(t, file, step))
			cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+place)
			if out, err := cmd.CombinedOutput(); err != nil || string(out) != "2 "+step+" "+name+"\n" {
				t.Errorf("%s, step %s: %v: %s", file, step, err, out)
			}
		}
	}
}

// command is what a step of an action gives to the shell.
func command(t *testing.T, file, step string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Runs struct{ Steps []struct{ ID, Run string } }
	}
	if err := yaml.Unmarshal(src, &action); err != nil {
		t.Fatal(err)
	}
	for _, s := range action.Runs.Steps {
		if s.ID == step {
			return s.Run
		}
	}
	t.Fatalf("%s has no step %s", file, step)
	return ""
}
