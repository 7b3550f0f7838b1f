package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
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
	if answers, err = answers.decline(ctx, env, person, home, pin); err != nil {
		return err
	}
	changes, err := home.changes(ctx, answers, pin, person, force)
	if err != nil {
		return err
	}
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

// decline asks which of the secrets that the plan uses shall be left out.
func (a answers) decline(ctx context.Context, env *runner.Env, person *person, h *home, p pin) (answers, error) {
	f, err := composePlan(a, p)
	if err != nil {
		return a, err
	}
	draft, err := compare(h, []file{f})
	if err != nil {
		return a, err
	}
	of := servicesOf(draft[0].stands(), h.remote.host)
	err = question{"without", "rules.yaml uses secrets for " + strings.Join(of, ", ") + ".\nWhich of these will you leave out (separated by commas, or none)", putWithout,
		func(a answers) string { return orNone(strings.Join(a.Without, ",")) }}.answer(ctx, env.Input("without"), person, &a)
	return a, err
}

// changes decides about each file: the workflows by the plan that will stand, the
// plan, and the pages that it names.
func (h *home) changes(ctx context.Context, a answers, p pin, person *person, force bool) ([]change, error) {
	f, err := composePlan(a, p)
	if err != nil {
		return nil, err
	}
	plan, err := decide(ctx, h, []file{f}, person, force)
	if err != nil {
		return nil, err
	}
	stands := plan[0].stands()
	files, err := composeParts(a, p, stands, h.remote.host)
	if err != nil {
		return nil, err
	}
	workflows, err := decide(ctx, h, files, person, force)
	if err != nil {
		return nil, err
	}
	pages, err := decide(ctx, h, runbooks(h, stands), person, force)
	return slices.Concat(workflows, plan, pages), err
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
