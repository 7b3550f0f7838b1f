package audit

import (
	"strings"
	"testing"
)

// A figure in the next step of a page is compared as one in its tables.
func TestReadings_FindsAChangedNextStep(t *testing.T) {
	for page, change := range map[string][2]string{
		"2026/W06/2026-02-04.md": {"Respond to Crash rate 3.5%", "Respond to Crash rate 3.6%"},
		"2026/W04/2026-01-24.md": {"(New contributors: 0, target", "(New contributors: 2, target"},
		"2026/W06/2026-02-05.md": {"Follow up on Crash rate 11.3%", "Follow up on Crash rate 11.6%"},
	} {
		folder := copied(t)
		src := string(folder[page].Data)
		at := strings.Index(src, change[0])
		if at < 0 {
			t.Fatalf("%s does not say %q", page, change[0])
		}
		folder[page].Data = []byte(src[:at] + change[1] + src[at+len(change[0]):])
		got, err := Readings(folder, catalogue(t))
		if err != nil || len(got.Findings) != 1 || got.Findings[0].Page != page {
			t.Errorf("%s: %v, %v", change[1], err, got.Findings)
		}
	}
}
