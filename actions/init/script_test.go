package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/workflowlint"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"aftercare-init": main})
}

const commit = "0123456789abcdef0123456789abcdef01234567"

// Each script is a story of one repository. Beside the usual commands:
//
//	init [FLAGS]    init without a terminal, with a pin
//	sound           holds what was written to config.Parse, the policy and actionlint
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("PIN", commit)
			env.Setenv("GITHUB_API_URL", "http://127.0.0.1:1") // nobody answers there
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(env.WorkDir))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"sound": sound},
	})
}

// sound finds what is wrong with the files of a repository that init wrote.
func sound(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(".")
	src, err := os.ReadFile(filepath.Join(dir, "rules.yaml"))
	ts.Check(err)
	if _, err := config.Parse("rules.yaml", src); err != nil {
		ts.Fatalf("%v", err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, ".github", "workflows", "*.yml"))
	if len(files) == 0 {
		ts.Fatalf("no workflows were written")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		ts.Check(err)
		for _, f := range workflowlint.Check(filepath.Base(file), src) {
			ts.Fatalf("%s", f)
		}
		if bytes.Contains(src, []byte("PIN")) {
			ts.Fatalf("%s has no pin", file)
		}
	}
	lint(ts, dir)
}

// lint runs actionlint where it is; the policy is always asked.
func lint(ts *testscript.TestScript, dir string) {
	tool, err := exec.LookPath("actionlint")
	if err != nil {
		ts.Logf("actionlint is not here, so it is not asked: make lint installs it")
		return
	}
	cmd := exec.Command(tool, "-ignore", `unknown permission scope "vulnerability-alerts"`) // it is newer than the tool
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		ts.Fatalf("actionlint: %v\n%s", err, strings.TrimSpace(string(out)))
	}
}
