package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const manifest = `
name: probe
description: Shows what a run gets.
inputs:
  github-token: {description: The token, default: '${{ github.token }}'}
  rules: {description: The file, default: rules.yaml}
  dry-run: {description: Change nothing, default: 'false'}
  as-of: {description: Reference time for the run}
  repository: {description: The watched repository}
outputs:
  labels: {description: What was added}
`

// outcome is a run as the outside sees it.
type outcome struct {
	code                             int
	stdout, stderr, summary, outputs string
}

func try(t *testing.T, env map[string]string, args []string, run func(context.Context, *Env) error) outcome {
	t.Helper()
	dir := t.TempDir()
	summary, outputs := filepath.Join(dir, "summary"), filepath.Join(dir, "outputs")
	all := map[string]string{"GITHUB_STEP_SUMMARY": summary, "GITHUB_OUTPUT": outputs, "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": dir}
	for k, v := range env {
		all[k] = v
	}
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), Program{[]byte(manifest), "Try it:\n\n  probe -dry-run\n", run}, Process{
		Args: append([]string{"probe"}, args...), Getenv: func(k string) string { return all[k] }, Environ: func() []string { return nil },
		Clock:  func() time.Time { return time.Date(2026, 1, 27, 10, 0, 0, 0, time.FixedZone("CET", 3600)) },
		Stdout: &stdout, Stderr: &stderr,
	})
	s, _ := os.ReadFile(summary)
	o, _ := os.ReadFile(outputs)
	return outcome{code, stdout.String(), stderr.String(), string(s), string(o)}
}

func TestInputs(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		args []string
		want string // rules, dry, repository, now
	}{
		{"defaults", map[string]string{"GITHUB_REPOSITORY": "a/b"}, nil, "rules.yaml false a/b 2026-01-27T09:00:00Z"},
		{"from a workflow", map[string]string{"INPUT_RULES": "x.yaml", "INPUT_DRY_RUN": "true", "INPUT_REPOSITORY": "c/d"}, nil, "x.yaml true c/d 2026-01-27T09:00:00Z"},
		{"from flags", nil, []string{"-rules", "y.yaml", "--dry-run", "-repository=e/f", "-as-of", "2026-02-01T00:00:00+01:00"}, "y.yaml true e/f 2026-01-31T23:00:00Z"},
		{"a switch with its value", nil, []string{"-dry-run", "false"}, "rules.yaml false  2026-01-27T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got string
			out := try(t, c.env, c.args, func(_ context.Context, e *Env) error {
				got = strings.Join([]string{e.Input("rules"), map[bool]string{true: "true", false: "false"}[e.DryRun()], e.Repository(), e.Now.Format(time.RFC3339)}, " ")
				return nil
			})
			if got != c.want || out.code != 0 {
				t.Errorf("got %q, code %d, %s; want %q", got, out.code, out.stdout, c.want)
			}
		})
	}
}

type several struct{}

func (several) Error() string      { return "x" }
func (several) Mistakes() []string { return []string{"rules.yaml:1:2: a", "rules.yaml:3:4: b"} }

type hinted struct{}

func (hinted) Error() string { return "it did not work\nat all" }
func (hinted) Hint() string  { return "try harder" }

func TestHowARunEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		env  map[string]string
		err  error
		code int
		out  string
	}{
		{"well", nil, nil, nil, 0, ""},
		{"not well", nil, nil, hinted{}, 1, "::error::it did not work; at all (hint: try harder)\n"},
		{"joined errors", nil, nil, errors.Join(errors.New("a"), errors.New("b")), 1, "::error::a; b\n"},
		{"mistakes in a file", nil, nil, several{}, 2, "::error col=2,file=rules.yaml,line=1::rules.yaml:1:2: a\n::error col=4,file=rules.yaml,line=3::rules.yaml:3:4: b\n"},
		{"an unknown flag", []string{"-nope"}, nil, nil, 2, "::error::unknown argument \"-nope\"; -h shows the inputs\n"},
		{"a flag without value", []string{"-rules"}, nil, nil, 2, "::error::-rules wants a value\n"},
		{"a time that is none", []string{"-as-of", "monday"}, nil, nil, 2, "::error::input as-of is \"monday\": expected a time such as 2026-01-27T09:00:00Z\n"},
		{"a switch that is none", nil, map[string]string{"INPUT_DRY_RUN": "yes"}, nil, 2, "::error::input dry-run is \"yes\": expected true or false\n"},
		{"an event that is not there", nil, map[string]string{"GITHUB_EVENT_PATH": "/nowhere"}, nil, 1, "::error::the event's payload, GITHUB_EVENT_PATH: open /nowhere: no such file or directory\n"},
		{"a forged command in an error", nil, nil, errors.New("::set-output name=x::1\r\n::warning::%0A::error::y"), 1, "::error::· ::set-output name=x::1 ; ::warning::%250A::error::y\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := try(t, c.env, c.args, func(context.Context, *Env) error { return c.err })
			if got.code != c.code || got.stdout != c.out {
				t.Errorf("got %d %q, want %d %q", got.code, got.stdout, c.code, c.out)
			}
		})
	}
}

func TestInATerminalErrorsAreWords(t *testing.T) {
	got := try(t, map[string]string{"GITHUB_ACTIONS": ""}, nil, func(_ context.Context, e *Env) error {
		e.Warn("careful")
		return errors.New("broken")
	})
	if got.stdout != "" || got.stderr != "warn: careful\nerror: broken\n" {
		t.Errorf("got %q and %q", got.stdout, got.stderr)
	}
}

