package actions

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gomod "golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// treeFile is a file of the tree, as it goes into the zip of a module.
type treeFile struct{ root, path string }

func (f treeFile) Path() string                 { return f.path }
func (f treeFile) Lstat() (os.FileInfo, error)  { return os.Lstat(filepath.Join(f.root, f.path)) }
func (f treeFile) Open() (io.ReadCloser, error) { return os.Open(filepath.Join(f.root, f.path)) }

// mirror is a folder that serves the module of this tree as a version, as a proxy
// of Go modules does.
func mirror(t *testing.T, path, version string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []zip.File
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Lstat(filepath.Join(root, name)); err == nil { // else taken away and not committed
			files = append(files, treeFile{root, name})
		}
	}
	dir := filepath.Join(t.TempDir(), "mirror")
	at := filepath.Join(dir, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(filepath.Join(at, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.Create(archive, gomod.Version{Path: path, Version: version}, files); err != nil {
		t.Fatalf("the tree is no module that can be published: %v", err)
	}
	info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Date(2026, 1, 24, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{version + ".info": string(info), "list": version + "\n", version + ".mod": read(t, "../go.mod")} {
		write(t, filepath.Join(at, name), text)
	}
	return dir
}

// What README tells everybody to type works once a version is published: the
// module's path and its versions fit together, all that the program embeds is in
// the module, and it pins the workflows to the commit of its version's tag.
func TestInit_RunsAtLatest(t *testing.T) {
	const path, version = "github.com/aftercare/aftercare", "v1.2.3"
	if !strings.Contains(read(t, "../README.md"), "go run "+path+"/actions/init@latest") || !strings.HasPrefix(read(t, "../go.mod"), "module "+path+"\n") {
		t.Fatal("README and go.mod name different modules")
	}
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mirrorOf := mirror(t, path, version)
	source, home := filepath.Join(dir, "source"), filepath.Join(dir, "home")
	run := func(in string, name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = in
		cmd.Env = append(os.Environ(), "GOPROXY=file://"+mirrorOf+",file://"+filepath.Join(strings.TrimSpace(string(cache)), "cache", "download"),
			"GONOSUMDB=*", "GONOSUMCHECK=1", "GOFLAGS=-modcacherw -trimpath", "GOMODCACHE="+filepath.Join(dir, "mod"), "GITHUB_API_URL=http://127.0.0.1:1",
			"GITHUB_ACTIONS=", "GITHUB_WORKSPACE=", "GITHUB_STEP_SUMMARY=", "GITHUB_OUTPUT=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run(dir, "git", "init", "-q", source)
	run(source, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "one")
	run(source, "git", "tag", version)
	commit := run(source, "git", "rev-parse", "HEAD")
	run(dir, "git", "init", "-q", home)
	if said := run(home, "go", "run", path+"/actions/init@latest", "-version"); !strings.Contains(said, version) {
		t.Errorf("its version is %q", said)
	}
	run(home, "go", "run", path+"/actions/init@latest", "-from", source)
	if got, want := read(t, filepath.Join(home, ".github/workflows/triage.yml")), "actions/triage@"+commit+" # "+version; !strings.Contains(got, want) {
		t.Errorf("the workflow is not pinned to %s:\n%s", want, got)
	}
}
