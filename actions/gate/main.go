// Program gate says whether the next release may go: it holds the criteria of
// the plan against the record of readings and the boxes that people ticked,
// files the decision with its evidence, and sets a commit's status.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/app/gate"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: gate.Run}) }
