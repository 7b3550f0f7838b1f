package snapshot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// following is the small plan of a release with hot-fixes, and with what happens when the next
// one is published.
func following(next string) string {
	return strings.Replace(small, "shipped: 2026-01-24", "shipped: 2026-01-24, follow: 1.1.*, next: "+next, 1)
}

// A hot-fix that is published moves the marks and the page's head by itself, and a
// yank of it counts.
func TestSnapshot_NoticesVersionsOfTheFamily(t *testing.T) {
	s := newStage(t, following("pull_request"))
	s.telemetry(t, 400, 0)
	s.repo.Release("lena", "v1.1.0-beta", "", true)
	s.must(t)
	if page := s.report("README.md"); strings.Contains(page, "newest version") {
		t.Errorf("the page names a newest version:\n%s", page)
	}
	s.world.Advance(26 * time.Hour)
	s.repo.Release("lena", "v1.1.1-beta", "", true)
	s.world.Crates.Publish("caro", "1.1.1-beta")
	s.world.Advance(time.Hour)
	s.telemetry(t, 400, 0)
	s.must(t)
	contains(t, "the page", s.report("README.md"), "newest version v1.1.1-beta (25 Jan)")
	contains(t, "the chart", s.report("charts/crash_rate.svg"), ">v1.1.1-beta</text>")
	s.world.Advance(time.Minute)
	s.repo.Release("lena", "v1.1.2-beta", "", true)
	s.must(t)
	contains(t, "with the same readings, the page", s.report("README.md"), "newest version v1.1.2-beta (25 Jan)")
	if pulls := s.repo.Pulls(); len(pulls) > 0 {
		t.Errorf("a hot-fix is proposed as the next release: %q", pulls)
	}
}

// The next release is proposed once by a pull request that changes rules.yaml alone;
// one that people closed is not proposed again.
func TestSnapshot_ProposesToWatchTheNextRelease(t *testing.T) {
	s := newStage(t, following("pull_request"))
	s.repo.Commit("lena", "main", "the rules", map[string][]byte{"rules.yaml": []byte(following("pull_request"))})
	s.world.Advance(24 * time.Hour)
	s.repo.Release("lena", "v1.2.0-beta", "", true)
	got := s.must(t)
	pulls := s.repo.Pulls()
	if len(pulls) != 1 || pulls[0] != "Watch the release v1.2.0-beta (aftercare/watch-v1.2.0-beta)" {
		t.Fatalf("the pull requests are %q\n%s", pulls, got.stdout)
	}
	changed := string(s.repo.Files("aftercare/watch-v1.2.0-beta")["rules.yaml"])
	contains(t, "the change", changed, "version: v1.2.0-beta, shipped: 2026-01-25, follow: 1.2.*, next: pull_request, ga: 2026-02-16, phases: [{name: Launch, until: 2026-01-31")
	if now := string(s.repo.Files("main")["rules.yaml"]); now != following("pull_request") {
		t.Errorf("the default branch was changed:\n%s", now)
	}
	s.world.Advance(time.Hour)
	s.must(t)
	issues := s.repo.Issues()
	s.repo.CloseIssue("lena", issues[len(issues)-1].Number)
	s.world.Advance(time.Hour)
	s.must(t)
	if pulls := s.repo.Pulls(); len(pulls) > 0 {
		t.Errorf("it is proposed again: %q", pulls)
	}
}

func TestSnapshot_WatchesTheNextReleaseByItself(t *testing.T) {
	s := newStage(t, following("commit"))
	s.repo.Commit("lena", "main", "the rules", map[string][]byte{"rules.yaml": []byte(following("commit"))})
	s.world.Advance(24 * time.Hour)
	s.repo.Release("lena", "v1.2.0-beta", "", true)
	s.must(t)
	now := string(s.repo.Files("main")["rules.yaml"])
	contains(t, "rules.yaml", now, "version: v1.2.0-beta, shipped: 2026-01-25")
	commits := len(s.repo.Log("main"))
	s.must(t) // the checkout is older than the commit
	if again := s.repo.Log("main"); slices.ContainsFunc(again[:len(again)-commits], func(c fake.Commit) bool { return strings.Contains(c.Message, "Watch") }) {
		t.Errorf("it is committed again: %+v", again[0])
	}
}

// What cannot be moved is said with the setting that lets it through, and the
// release is measured all the same.
func TestSnapshot_SaysWhyTheNextReleaseIsNotWatched(t *testing.T) {
	s := newStage(t, following("pull_request"))
	s.repo.Commit("lena", "main", "the rules", map[string][]byte{"rules.yaml": []byte(following("pull_request"))})
	s.repo.NoPulls()
	s.world.Advance(24 * time.Hour)
	s.repo.Release("lena", "v1.2.0-beta", "", true)
	contains(t, "the log", s.must(t).stdout, "the next release is not watched: ", "not permitted to create", "next: commit")
	contains(t, "the page", s.report("README.md"), "# Caro v1.1.0-beta")
}
