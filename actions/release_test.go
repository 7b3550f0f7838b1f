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

	"gopkg.in/yaml.v3"
)

// workshop is a small tree with the scripts and three programs of a few lines.
func workshop(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
	}
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
	tree = workshop(t)
	return tree, build(t, tree)
}

// build makes the programs of a tree, and returns the folder that they are in.
func build(t *testing.T, tree string) string {
	t.Helper()
	for _, step := range []string{"programs", "snapshot"} {
		if out, err := release(t, tree, "", step, "dist"); err != nil {
			t.Fatalf("%s: %v: %s", step, err, out)
		}
	}
	return filepath.Join(tree, "dist")
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
	second := workshop(t)
	for _, args := range [][]string{{"init", "-q"}, {"add", "go.mod"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"}} {
		if out, err := exec.Command("git", append([]string{"-C", second}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	build(t, second)
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

// gh is a stand-in that writes down what it is asked, and answers from the files
// of its folder as GitHub would: with the commit of the tag, the numbers of the
// drafts, the manifest that stands at the tag, and else a commit. It makes no
// tag where the file "refuses" is.
const gh = `#!/bin/sh
cd "$(dirname "$0")" && echo "$*" >>asked
case $* in
*/git/matching-refs/tags/v1.2.3*) cat tagged 2>/dev/null || true ;;
*/releases\ *) cat drafts 2>/dev/null || true ;;
*/contents/actions/prebuilt.txt*) cat standing ;;
*/git/refs\ *) [ ! -e refuses ] ;;
api*) echo 0123456789abcdef ;;
esac
`

// published is a tree with what a release publishes, files in the place of
// programs, and a folder with a gh.
func published(t *testing.T) (tree, dist, fake string) {
	t.Helper()
	tree, fake = workshop(t), t.TempDir()
	dist = filepath.Join(tree, "dist")
	if err := os.Mkdir(dist, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"check-linux-amd64", "snapshot-linux-amd64"} {
		write(t, filepath.Join(dist, "aftercare-"+program), program)
	}
	write(t, filepath.Join(fake, "gh"), gh)
	write(t, filepath.Join(fake, "go"), "#!/bin/sh\necho 'publishing builds nothing' >&2\nexit 1\n")
	for _, args := range [][]string{{"init", "-q"}, {"add", "actions"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"}} {
		if out, err := exec.Command("git", append([]string{"-C", tree}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	manifest, _ := release(t, tree, "", "manifest", "v1.2.3", "dist")
	write(t, filepath.Join(dist, "prebuilt.txt"), manifest)
	write(t, filepath.Join(dist, "sbom.cdx.json"), "{}")
	return tree, dist, fake
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// asked holds what gh was asked to the beginnings of it, and forgets it.
func asked(t *testing.T, fake string, starts ...string) {
	t.Helper()
	file := filepath.Join(fake, "asked")
	src, _ := os.ReadFile(file)
	_ = os.Remove(file)
	lines := strings.Split(strings.TrimSpace(string(src)), "\n")
	if len(lines) != len(starts) {
		t.Fatalf("got %s", src)
	}
	for i, start := range starts {
		if !strings.HasPrefix(lines[i], start) {
			t.Errorf("got %q, want %q", lines[i], start)
		}
	}
}

// What release.sh asks of GitHub, by its beginning.
const (
	findTag    = "api repos/aftercare/aftercare/git/matching-refs/tags/v1.2.3"
	findDrafts = "api repos/aftercare/aftercare/releases --paginate"
	dropDraft  = "api repos/aftercare/aftercare/releases/7 -X DELETE"
	readTag    = "api repos/aftercare/aftercare/contents/actions/prebuilt.txt?ref=0123456789abcdef"
	makeTree   = "api repos/aftercare/aftercare/git/trees -f base_tree="
	makeCommit = "api repos/aftercare/aftercare/git/commits -f message=release: v1.2.3"
	makeDraft  = "release create v1.2.3 --draft"
	makeTag    = "api repos/aftercare/aftercare/git/refs -f ref=refs/tags/v1.2.3 -f sha=0123456789abcdef"
	show       = "release edit v1.2.3 --draft=false"
)

// The files are there before the tag, and the tag before the release is shown.
func TestARelease(t *testing.T) {
	tree, dist, fake := published(t)
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	asked(t, fake, findTag, findDrafts, makeTree, makeCommit, makeDraft, makeTag, show)
	write(t, filepath.Join(dist, "aftercare-check-linux-amd64"), "changed")
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err == nil || !strings.Contains(out, "prebuilt.txt is not of these programs") {
		t.Errorf("a program that the manifest does not know is published: %v: %s", err, out)
	}
}

// Wherever a release broke off, another run ends it: one draft, one tag.
func TestAReleaseThatBrokeOffIsRunAgain(t *testing.T) {
	tree, dist, fake := published(t)
	write(t, filepath.Join(fake, "refuses"), "")
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err == nil {
		t.Fatalf("a tag that was refused is no error: %s", out)
	}
	asked(t, fake, findTag, findDrafts, makeTree, makeCommit, makeDraft, makeTag)

	if err := os.Remove(filepath.Join(fake, "refuses")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(fake, "drafts"), "7\n")
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	asked(t, fake, findTag, findDrafts, dropDraft, makeTree, makeCommit, makeDraft, makeTag, show)

	manifest, _ := os.ReadFile(filepath.Join(dist, "prebuilt.txt"))
	write(t, filepath.Join(fake, "tagged"), "0123456789abcdef\n")
	write(t, filepath.Join(fake, "standing"), string(manifest))
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	asked(t, fake, findTag, readTag, show)

	write(t, filepath.Join(fake, "standing"), "version v1.2.3\n")
	if out, err := release(t, tree, fake, "publish", "v1.2.3", "dist"); err == nil || !strings.Contains(out, "the tag v1.2.3 is there already") {
		t.Errorf("a version is made twice: %v: %s", err, out)
	}
	asked(t, fake, findTag, readTag)
}

// The job that may write and sign runs no code of others, which Go would fetch.
func TestTheJobThatPublishesBuildsNothing(t *testing.T) {
	src, err := os.ReadFile("../.github/workflows/release.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Permissions map[string]string
			Steps       []struct{ Uses, Run string }
		}
	}
	if err := yaml.Unmarshal(src, &workflow); err != nil {
		t.Fatal(err)
	}
	for name, job := range workflow.Jobs {
		if reads := len(job.Permissions) == 1 && job.Permissions["contents"] == "read"; reads != (name != "publish") {
			t.Errorf("%s may %v", name, job.Permissions)
		}
		for _, step := range job.Steps {
			if name == "publish" && (strings.Contains(step.Uses, "setup-go") || strings.Contains(step.Run, "sbom")) {
				t.Errorf("%s runs what is of others: %+v", name, step)
			}
		}
	}
}

// What is not a version is refused before anything is wiped or built.
func TestMakeRefusesWhatIsNoVersion(t *testing.T) {
	tool, err := exec.LookPath("make")
	if err != nil {
		t.Skip("make is not here")
	}
	bin := t.TempDir()
	kept := filepath.Join(bin, "release", "kept")
	if err := os.Mkdir(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, kept, "of an earlier version")
	cmd := exec.Command(tool, "-C", "..", "release", "VERSION=1.2", "BIN="+bin)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "1.2 is not a version") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
}

func TestReleaseRefuses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("bash is needed")
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
		{"a folder that is needed", []string{"programs"}, "wants a FOLDER"},
		{"a folder among the sources", []string{"programs", "actions/dist"}, "is among the sources"},
		{"a version that is none, at the very first", []string{"version", "1.2.3"}, "1.2.3 is not a version"},
		{"a version that is none", []string{"manifest", "main", "empty"}, "is not a version"},
		{"a version with a line in it", []string{"manifest", "v1.2.3\nsource x", "empty"}, "is not a version"},
		{"a version that the module's path does not have", []string{"version", "v2.0.0"}, "must end in /v2"},
		{"a folder without programs", []string{"manifest", "v1.2.3", "empty"}, "there are no programs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := release(t, tree, "", c.args...); err == nil || !strings.Contains(out, c.says) {
				t.Errorf("got %v: %s", err, out)
			}
		})
	}
}
