// Program demo plays three weeks of a beta on a simulated GitHub, offline and in
// fast time, through the programs that run in production, and prints what happens.
// The folder of reports that comes of it is left to be read. With a recorded
// history it plays that instead.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "demo: "+err.Error())
		os.Exit(1)
	}
}
