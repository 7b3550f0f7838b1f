// Program check reads rules.yaml, reports all of its mistakes, and tries it on
// past issues: what a change of it would have done, and how each rule agrees
// with the labels that people gave. It changes nothing.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/app/check"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: check.Run}) }
