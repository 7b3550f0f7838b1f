package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

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
		play = func(ctx context.Context, s *stage) error { return recorded(ctx, s, *history, *rules) }
	}
	if err := play(ctx, s); err != nil {
		return err
	}
	return leave(s, *to)
}
