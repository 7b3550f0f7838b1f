// Program triage reads an issue that was opened, edited, reopened or labelled,
// gives it the labels that its words earn, and tells the channels that must
// hear of them: once.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/app/triage"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: triage.Run}) }
