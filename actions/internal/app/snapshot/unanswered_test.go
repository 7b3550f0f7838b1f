package snapshot

import (
	"strings"
	"testing"
	"time"
)

// An issue whose label asks for a response is the next step until somebody has responded,
// with the shortest time that its labels ask for; an issue that nobody asks for is not.
func TestSnapshot_AsksForResponsesToIssues(t *testing.T) {
	plan := strings.NewReplacer("labels: [{name: P0}", "labels: [{name: P1}, {name: P2}, {name: idea}, {name: P0}",
		"any: [meltdown]}", "any: [meltdown]}, {label: P1, any: [sluggish]}, {label: idea, any: [wish]}, {label: P2, any: [stutter]}",
		"routes:\n", "routes:\n  - {label: P1, to: [monitoring], respond: 4h}\n  - {label: P2, to: [alerts], respond: 2h}\n  - {label: idea, to: [monitoring]}\n").Replace(small)
	s := newStage(t, plan)
	for _, title := range []string{"sluggish start", "a wish", "sluggish `end` @everyone <b>", "sluggish, and a stutter"} {
		n := s.repo.OpenIssue("ann", title, "")
		if got := s.triage(t, n); got.code != 0 {
			t.Fatalf("triage: code %d\n%s", got.code, got.stderr)
		}
	}
	s.repo.Comment("bob", 1, "Thank you, I look into it.")
	s.world.Advance(time.Hour)
	s.must(t)
	page := s.report("README.md")
	contains(t, "the page", page, "Respond to issue #\u20603 of 24 Jan: “sluggish \\`end\\` @\u2060everyone &lt;b&gt;” (P1, within 4h)")
	if strings.Contains(page, "issue #\u20601 of") || strings.Contains(page, "issue #\u20602 of") {
		t.Errorf("the page asks for a response to an issue that has one, or to which nobody asks for one:\n%.900s", page)
	}
	contains(t, "the page", page, "Respond to issue #\u20604 of 24 Jan: “sluggish, and a stutter” (P2, within 2h)")
	s.lose(t)
	if again := s.must(t); again.outputs["commit"] != "" {
		t.Errorf("the same page was filed again where the cache was lost: %s", again.stdout)
	}
	s.world.Advance(4 * time.Hour)
	s.must(t)
	contains(t, "the page when it is late", s.report("README.md"), "(P1, late, limit 4h)")
	s.repo.CloseIssue("bob", 3)
	s.repo.CloseIssue("bob", 4)
	s.world.Advance(time.Hour)
	s.must(t)
	if page := s.report("README.md"); strings.Contains(page, "Respond to issue") {
		t.Errorf("the page asks for a response to a closed issue:\n%.900s", page)
	}
}
