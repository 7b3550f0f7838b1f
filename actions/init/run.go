package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

// run is one run of the program.
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
