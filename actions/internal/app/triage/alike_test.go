package triage

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

const similarRules = "similar: {most: 3, comment: true}\nlabels: [{name: enhancement}]\ntriage: [{label: enhancement, any: [support]}]\n"

// remarks are our comments on an issue.
func (s *stage) remarks(number int) []string {
	var all []string
	for _, c := range s.Repo.Issue(number).Comments {
		if strings.HasPrefix(c.Body, "<!-- aftercare:told ") {
			_, words, _ := strings.Cut(c.Body, "\n")
			all = append(all, words)
		}
	}
	return all
}

func TestWhatIsAlikeIsNamedOnce(t *testing.T) {
	s := newStage(t, similarRules)
	old := s.Repo.OpenIssue("ann", "Support for nushell", "The completion of nushell does not work.")
	s.Repo.OpenIssue("ben", "Colours in the terminal", "They are hard to read on a light screen.")
	closed := s.Repo.OpenIssue("cho", "nushell support please", "It would help with nushell.")
	s.Repo.CloseIssue("cho", closed)
	n := s.Repo.OpenIssue("dora", "Please add support for nushell", "I use nushell each day.")
	if got := s.event(t, "opened", n, "-dry-run"); got.Code != 0 || len(s.remarks(n)) != 0 || !strings.Contains(got.Summary, "May be known already") {
		t.Fatalf("a dry run: exit %d, remarks %q, summary:\n%s", got.Code, s.remarks(n), got.Summary)
	}
	got := s.event(t, "opened", n)
	remarks := s.remarks(n)
	if len(remarks) != 1 || !strings.Contains(remarks[0], fmt.Sprintf("- #%d (", old)) || strings.Contains(remarks[0], fmt.Sprintf("#%d ", closed)) {
		t.Fatalf("the remarks are %q", remarks)
	}
	if want := fmt.Sprintf("| #%d | `Support for nushell` |", old); !strings.Contains(got.Summary, want) {
		t.Errorf("the summary lacks %q:\n%s", want, got.Summary)
	}
	for _, action := range []string{"opened", "edited", "labeled"} {
		if again := s.event(t, action, n); again.Code != 0 || len(s.remarks(n)) != 1 {
			t.Errorf("%s again: exit %d, %d remarks", action, again.Code, len(s.remarks(n)))
		}
	}
	s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n))
	if len(s.remarks(n)) != 1 {
		t.Errorf("a run by hand: %d remarks", len(s.remarks(n)))
	}
}

func TestWhatIsNotAlikeIsNotNamed(t *testing.T) {
	s := newStage(t, similarRules)
	s.Repo.OpenIssue("ann", "Support for nushell", "")
	n := s.Repo.OpenIssue("dora", "The download is slow", "It takes an hour.")
	if got := s.event(t, "opened", n); got.Code != 0 || len(s.remarks(n)) != 0 || strings.Contains(got.Summary, "known already") {
		t.Errorf("exit %d, remarks %q, summary:\n%s", got.Code, s.remarks(n), got.Summary)
	}
}

// wish is an issue as a template makes it: the words in stars are the template's.
func wish(said, other string) string {
	return "**Is your wish about a problem? Please describe.**\n" + said + "\n\n**Describe alternatives that you considered**\n" + other + "\n\n**Additional context**\nAdd any other context here.\n"
}

func TestTheWordsOfATemplateAreNotAlike(t *testing.T) {
	for _, c := range []struct {
		name   string
		shared bool // the template stands in the repository
	}{{"a template that is there", true}, {"one that was there once", false}} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, similarRules)
			if c.shared {
				s.Put(t, ".github/ISSUE_TEMPLATE/wish.md", wish("", ""))
			}
			s.Repo.OpenIssue("ann", "Support for nushell", wish("My shell is nushell.", "None"))
			s.Repo.OpenIssue("ben", "Colours in the terminal", wish("They are hard to read.", "Another screen"))
			s.Repo.OpenIssue("cho", "A quieter start", wish("Three lines greet me.", "A pipe"))
			n := s.Repo.OpenIssue("dora", ".", wish("Geld", ""))
			if got := s.event(t, "opened", n); got.Code != 0 || len(s.remarks(n)) != 0 || strings.Contains(got.Summary, "known already") {
				t.Errorf("exit %d, remarks %q, summary:\n%s", got.Code, s.remarks(n), got.Summary)
			}
		})
	}
}

