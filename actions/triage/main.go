// Program triage reads an issue that was opened, edited, reopened or labelled,
// gives it the labels that its words earn, and tells the channels that must
// hear of them: once.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/action"
	"github.com/aftercare/aftercare/actions/triage/program"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { action.Main(action.Program{Manifest: manifest, Lesson: lesson, Run: program.Run}) }
