// Program snapshot measures a release: it reads the sources, measures the metrics
// of rules.yaml, judges them, notifies channels of what is new, and files pages,
// readings and alert state in one commit.
package main

import (
	_ "embed"
	"os"
	"runtime/debug"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() {
	if code, isChild := child(); isChild {
		os.Exit(code)
	}
	debug.SetGCPercent(50) // memory is dearer on a runner than the time of its collection
	runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: program().Run})
}
