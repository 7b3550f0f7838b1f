package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

// talk answers the questions with the lines, over what was guessed.
func talk(t *testing.T, lines string) (answers, string, error) {
	t.Helper()
	guess := answers{Project: "rocket", Version: "v1.0.0", Shipped: "2026-01-24", Plan: "plain", Parts: parts()}
	var out bytes.Buffer
	a, err := ask(t.Context(), &runner.Env{}, newPerson(strings.NewReader(lines), &out), guess)
	return a, out.String(), err
}

func TestAPersonIsAsked(t *testing.T) {
	a, out, err := talk(t, "\ntriage, check\nRocket\n\n2026-03-01\n2026-04-01\n#rocket\nteam@acme.example\n")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(a.Parts, " ") != "check triage" || a.Project != "Rocket" || a.Version != "v1.0.0" || a.Shipped != "2026-03-01" || a.GA != "2026-04-01" ||
		a.Slack != "#rocket" || a.Mail != "team@acme.example" {
		t.Errorf("got %+v", a)
	}
	if !strings.Contains(out, "The project's name [rocket]: ") {
		t.Errorf("asked %q", out)
	}
}

func TestAMistakeIsAskedAgain(t *testing.T) {
	a, out, err := talk(t, "other\nplain\neverything\nall\n\n\nsoon\n2026-03-01\n2026-02-01\nnone\nnone\nnone\n")
	if err != nil || a.Shipped != "2026-03-01" || a.Slack != "" || a.Mail != "" || len(a.Parts) != len(parts()) {
		t.Errorf("got %+v, %v", a, err)
	}
	for _, want := range []string{`there is no part "everything"`, `"soon": expected a day such as`, `unknown plan "other"`, "2026-02-01 is before the day on which it was shipped, 2026-03-01"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q: %q", want, out)
		}
	}
}

// A person is told which secrets the plan uses, and declines some.
func TestAPersonDeclinesSecrets(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	h := &home{Root: root, dir: dir, remote: remote{"github.com", "acme", "rocket"}}
	a := answers{Project: "rocket", Version: "v1.0.0", Shipped: "2026-01-24", Plan: "plain", Slack: "#a", Mail: "a@b.example"}
	var out bytes.Buffer
	a, err = a.decline(t.Context(), &runner.Env{}, newPerson(strings.NewReader("mail, key\n"), &out), h, pin{commit, "v1.2.3"})
	if err != nil || strings.Join(a.Without, " ") != "key mail" || a.Mail != "" || a.Slack != "#a" {
		t.Errorf("got %+v, %v", a, err)
	}
	if !strings.Contains(out.String(), "rules.yaml uses secrets for key, mail, slack.") {
		t.Errorf("asked %q", out.String())
	}
}

// Who leaves, or interrupts, is not waited for, and gets no half repository.
func TestAPersonLeaves(t *testing.T) {
	if _, _, err := talk(t, "plain\nall\nRocket\n"); err == nil || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("got %v", err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	silent, hold := io.Pipe()
	defer hold.Close()
	if _, err := newPerson(silent, io.Discard).ask(ctx, "?"); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got %v", err)
	}
}

// A file of somebody else is overwritten when they say so, and at no other word.
func TestAPersonDecidesAboutTheirFile(t *testing.T) {
	for said, want := range map[string]state{"y": overruled, "yes": overruled, "Y": overruled, "": changed, "n": changed, "what": changed} {
		var out bytes.Buffer
		c := change{file: file{name: "rules.yaml"}, state: changed, was: "one\nmine\n", want: "one\nours\n"}
		got, err := settle(t.Context(), []change{c}, newPerson(strings.NewReader(said+"\n"), &out), false)
		if err != nil || got[0].state != want {
			t.Errorf("%q: got %v, %v", said, got[0].state, err)
		}
		if !strings.Contains(out.String(), "-mine") || !strings.Contains(out.String(), "+ours") {
			t.Errorf("the difference is not shown: %q", &out)
		}
	}
}

// What is no terminal is not asked, even where it never ends.
func TestItDoesNotWaitForAPipe(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	silent, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	defer hold.Close()
	cmd := exec.CommandContext(t.Context(), "aftercare-init", "-pin", commit, "-pin-version", "v1.2.3")
	cmd.Dir, cmd.Stdin = dir, silent
	cmd.Env = append(os.Environ(), "GITHUB_WORKSPACE=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "rules.yaml")); err != nil {
		t.Error(err)
	}
}
