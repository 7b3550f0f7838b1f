// Program init writes Aftercare's workflows and a rules.yaml into the repository
// of the current folder, and brings what it wrote to its own version when it is
// run again. It is no action: people run it in a terminal. What a rules.yaml may
// say is package rules' to know.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed flags.yml
var flags []byte

func main() {
	if wantsHelp(os.Args[1:]) {
		help(os.Stdout)
		return
	}
	runner.Main(runner.Program{Manifest: flags, Run: func(ctx context.Context, env *runner.Env) error {
		build, _ := debug.ReadBuildInfo()
		return run(ctx, env, sitting(os.Stdin, os.Stderr), build)
	}})
}

func run(ctx context.Context, env *runner.Env, person *person, build *debug.BuildInfo) error {
	home, err := enter(ctx, env.Path("."))
	if err != nil {
		return err
	}
	defer home.leave()
	pin, err := pinOf(ctx, env, build)
	if err != nil {
		return err
	}
	force := env.Input("force") == "true"
	answers, err := ask(ctx, env, person, home.guess(ctx, env.Now, env.Input("release"), force, githubAsker(env.HTTP, env.Getenv)))
	if err != nil {
		return err
	}
	files, err := compose(answers, pin)
	if err != nil {
		return err
	}
	changes, err := decide(ctx, home, files, person, force)
	if err != nil {
		return err
	}
	pages, err := decide(ctx, home, runbooks(home, planAmong(changes).stands()), person, force)
	if err != nil {
		return err
	}
	changes = append(changes, pages...)
	if !env.DryRun() {
		if err := confirm(ctx, person, changes); err != nil {
			return err
		}
		if err := carryOut(home, changes); err != nil {
			return err
		}
	}
	return errors.Join(env.Print(tell(home, pin, answers, changes, env.DryRun())), blocked(changes))
}

// blocked is the error of a run that could not write a workflow, because a file
// of somebody else stands in its place.
func blocked(changes []change) error {
	var names []string
	for _, c := range changes {
		if c.state == foreign && c.is == workflow {
			names = append(names, c.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%s was there already and is not of init: move it away, leave its name out of -parts, or overwrite it with -force", strings.Join(names, ", "))
}
