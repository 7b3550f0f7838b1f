package report

import (
	"fmt"
	"strings"
)

// Snapshot is the summary of a snapshot run: how the release is, who was told,
// and where the reports are.
func Snapshot(d Day, commit, folder string, dry bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", Headline(d))
	switch {
	case dry:
		fmt.Fprintf(&b, "A dry run: nobody was told and nothing was committed. The reports are in the folder `%s`.\n\n", folder)
	case commit != "":
		fmt.Fprintf(&b, "Filed in commit %.10s.\n\n", commit)
	default:
		b.WriteString("Nothing changed, so nothing was committed.\n\n")
	}
	for _, told := range d.Told {
		fmt.Fprintf(&b, "- Told %s\n", Cell(told))
	}
	if len(d.Told) > 0 {
		b.WriteString("\n")
	}
	attention(&b, d)
	incomplete(&b, d)
	return b.String()
}
