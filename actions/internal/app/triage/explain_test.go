package triage

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/apptest"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

const explained = `
labels: [{name: P0}, {name: crash}]
triage:
  - {label: crash, any: [crash]}
  - {label: P0, labels: [crash]}
channels: {alerts: {slack: '#alerts'}, team: {email: [team@caro.example]}}
routes: [{label: P0, to: [alerts, team]}]
`

// explainOn runs triage -explain with rules in an environment that has no
// token, no event and no network.
func explainOn(t *testing.T, rules, stdin string, args ...string) (int, string, string) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir+"/rules.yaml", rules)
	env := map[string]string{"GITHUB_WORKSPACE": dir}
	var stdout, stderr bytes.Buffer
	run := runner.Program{Manifest: apptest.Manifest(t, "triage"), Run: Run}
	code := runner.Run(t.Context(), run, runner.Process{
		Args: append([]string{"triage", "-explain"}, args...), Getenv: func(k string) string { return env[k] }, Environ: func() []string { return nil },
		Clock: time.Now, Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
	})
	return code, stdout.String(), stderr.String()
}

func TestExplain_PrintsOneLineOfJSONForEachLineOfInput(t *testing.T) {
	code, got, _ := explainOn(t, explained, `{"id":"a","title":"It crashes","body":""}

{"id": 7, "title": "Hello", "body": "no words of a rule"}
{"title":"x","body":"two <b>\n\nit crashes"}
`, "-json")
	want := `{"id":"a","labels":[{"label":"crash","rule":1,"term":"crash","words":"crashes","place":"title"},{"label":"P0","rule":2,"term":"follows from crash","words":"","place":""}],"notify":["alerts","team"]}
{"id":7,"labels":[],"notify":[]}
{"id":null,"labels":[{"label":"crash","rule":1,"term":"crash","words":"crashes","place":"body"},{"label":"P0","rule":2,"term":"follows from crash","words":"","place":""}],"notify":["alerts","team"]}
`
	if code != 0 || got != want {
		t.Errorf("exit %d, got:\n%s\nwant:\n%s", code, got, want)
	}
}

func TestExplain_ReadsTitleAndBodyFlags(t *testing.T) {
	code, got, _ := explainOn(t, explained, "", "-title", "Hello", "-body", "It crashes")
	want := "  crash            rule 1, \"crashes\" in the body (crash), rules.yaml:4\n  P0               rule 2, follows from crash, rules.yaml:5\n  notify           alerts, team\n"
	if code != 0 || got != want {
		t.Errorf("exit %d, got:\n%s\nwant:\n%s", code, got, want)
	}
}

func TestExplain_NamesTheLineThatIsNoJSON(t *testing.T) {
	code, _, stderr := explainOn(t, explained, "{\"title\":\"a\"}\nnot JSON\n", "-json")
	if code != 2 || !strings.Contains(stderr, "standard input, line 2: expected") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// The words of a text are printed where others may read them: personal data
// in them is redacted. The id is the caller's own and stays as it is.
func TestExplain_RedactsWordsAndKeepsID(t *testing.T) {
	code, got, _ := explainOn(t, "labels: [{name: crash}]\ntriage: [{label: crash, any: ['/crash.*/']}]\n",
		`{"id":"+1 415 555 0132","title":"crash for ann@example.org","body":""}`, "-json")
	if code != 0 || !strings.Contains(got, `"id":"+1 415 555 0132"`) || strings.Contains(got, "ann@") || !strings.Contains(got, "[e-mail]") {
		t.Errorf("exit %d: %s", code, got)
	}
}

// Who gives no text at all is told how to give one, instead of being waited for.
func TestExplain_AsksForATextWhereNoneIsGiven(t *testing.T) {
	device, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if err := eachGiven(piped(device), func(given) error { return nil }); err == nil || !strings.Contains(err.Error(), "nothing to explain: give -title") {
		t.Errorf("from a device: %v", err)
	}
	file, err := os.CreateTemp(t.TempDir(), "texts")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if piped(file) == nil || piped(strings.NewReader("")) == nil {
		t.Error("a file, or a reader that is none, is not read")
	}
}
