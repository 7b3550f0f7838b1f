// Program snapshot measures a release: it reads the sources, asks the metrics of
// the plan, judges the answers, tells the channels what is news, and files pages,
// readings and its memory in one commit.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/action"
	"github.com/aftercare/aftercare/actions/snapshot/program"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { action.Main(action.Program{Manifest: manifest, Lesson: lesson, Run: program.Run}) }
