package actions

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/acttest"
)

// Actions of GitHub that act cannot run without GitHub: uploads and downloads go
// through a folder, and an attestation, which GitHub signs for the workflow's identity
// (OIDC), writes down what it would have been asked to sign. That signature, and the
// machines of the other systems, are all that this leaves out.
var releaseActions = map[string]string{
	"actions/upload-artifact": `name: upload
inputs: {name: {required: true}, path: {required: true}, if-no-files-found: {default: warn}}
runs:
  using: composite
  steps:
    - shell: bash
      run: test -e "$FROM" && mkdir -p "$STORE/artifacts/$NAME" && cp -r "$FROM"/. "$STORE/artifacts/$NAME/" 2>/dev/null || cp "$FROM" "$STORE/artifacts/$NAME/"
      env: {NAME: '${{ inputs.name }}', FROM: '${{ inputs.path }}'}
`,
	"actions/download-artifact": `name: download
inputs: {path: {required: true}, merge-multiple: {default: 'false'}}
runs:
  using: composite
  steps:
    - shell: bash
      run: test "$MERGE" = true && mkdir -p "$TO" && cp "$STORE"/artifacts/*/* "$TO/"
      env: {TO: '${{ inputs.path }}', MERGE: '${{ inputs.merge-multiple }}'}
`,
	"actions/attest-build-provenance": `name: provenance
inputs: {subject-path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      run: sha256sum $SUBJECTS >"$STORE/provenance"
      env: {SUBJECTS: '${{ inputs.subject-path }}'}
`,
	"actions/attest-sbom": `name: sbom
inputs: {subject-path: {required: true}, sbom-path: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      run: test -s "$SBOM" && sha256sum $SUBJECTS >"$STORE/listed"
      env: {SUBJECTS: '${{ inputs.subject-path }}', SBOM: '${{ inputs.sbom-path }}'}
`,
}

// releaseGH stands for GitHub behind gh: it keeps what a release is made of, and
// writes down in which order it was asked.
const releaseGH = `#!/bin/sh
[ -n "$GH_TOKEN" ] || { echo 'gh: no token' >&2; exit 4; }
echo "$*" >>"$STORE/asked"
case "$*" in
*/git/matching-refs/*|*/releases\ *) ;;
*/git/trees\ *) for a; do case $a in *@*) cp "${a#*@}" "$STORE/tagged" ;; esac; done; echo 1111111 ;;
*/git/commits\ *) echo 2222222 ;;
release\ create*) mkdir -p "$STORE/release"; for a; do case $a in dist/*) cp "$a" "$STORE/release/" ;; esac; done ;;
esac
`

// sbomTool is what release.sh lists modules with: from Go's cache of modules, or from a
// proxy where there is a network.
func sbomTool(t *testing.T) {
	t.Helper()
	src, err := os.ReadFile("release.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(src), "\nsbom=")
	tool, _, _ := strings.Cut(rest, "\n")
	install := exec.Command("go", "install", tool)
	install.Env = append(os.Environ(), "GOBIN="+t.TempDir(), "GOFLAGS=")
	install.Dir = t.TempDir()
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("%s is not in Go's cache and cannot be fetched, so no release is made: %s", tool, out)
	}
}

