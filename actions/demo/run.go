package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/aftercare/aftercare/actions/internal/terminal"
)

const usage = `demo plays three weeks of a beta on a simulated GitHub, and leaves the reports
in a folder. Nothing leaves this machine.

`

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	to := flags.String("to", usual, "the folder that the reports are left in; what demo left there before is replaced, and nothing else")
	history := flags.String("history", "", "a recorded repository to play instead, such as issues.jsonl.gz: a line for each issue, with its events")
	rules := flags.String("rules", "", "with -history, your rules.yaml to play it by, instead of the demo's")
	since := flags.String("since", "", "with -history, the day from which issues go through triage and snapshots are taken, such as 2026-01-24; earlier days are only recorded, which is faster")
	flags.Usage = func() { fmt.Fprint(stderr, usage); flags.PrintDefaults() }
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return nil
	case err != nil:
		return fmt.Errorf("%w; -h shows the flags", err)
	case flags.NArg() > 0:
		return fmt.Errorf("unknown argument %q; -h shows the flags", flags.Arg(0))
	}
	if *rules != "" && *history == "" {
		return errors.New("-rules plays your rules on your issues: give -history as well, the file that holds them")
	}
	from, err := dayFrom(*since)
	switch {
	case err != nil:
		return err
	case *since != "" && *history == "":
		return errors.New("-since is for a recorded repository: give -history as well, the file that holds it")
	}
	if err := free(*to); err != nil {
		return err
	}
	tale := &teller{out: stdout, coloured: terminal.Coloured(stdout, os.Getenv)}
	s, err := open(tale)
	if err != nil {
		return err
	}
	defer s.close()
	debug.SetGCPercent(400) // a world, its servers and every program leave their garbage in one process
	play := beta
	if *history != "" {
		play = func(ctx context.Context, s *stage) error { return recorded(ctx, s, *history, *rules, from) }
	}
	if err := play(ctx, s); err != nil {
		return err
	}
	return leave(s, *to)
}

// dayFrom is the beginning of a day in UTC; the zero time where none is given.
func dayFrom(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return from, fmt.Errorf("-since %q is not a day: expected one such as 2026-01-24", day)
	}
	return from, nil
}
