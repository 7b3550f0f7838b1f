// Program init writes Aftercare's workflows and a rules.yaml into the repository
// of the current folder, and updates what it wrote when it is run again. It is no
// action: people run it in a terminal.
package main

import (
	"context"
	_ "embed"
	"os"
	"runtime/debug"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

//go:embed flags.yml
var flags []byte

func main() {
	if wantsHelp(os.Args[1:]) {
		help(os.Stdout)
		return
	}
	runner.Main(runner.Program{Manifest: flags, Run: func(ctx context.Context, env *runner.Env) error {
		build, _ := debug.ReadBuildInfo()
		return run(ctx, env, sitting(os.Stdin, os.Stderr), build)
	}})
}
