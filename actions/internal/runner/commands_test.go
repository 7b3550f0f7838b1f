package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func lookup(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

// A value of several lines would set other outputs, and one that holds the
// library's delimiter would end there.
func TestSetOutput_TakesOneLineOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "output")
	c := newCommands(lookup(map[string]string{"GITHUB_OUTPUT": path}), &bytes.Buffer{})
	for _, value := range []string{"a\nlabels=forged", "a\rb", "a\r\n"} {
		if err := c.setOutput("labels", value); err == nil || err.Error() != "the value must be one line" {
			t.Errorf("%q: got the error %v", value, err)
		}
	}
	for _, name := range []string{"", "a b", "a=b", "a<<EOF", "a\nb"} {
		if err := c.setOutput(name, "x"); err == nil || !strings.HasPrefix(err.Error(), "invalid output name") {
			t.Errorf("%q: got the error %v", name, err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused output was written")
	}
	delimiter := "_GitHubActionsFileCommandDelimeter_"
	if err := c.setOutput("labels", delimiter); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "labels="+delimiter+"\n" {
		t.Errorf("got %q", got)
	}
}

// The library panics where a file is missing or cannot be written. The run goes
// on, and warns once for each file.
func TestFiles_ThatCannotBeWrittenAreOneWarningEach(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"unset": {map[string]string{"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": ""},
			"::warning::output a cannot be written: GITHUB_OUTPUT is not set\n::warning::the step summary cannot be written: GITHUB_STEP_SUMMARY is not set\n"},
		"not to be opened": {map[string]string{"GITHUB_OUTPUT": "/nowhere/o", "GITHUB_STEP_SUMMARY": "/nowhere/s"},
			"::warning::output a cannot be written: open /nowhere/o: no such file or directory\n::warning::the step summary cannot be written: open /nowhere/s: no such file or directory\n"},
		"unset in a terminal": {map[string]string{"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": "", "GITHUB_ACTIONS": ""}, "# A\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := try(t, c.env, nil, func(_ context.Context, e *Env) error {
				e.Output("a", "1")
				e.Output("b", "2")
				return errors.Join(e.Summary("# A"), e.Print("b"))
			})
			if got.code != 0 || got.stdout != c.want {
				t.Errorf("exit %d, got\n%s\nwant\n%s", got.code, got.stdout, c.want)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// The library panics where the log cannot be written, as when its reader is gone.
func TestRun_SurvivesALogThatCannotBeWritten(t *testing.T) {
	var p = Process{
		Args: []string{"probe"}, Environ: func() []string { return nil }, Clock: time.Now, Stdout: brokenWriter{}, Stderr: brokenWriter{},
		Getenv: lookup(map[string]string{"GITHUB_ACTIONS": "true", "SMTP_URL": "smtp://a:pass-word-1@h"}),
	}
	many := &listed{}
	for i := range 12 {
		many.lines = append(many.lines, fmt.Sprintf("rules.yaml:%d:1: a", i+1))
	}
	code := Run(t.Context(), Program{[]byte(manifest), "", func(_ context.Context, e *Env) error {
		e.Warn("careful")
		e.Output("a", "b")
		return many
	}}, p)
	if code != 2 {
		t.Errorf("exit %d, want 2", code)
	}
}

func TestAttempt_LeavesFaultsOfTheProgramAlone(t *testing.T) {
	if err := attempt(func() { panic(errors.New("unable")) }); err == nil || err.Error() != "unable" {
		t.Errorf("got %v", err)
	}
	for name, f := range map[string]func(){
		"a runtime error": func() { var none []int; none[len(none)] = 1 },
		"no error":        func() { panic("a word") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("the panic was taken for an error of writing")
				}
			}()
			_ = attempt(f)
		})
	}
}

