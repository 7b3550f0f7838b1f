package actions

import (
	"bytes"
	"debug/buildinfo"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// workshop is a small tree with the scripts and three programs of a few lines.
func workshop(t *testing.T) string {
	t.Helper()
	tree := t.TempDir()
	files := map[string]string{"go.mod": "module x\n\ngo 1.26\n", "go.sum": ""}
	for _, name := range []string{"check", "triage", "snapshot"} {
		files["actions/"+name+"/main.go"] = "package main\n\nfunc main() { println(\"it runs\") }\n"
		files["actions/"+name+"/action.yml"] = "name: " + name + "\n"
	}
	files["actions/init/main.go"] = "package main\n\nfunc main() {}\n" // no action starts it
	for _, script := range []string{"launch.sh", "release.sh"} {
		src, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		files["actions/"+script] = string(src)
	}
	for name, text := range files {
		path := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

// release runs release.sh of a tree, with a PATH before the usual one.
func release(t *testing.T, tree, path string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("bash", append([]string{"actions/release.sh"}, args...)...)
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "PATH="+path+string(os.PathListSeparator)+os.Getenv("PATH"), "GITHUB_REPOSITORY=aftercare/aftercare")
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	return string(out) + wrong.String(), err
}

func built(t *testing.T) (tree, dist string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("bash is wanted")
	}
	tree = workshop(t)
	for _, step := range []string{"programs", "snapshot"} {
		if out, err := release(t, tree, "", step, "dist"); err != nil {
			t.Fatalf("%s: %v: %s", step, err, out)
		}
	}
	return tree, filepath.Join(tree, "dist")
}

func TestAReleaseHasEveryProgramForEveryPlatform(t *testing.T) {
	tree, dist := built(t)
	out, err := release(t, tree, "", "manifest", "v1.2.3", "dist")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var want []string
	for _, program := range []string{"check", "triage"} {
		for _, platform := range []string{"darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64", "windows-arm64"} {
			want = append(want, "aftercare-"+program+"-"+platform)
		}
	}
	want = append(want, "aftercare-snapshot-"+platform())
	slices.Sort(want)
	var got []string
	for _, line := range lines[2:] {
		checksum, file, _ := strings.Cut(line, " ")
		src, err := os.ReadFile(filepath.Join(dist, file))
		if err != nil || sum(src) != checksum {
			t.Errorf("%s: %v", line, err)
		}
		info, err := buildinfo.Read(bytes.NewReader(src))
		if err != nil || !strings.HasSuffix(file, setting(info, "GOOS")+"-"+setting(info, "GOARCH")) {
			t.Errorf("%s was built for another platform: %v", file, err)
		}
		got = append(got, file)
	}
	if lines[0] != "version v1.2.3" || !strings.HasPrefix(lines[1], "source ") || !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant the files %s", out, want)
	}
}

func setting(info *buildinfo.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// The place, the time and the history of a checkout leave no trace in a program.
func TestTwoBuildsGiveTheSameBytes(t *testing.T) {
	first, dist := built(t)
	second, _ := built(t)
	for _, args := range [][]string{{"init", "-q"}, {"add", "go.mod"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"}} {
		if out, err := exec.Command("git", append([]string{"-C", second}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if out, err := release(t, second, "", "programs", "dist"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	one, errOne := release(t, first, "", "manifest", "v1.2.3", dist)
	two, errTwo := release(t, second, "", "manifest", "v1.2.3", "dist")
	if errOne != nil || errTwo != nil || one != two {
		t.Errorf("got\n%s\nand\n%s", one, two)
	}
}

// What a release publishes, its actions fetch, from a commit that has the manifest.
func TestWhatIsReleasedIsFetched(t *testing.T) {
	tree, dist := built(t)
	manifest, err := release(t, tree, "", "manifest", "v1.2.3", "dist")
	if err != nil {
		t.Fatal(manifest)
	}
	server := httptest.NewServer(http.StripPrefix("/v1.2.3/", http.FileServer(http.Dir(dist))))
	defer server.Close()
	if err := os.WriteFile(filepath.Join(tree, "actions", "prebuilt.txt"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	program, said := launch(t, tree, "AFTERCARE_DOWNLOADS="+server.URL)
	if out, err := exec.Command(program).CombinedOutput(); err != nil || string(out) != "it runs\n" {
		t.Errorf("%q says %q, %v: %s", program, out, err, said)
	}
}

// gh is a stand-in that writes down what it is asked and answers with a commit.
const gh = "#!/bin/sh\necho \"$*\" >>\"$(dirname \"$0\")/asked\"\n[ \"$1\" = api ] && echo 0123456789abcdef\nexit 0\n"

// The files are there before the tag, and the tag before the release is shown.
func TestARelease(t *testing.T) {
	tree, dist := built(t)
	fake := t.TempDir()
	if err := os.WriteFile(filepath.Join(fake, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "actions"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"}} {
		if out, err := exec.Command("git", append([]string{"-C", tree}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	manifest, _ := release(t, tree, "", "manifest", "v1.2.3", "dist")
	for name, text := range map[string]string{"prebuilt.txt": manifest, "sbom.cdx.json": "{}"} {
		if err := os.WriteFile(filepath.Join(dist, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	asked, _ := os.ReadFile(filepath.Join(fake, "asked"))
	lines := strings.Split(strings.TrimSpace(string(asked)), "\n")
	starts := []string{
		"api repos/aftercare/aftercare/git/trees -f base_tree=", "api repos/aftercare/aftercare/git/commits -f message=release: v1.2.3",
		"release create v1.2.3 --draft", "api repos/aftercare/aftercare/git/refs -f ref=refs/tags/v1.2.3 -f sha=0123456789abcdef", "release edit v1.2.3 --draft=false",
	}
	if len(lines) != len(starts) {
		t.Fatalf("got %s", asked)
	}
	for i, start := range starts {
		if !strings.HasPrefix(lines[i], start) {
			t.Errorf("got %q, want %q", lines[i], start)
		}
	}
	if err := os.WriteFile(filepath.Join(dist, "aftercare-check-linux-amd64"), []byte("changed"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err == nil || !strings.Contains(out, "prebuilt.txt is not of these programs") {
		t.Errorf("a program that the manifest does not know is published: %v: %s", err, out)
	}
}

func TestReleaseRefuses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is wanted")
	}
	tree := workshop(t)
	if err := os.Mkdir(filepath.Join(tree, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"an unknown step", []string{"elsewhere"}, "unknown step"},
		{"a folder that is wanted", []string{"programs"}, "wants a FOLDER"},
		{"a folder among the sources", []string{"programs", "actions/dist"}, "is among the sources"},
		{"a version that is none", []string{"manifest", "main", "empty"}, "is no version"},
		{"a version with a line in it", []string{"manifest", "v1.2.3\nsource x", "empty"}, "is no version"},
		{"a folder without programs", []string{"manifest", "v1.2.3", "empty"}, "there are no programs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := release(t, tree, "", c.args...); err == nil || !strings.Contains(out, c.says) {
				t.Errorf("got %v: %s", err, out)
			}
		})
	}
}