// The workflow of releases, with its own script, ends with a release that holds the
// programs for every system, their checksums, and the list of modules; with the
// provenance of each file; and with a tag whose commit names the checksums.
func TestRelease_TheWorkflowMakesARelease(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a whole release, which takes a minute: make test-full runs it")
	}
	sbomTool(t)
	store, tools := t.TempDir(), t.TempDir()
	write(t, filepath.Join(tools, "gh"), releaseGH)
	log, err := acttest.Run(t, acttest.Job{
		Workflow: ".github/workflows/release.yml", Event: "workflow_dispatch",
		Payload: []byte(`{"inputs":{"version":"v1.2.3"},"ref":"refs/heads/main","repository":{"default_branch":"main"}}`),
		Env:     map[string]string{"STORE": store},
		Secrets: map[string]string{"GITHUB_TOKEN": "the-token"},
		Matrix:  "runner:ubuntu-22.04",
		Actions: releaseActions, Path: tools, Home: releasable(t),
	})
	if err != nil || !strings.Contains(log, "all that is checked") {
		t.Fatalf("%v\n%s", err, log)
	}
	var want []string
	for _, program := range []string{"check", "triage"} {
		for _, platform := range []string{"darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64", "windows-arm64"} {
			want = append(want, "aftercare-"+program+"-"+platform)
		}
	}
	want = append(want, "aftercare-snapshot-"+platform(), "prebuilt.txt", "sbom.cdx.json")
	slices.Sort(want)
	sums := sumsOf(t, filepath.Join(store, "release"))
	if got := namesOf(sums); !slices.Equal(got, want) {
		t.Fatalf("the release holds %q, want %q\n%s", got, want, log)
	}
	manifest := string(fileOf(t, filepath.Join(store, "release", "prebuilt.txt")))
	if tagged := string(fileOf(t, filepath.Join(store, "tagged"))); tagged != manifest || !strings.HasPrefix(manifest, "version v1.2.3\nsource ") {
		t.Errorf("the tag's commit has\n%s\nthe release\n%s", tagged, manifest)
	}
	for name, sum := range sums {
		if strings.HasPrefix(name, "aftercare-") && !strings.Contains(manifest, sum+" "+name+"\n") {
			t.Errorf("the checksum of %s is not %s:\n%s", name, sum, manifest)
		}
	}
	if got := attested(t, filepath.Join(store, "provenance")); !slices.Equal(namesOf(got), want) || got["prebuilt.txt"] != sums["prebuilt.txt"] {
		t.Errorf("the provenance is of %q, want %q", namesOf(got), want)
	}
	if got := attested(t, filepath.Join(store, "listed")); len(got) != len(want)-2 || got["aftercare-check-linux-amd64"] != sums["aftercare-check-linux-amd64"] {
		t.Errorf("the list of modules is attested of %q", namesOf(got))
	}
	modules(t, filepath.Join(store, "release", "sbom.cdx.json"))
	write(t, filepath.Join(tools, "program"), string(fileOf(t, filepath.Join(store, "release", "aftercare-triage-"+platform()))))
	if out, err := exec.Command(filepath.Join(tools, "program")).CombinedOutput(); err != nil || string(out) != "it runs\n" {
		t.Errorf("the program says %q, %v", out, err)
	}
	publishedInOrder(t, store)
}

// publishedInOrder holds what GitHub was asked to its order: the files are there before
// the tag, and the tag before people see the release.
func publishedInOrder(t *testing.T, store string) {
	t.Helper()
	asked := string(fileOf(t, filepath.Join(store, "asked")))
	rest := asked
	for _, step := range []string{"git/matching-refs/tags/v1.2.3", "git/trees", "git/commits", "release create v1.2.3 --draft", "git/refs -f ref=refs/tags/v1.2.3 -f sha=2222222", "release edit v1.2.3 --draft=false"} {
		_, after, there := strings.Cut(rest, step)
		if !there {
			t.Fatalf("%q is not asked in its turn:\n%s", step, asked)
		}
		rest = after
	}
}

// releasable are the files of a small repository of which a version is made: the
// workflow and its scripts are the shipped ones, the programs have a few lines.
func releasable(t *testing.T) map[string]string {
	t.Helper()
	tree, files := workshop(t), map[string]string{
		".ci/run":                       "#!/bin/sh\necho 'all that is checked'\n",
		".github/workflows/release.yml": string(fileOf(t, "../.github/workflows/release.yml")),
	}
	err := filepath.WalkDir(tree, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(tree, path) // it is below the tree
			files[name] = string(fileOf(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func fileOf(t *testing.T, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// sumsOf are the checksums of the files of a folder, by name.
func sumsOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for _, e := range entries {
		sums[e.Name()] = sum(fileOf(t, filepath.Join(folder, e.Name())))
	}
	return sums
}

// attested are the checksums that an attestation was asked for, by name of file.
func attested(t *testing.T, file string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for line := range strings.Lines(string(fileOf(t, file))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[filepath.Base(name)] = sum
	}
	return sums
}

func namesOf(sums map[string]string) []string {
	var names []string
	for name := range sums {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// modules holds the list of modules to its form: CycloneDX, of this module, with the
// standard library.
func modules(t *testing.T, file string) {
	t.Helper()
	var bom struct {
		Format   string `json:"bomFormat"`
		Metadata struct {
			Component struct{ Name string } `json:"component"`
		} `json:"metadata"`
		Components []struct{ Name string } `json:"components"`
	}
	if err := json.Unmarshal(fileOf(t, file), &bom); err != nil || bom.Format != "CycloneDX" || bom.Metadata.Component.Name != "x" ||
		!slices.ContainsFunc(bom.Components, func(c struct{ Name string }) bool { return c.Name == "std" }) {
		t.Errorf("the list of modules is %+v, %v", bom, err)
	}
}