// An output holds any text: whatever a mention's address or a label holds, the
// line is one line, a shell finds nothing to run in it, and fromJSON gives it back.
func TestOutputs_HoldAnyText(t *testing.T) {
	labels := []string{"bug", "c#", "\u2728 wish", `a"b\c`, "x\ny=z", "$(id)", "`id`", "\U0001F600", "https://example.org/a?b=c&d=e@f#g", "x<<EOF", "'; rm -rf /"}
	got := try(t, nil, nil, func(_ context.Context, e *Env) error {
		e.Outputs("labels", labels)
		e.Outputs("removed", nil)
		e.Output("report", "reports/2026/W05/2026-01-27.md")
		e.Output("alerts", "https://example.org/a?b=c@d#e")
		return nil
	})
	lines := strings.Split(strings.TrimSuffix(got.outputs, "\n"), "\n")
	if len(lines) != 4 || lines[1] != "removed=[]" || lines[2] != "report=reports/2026/W05/2026-01-27.md" || lines[3] != "alerts=https://example.org/a?b=c@d#e" {
		t.Fatalf("the outputs are\n%s", got.outputs)
	}
	var back []string
	if err := json.Unmarshal([]byte(strings.TrimPrefix(lines[0], "labels=")), &back); err != nil || !slices.Equal(back, labels) {
		t.Errorf("%s gives back %q, %v", lines[0], back, err)
	}
	if strings.ContainsAny(lines[0], "$`;&|<>'\r") {
		t.Errorf("a shell would read %s", lines[0])
	}
}

// What the runner's files refuse is a warning: by then people were notified, and
// the steps that follow, which save the cache, must run.
func TestOutputs_NeverFailTheRun(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full on this system")
	}
	full := map[string]string{"GITHUB_OUTPUT": "/dev/full", "GITHUB_STEP_SUMMARY": "/dev/full"}
	got := try(t, full, nil, func(_ context.Context, e *Env) error {
		e.Outputs("labels", []string{"bug"})
		return errors.Join(e.Summary("# Page"), e.Print("lines"))
	})
	if got.code != 0 || strings.Count(got.stdout, "::warning::") != 3 || !strings.Contains(got.stdout, "output labels cannot be written") {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	nowhere := map[string]string{"GITHUB_OUTPUT": "/nowhere/output", "GITHUB_STEP_SUMMARY": "/nowhere/summary"}
	got = try(t, nowhere, nil, func(_ context.Context, e *Env) error {
		e.Output("labels", "bug")
		return e.Summary("# Page")
	})
	if got.code != 0 || strings.Count(got.stdout, "::warning::") != 2 {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	long := try(t, nil, nil, func(_ context.Context, e *Env) error {
		e.Output("labels", strings.Repeat("x", maxOutput))
		return nil
	})
	if long.code != 0 || long.outputs != "labels=\n" || !strings.Contains(long.stdout, "longer than GitHub takes") {
		t.Errorf("exit %d: %d bytes, %s", long.code, len(long.outputs), long.stdout)
	}
}

func TestWarningsAreTenAtMost(t *testing.T) {
	got := try(t, nil, nil, func(_ context.Context, e *Env) error {
		for range 30 {
			e.Warn("once more")
		}
		return nil
	})
	if n := strings.Count(got.stdout, "::warning::"); n != 10 || !strings.Contains(got.stdout, "see the log") {
		t.Errorf("%d annotations in %q", n, got.stdout)
	}
}

func TestSummaryIsCutWhole(t *testing.T) {
	got := try(t, nil, nil, func(_ context.Context, e *Env) error { return e.Summary(strings.Repeat("ä", maxSummary)) })
	if len(got.summary) > maxSummary || !strings.Contains(got.summary, "(cut:") || strings.Contains(got.summary, "\uFFFD") {
		t.Errorf("the summary has %d bytes and ends with %q", len(got.summary), got.summary[len(got.summary)-80:])
	}
}

func TestSecretsNeverShow(t *testing.T) {
	env := map[string]string{"INPUT_GITHUB_TOKEN": "s3cr3t-token-value", "SLACK_WEBHOOK_URL": "http://127.0.0.1/services/T1/B2/canary99"}
	got := try(t, env, nil, func(_ context.Context, e *Env) error {
		e.Log.Info("token is s3cr3t-token-value")
		return errors.New("post http://127.0.0.1/services/T1/B2/canary99: refused")
	})
	for _, secret := range env {
		if strings.Contains(got.stdout+got.stderr, secret) {
			t.Errorf("%q shows in %q %q", secret, got.stdout, got.stderr)
		}
	}
}

func TestHelpTeaches(t *testing.T) {
	got := try(t, nil, []string{"-h"}, func(context.Context, *Env) error { t.Error("it ran"); return nil })
	for _, want := range []string{"probe: Shows what a run gets.", "-dry-run (default false)", "Change nothing", "Exit: 0", "Outputs: labels", "Try it:\n\n  probe -dry-run\n"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "${{") {
		t.Errorf("help shows an expression of GitHub's:\n%s", got.stdout)
	}
}

// One line stays one line, prints, and is not a workflow command.
func FuzzOneLine(f *testing.F) {
	for _, s := range []string{"a\nb", "::error::x", " ##[error]y", "\u202eabc", "\xff\xfe", "a\x1b[31m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := OneLine(s)
		if strings.ContainsAny(got, "\n\r\x1b\u2028\u2029\u202e") || strings.HasPrefix(got, "::") || strings.HasPrefix(got, "##[") {
			t.Fatalf("OneLine(%q) = %q", s, got)
		}
		if again := OneLine(got); again != got {
			t.Fatalf("OneLine(%q) = %q, and of that %q", s, got, again)
		}
	})
}
