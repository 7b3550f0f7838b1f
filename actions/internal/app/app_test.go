package app

import (
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// connected is what a run of triage with these variables is connected to.
func connected(t *testing.T, env map[string]string) *App {
	t.Helper()
	manifest, err := os.ReadFile("../../triage/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	env["GITHUB_TOKEN"] = "x"
	var a *App
	code := runner.Run(t.Context(), runner.Program{Manifest: manifest, Run: func(_ context.Context, env *runner.Env) error {
		a, err = Connect(env, &config.Book{People: model.People{Ignore: []string{"robot"}}}, time.Minute)
		return err
	}}, runner.Process{
		Args: []string{"triage"}, Getenv: func(name string) string { return env[name] }, Environ: func() []string { return nil },
		Clock: time.Now, Stdout: io.Discard, Stderr: io.Discard,
	})
	if code != 0 || err != nil {
		t.Fatalf("exit code %d: %v", code, err)
	}
	return a
}

// A deleted account has no login; were it taken for ours, what it wrote would be
// left unlabelled, and its labels would be taken off.
func TestApp_KnowsItsOwnAccount(t *testing.T) {
	a := connected(t, map[string]string{"GITHUB_REPOSITORY": "caro/caro", "AFTERCARE_LOGIN": "Caro-Bot"})
	for login, want := range map[string]struct{ ours, person bool }{
		"caro-bot": {true, false}, "": {false, true}, "ann": {false, true}, "robot": {false, false}, "dependabot[bot]": {false, false},
	} {
		if a.IsOurs(login) != want.ours || a.IsPerson(login) != want.person {
			t.Errorf("%q: ours %v, person %v; want %+v", login, a.IsOurs(login), a.IsPerson(login), want)
		}
	}
}

// What a run learns of its own account counts at once.
func TestApp_BelievesWhatItLearnedOfItsAccount(t *testing.T) {
	a := connected(t, map[string]string{"GITHUB_REPOSITORY": "caro/caro"})
	isOurs := a.IsOurs
	if a.Issues.Seal.Login = "caro-app[bot]"; !isOurs("caro-app[bot]") {
		t.Error("the account that GitHub gave is not ours")
	}
}

// A schedule runs on the default branch, so no request asks for its name.
func TestConnect_TakesTheBranchOfASchedule(t *testing.T) {
	env := map[string]string{"GITHUB_REPOSITORY": "caro/caro", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "trunk"}
	if a := connected(t, env); a.History.Branch != "" {
		t.Errorf("the branch of a run by hand is %q, want none", a.History.Branch)
	}
	env["GITHUB_EVENT_NAME"] = "schedule"
	if a := connected(t, env); a.History.Branch != "trunk" {
		t.Errorf("the branch of a schedule is %q, want trunk", a.History.Branch)
	}
}