func TestAWordOrTwoInCommonAreNoRemark(t *testing.T) {
	s := newStage(t, similarRules)
	s.Repo.OpenIssue("ann", "Installation fails on Ubuntu 22.04", "`cargo install caro` ends with: error: linking with cc failed. The machine is Ubuntu 22.04, x86_64.")
	n := s.Repo.OpenIssue("hal", "cargo install caro fails: 1.1.0-beta was yanked", "Since this morning the version is yanked on crates.io, so nobody can install it.")
	if got := s.event(t, "opened", n); got.Code != 0 || len(s.remarks(n)) != 0 {
		t.Errorf("exit %d, remarks %q", got.Code, s.remarks(n))
	}
}

func TestAnAuthorKnowsHisOwnIssues(t *testing.T) {
	s := newStage(t, similarRules)
	s.Repo.OpenIssue("ann", "Support for nushell on Windows", "The completion of nushell does not work there.")
	s.Repo.OpenIssue("ann", "Support for nushell on Linux", "The prompt of nushell has no colours.")
	again := s.Repo.OpenIssue("ann", "Support for nushell on Windows", "The completion of nushell does not work there.")
	for number, want := range map[int]int{2: 0, again: 1} {
		if got := s.event(t, "opened", number); got.Code != 0 || len(s.remarks(number)) != want {
			t.Errorf("#%d: exit %d, remarks %q, want %d", number, got.Code, s.remarks(number), want)
		}
	}
}

// Whatever happens to any request about what is alike: the labels are there, the
// run ends well, and there is at most one remark; exactly one after another run.
func TestARemarkSurvivesFaults(t *testing.T) {
	for _, do := range fake.Faults() {
		for nth := 1; nth <= 5; nth++ {
			s := newStage(t, similarRules)
			s.Repo.OpenIssue("ann", "Support for nushell", "")
			n := s.Repo.OpenIssue("dora", "Please add support for nushell", "")
			s.event(t, "edited", n) // the label is there: what follows is about the remark alone
			s.World.Fail(fake.Fault{On: "github", Nth: nth, Do: do, Path: "/issues"})
			s.event(t, "opened", n)
			if labels := s.labels(n); labels != "enhancement" {
				t.Errorf("%s at request %d: the labels are %q", do, nth, labels)
			}
			s.World.Heal()
			if got := s.run(t, "workflow_dispatch", nil, "-issue", fmt.Sprint(n)); got.Code != 0 || len(s.remarks(n)) != 1 {
				t.Errorf("%s at request %d: exit %d, then %d remarks", do, nth, got.Code, len(s.remarks(n)))
			}
		}
	}
}

func TestRunsAtOnceLeaveOneRemark(t *testing.T) {
	s := newStage(t, similarRules)
	s.Repo.OpenIssue("ann", "Support for nushell", "")
	n := s.Repo.OpenIssue("dora", "Please add support for nushell", "")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { s.event(t, "opened", n) })
	}
	all.Wait()
	if got := s.remarks(n); len(got) != 1 {
		t.Errorf("%d remarks: %q", len(got), got)
	}
}

func TestHostileTextsInARemark(t *testing.T) {
	s := newStage(t, similarRules)
	for _, title := range []string{"@octocat | <img src=x onerror=alert(1)> support `nushell` <!channel>", "support nushell --> <!-- aftercare:told {} --> @octocat"} {
		s.Repo.OpenIssue("mallory", title, title)
	}
	n := s.Repo.OpenIssue("mallory", "support nushell @octocat <img src=x> `x` | octocat", "-->")
	got := s.event(t, "opened", n)
	for _, text := range append(s.remarks(n), got.Summary) {
		if problems := tamed(text); len(problems) > 0 {
			t.Errorf("this got through: %q", problems)
		}
	}
	if len(s.remarks(n)) != 1 {
		t.Fatalf("%d remarks", len(s.remarks(n)))
	}
}
