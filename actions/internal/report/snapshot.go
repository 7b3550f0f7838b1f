package report

import (
	"fmt"
	"strings"
)

// Snapshot is the summary of a snapshot run: how the release stands, who was
// notified, and where the reports are.
func Snapshot(d Day, commit, folder string, dry bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", Headline(d))
	switch {
	case dry:
		fmt.Fprintf(&b, "Dry run: no notifications, no commit. The reports are in the folder `%s`.\n\n", folder)
	case commit != "":
		fmt.Fprintf(&b, "Reports committed in %.10s.\n\n", commit)
	default:
		b.WriteString("Nothing changed, so nothing was committed.\n\n")
	}
	for _, told := range d.Told {
		fmt.Fprintf(&b, "- Notified %s\n", Cell(told))
	}
	if len(d.Told) > 0 {
		b.WriteString("\n")
	}
	view := d.view("")
	b.WriteString(page("attention", view) + "\n" + page("gaps", view))
	return strings.TrimSpace(b.String()) + "\n"
}
