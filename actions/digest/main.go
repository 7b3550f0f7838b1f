// Program digest tells the week, or judges the month: it reads the record of
// readings, opens the week's issue, tells the channels, and files the page. It
// measures nothing.
package main

import (
	_ "embed"

	"github.com/aftercare/aftercare/actions/internal/app/digest"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed action.yml
var manifest []byte

//go:embed help.txt
var lesson string

func main() { runner.Main(runner.Program{Manifest: manifest, Lesson: lesson, Run: digest.Run}) }