// The library would read a payload of any size. Ours reads 25 MiB and one byte.
func TestEvent_IsReadWithALimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(path, []byte(`{"action":"opened"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GITHUB_EVENT_PATH": path, "GITHUB_EVENT_NAME": "issues", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_NUMBER": "x"}
	if run := contextOf(lookup(env)); run.Event != nil || run.EventPath != "" || run.EventName != "issues" || run.Repository != "a/b" {
		t.Errorf("the context is %+v: it must hold all but the event", run)
	}
	if err := os.Truncate(path, maxEvent+1); err != nil {
		t.Fatal(err)
	}
	got := try(t, env, nil, func(context.Context, *Env) error { t.Error("it ran"); return nil })
	if want := "::error::the event's payload is over 25 MiB, more than GitHub delivers\n"; got.code != 1 || got.stdout != want {
		t.Errorf("exit %d, %q; want %q", got.code, got.stdout, want)
	}
}

// A text is no format: what looks like a verb of Printf stays as it is.
func TestMessages_AreNoFormats(t *testing.T) {
	got := try(t, nil, nil, func(_ context.Context, e *Env) error {
		e.Warn("%s", "50%d of %s %!v")
		return errors.New("rules.yaml:1:2: 50%d %s")
	})
	if want := "::warning::50%25d of %25s %25!v\n::error col=2,file=rules.yaml,line=1::rules.yaml:1:2: 50%25d %25s\n"; got.stdout != want {
		t.Errorf("got %q, want %q", got.stdout, want)
	}
}

type listed struct{ lines []string }

func (l *listed) Error() string      { return "several" }
func (l *listed) Mistakes() []string { return l.lines }

// GitHub drops all annotations of a step but ten of a level, so the others are
// in a group, where none is lost and none is a command.
func TestMistakes_BeyondTenAreFolded(t *testing.T) {
	many := &listed{}
	for i := range 11 {
		many.lines = append(many.lines, fmt.Sprintf("rules.yaml:%d:1: %%d", i+1))
	}
	many.lines = append(many.lines, "::error::forged\n::endgroup::")
	got := try(t, nil, nil, func(context.Context, *Env) error { return many })
	_, folded, _ := strings.Cut(got.stdout, "::error col=1,file=rules.yaml,line=10::rules.yaml:10:1: %25d\n")
	if want := "::group::2 more errors\nerror: rules.yaml:11:1: %d\nerror: · ::error::forged ::endgroup::\n::endgroup::\n"; folded != want || strings.Count(got.stdout, "\n::error ") != 9 {
		t.Errorf("got %q, want at its end %q", got.stdout, want)
	}
	terminal := try(t, map[string]string{"GITHUB_ACTIONS": ""}, nil, func(context.Context, *Env) error { return many })
	if strings.Count(terminal.stderr, "error: rules.yaml:") != 11 || terminal.stdout != "" {
		t.Errorf("a terminal shows %q and %q", terminal.stdout, terminal.stderr)
	}
}

func TestPasswordsOf(t *testing.T) {
	for _, c := range []struct {
		name, secret string
		want         []string
	}{
		{"mail", "smtp://ann:s3cr%40t-word@mail.example:587?tls=none&from=a:b@c.example", []string{"s3cr%40t-word", "s3cr@t-word"}},
		{"a mailbox", "imaps://ann@x.example:s3cret:word@mail.example/INBOX", []string{"s3cret:word"}},
		{"a database", "postgres://ann:s3cret-word@db/x?password=0ther%2Dword", []string{"s3cret-word", "0ther%2Dword", "0ther-word"}},
		{"a connection string", `host=db password=s3cret-word user=ann`, []string{"s3cret-word"}},
		{"a quoted connection string", `user=ann Password = 'it\'s s3cret'`, []string{`it\'s s3cret`, "it's s3cret"}},
		{"no password", "smtp://mail.example?from=ann:abcdefgh@c.example", nil},
		{"a short one", "smtp://ann:abc@mail.example", nil},
		{"a broken escape", "smtp://ann:abc%zzdef@mail.example", []string{"abc%zzdef"}},
		{"a token", "ghs_Ab1Ab1Ab1", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := passwordsOf([]string{c.secret}); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The runner masks a secret as a whole. It learns the password inside, on
// standard error, since standard output may go to a file; a terminal shows none.
func TestMasks_ThePasswordInsideAnAddress(t *testing.T) {
	env := map[string]string{
		"SMTP_URL": "smtp://ann:smtp%25word@mail.example", "IMAP_URL": "imaps://ann:imap-word@mail.example", "TELEMETRY_DSN": "host=db password=dsn-word",
	}
	run := func(_ context.Context, e *Env) error {
		e.Log.Info("smtp%word imap-word dsn-word")
		return errors.New("login with imap-word refused")
	}
	got := try(t, env, nil, run)
	want := "::add-mask::smtp%2525word\n::add-mask::smtp%25word\n::add-mask::imap-word\n::add-mask::dsn-word\n[secret] [secret] [secret]\n"
	if got.stderr != want || got.stdout != "::error::login with [secret] refused\n" {
		t.Errorf("got %q and %q, want %q", got.stdout, got.stderr, want)
	}
	env["GITHUB_ACTIONS"] = ""
	if got := try(t, env, nil, run); got.stderr != "[secret] [secret] [secret]\nerror: login with [secret] refused\n" || got.stdout != "" {
		t.Errorf("a terminal shows %q and %q", got.stdout, got.stderr)
	}
}

// A hyphen of an input is an underscore in its variable, which the library
// leaves alone.
func TestInputOf_ReadsTheVariableOfOurActions(t *testing.T) {
	env := map[string]string{"INPUT_DRY_RUN": " true\n", "INPUT_DRY-RUN": "false"}
	if got := inputOf("dry-run", lookup(env)); got != "true" {
		t.Errorf("got %q", got)
	}
}
