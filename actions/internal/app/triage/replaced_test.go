package triage

import (
	"slices"
	"testing"
)

// GitHub keeps one run of a concurrency group waiting, and a newer event replaces
// it: the run that is left must do what the replaced ones would have done. Each
// case runs the last event alone, whatever came before it.
func TestReplacedRuns_LoseNothing(t *testing.T) {
	for _, last := range []string{"opened", "edited", "reopened", "labeled"} {
		t.Run(last, func(t *testing.T) {
			s := newStage(t, "")
			n := s.Repo.OpenIssue("ann", "A question", "How do I start it?")
			s.Repo.EditIssue("ann", n, urgentTitle, urgentBody) // the run of opened waits, and is replaced
			if last == "labeled" {
				s.Repo.Label("lena", n, "question") // and that of edited too
			}
			if got := s.event(t, last, n); got.Code != 0 {
				t.Fatal(got.Stderr)
			}
			if labels := s.Repo.Issue(n).Labels; !slices.Contains(labels, "P0") {
				t.Errorf("labels %q", labels)
			}
			if told := s.told("#caro-alerts"); len(told) != 1 {
				t.Errorf("told %q", told)
			}
		})
	}
}
