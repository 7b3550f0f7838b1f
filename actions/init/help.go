package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

func wantsHelp(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" })
}

// help says what init does and each of its flags, in the order of the alphabet.
func help(w io.Writer) {
	m, err := runner.ReadManifest(flags)
	if err != nil {
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintf(w, "init: %s\n\n  go run github.com/aftercare/aftercare/actions/init@latest\n\nFlags:\n", m.Description)
	for _, name := range slices.Sorted(maps.Keys(m.Inputs)) {
		fmt.Fprintf(w, "\n  -%s\n      %s\n", name, m.Inputs[name].Description)
	}
	fmt.Fprintf(w, "\n  -version\n      Print the version of this program.\n\nParts: %s.\n%s", strings.Join(parts(), ", "), manners)
}

const manners = `
Each file bears the hash of what init wrote on its first line. Run again, init
brings those that nobody changed to its version, and shows how the others
differ. It overwrites nothing else, unless -force says so or a person does.

Exit: 0 the work was done; 1 it was not; 2 a mistake in the flags.
`
