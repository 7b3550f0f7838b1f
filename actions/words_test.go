package actions_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/race"
)

// retired are phrases that no page, message, help text or document may hold: each
// was hard to understand, with what is written instead.
var retired = map[string]string{
	`\bis (not )?well[,.:]`:                "on target",
	`well again`:                           "resolved",
	`(?i)nobody has answered`:              "escalated: no response",
	`(?i)answer due`:                       "respond by",
	`(?i)who still waits`:                  "unanswered issues",
	`(?i)window before`:                    "previous period",
	`(?i)what could not be read`:           "data sources with errors",
	`(?i)stood guard`:                      "thresholds that never fired",
	`(?i)they decide nothing`:              "does not block",
	`(?i)nobody ticked`:                    "not checked",
	`that must be are met`:                 "required criteria met",
	`(?i)what hurts`:                       "top pain points",
	`(?i)what is\s+wanted`:                 "top feature requests",
	`\b(is|are) wanted\b`:                  "must be, or expected",
	`(?i)this is no [A-Z]`:                 "invalid",
	`(?i)stands here twice`:                "duplicate",
	`(?i)the now of the run`:               "reference time for the run",
	`(?i)touch nothing|touches nothing`:    "change nothing",
	`(?i)who hears of`:                     "route alerts",
	`(?i)before it bites`:                  "test rule changes",
	`(?i)how to leave`:                     "uninstall",
	`(?i)is it taken apart`:                "new forks",
	`(?i)many look at it there`:            "trending",
	`(?i)\bcritical still\b`:               "still critical",
	`(?i)nobody (had|has) heard`:           "not notified",
	`(?i)name the places`:                  "known sites",
	`(?i)longer than ten years`:            "must be at most 3650d",
	`(?i)\bas it should be|as they should`: "on target",
	`(?i)what (is|was) told\b`:             "notifications",
	`(?i)in retrospect\b`:                  "review, or retrospective",
	`(?i)may it go\b`:                      "decision",
	`(?i)before it fired`:                  "already answered",
	`(?i)too few to judge`:                 "too few cases",
	`(?i)no metric tells`:                  "manual criteria",
	`(?i)\bthat are no events`:             "that are not events",
	`(?i)tells (nobody|somebody)\b`:        "notifications a month",
	`(?i)(^|[^e] )is no (address|number|day|bound|branch|time|pattern|YAML|JSON)\b`: "is not a …",
}

// TestNoRetiredPhrases reads what people read: pages, goldens, help, documents
// and workflows.
func TestNoRetiredPhrases(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	out, err := exec.Command("git", "ls-files", "-z", "--", "..").Output()
	if err != nil {
		t.Skip("the files of the repository cannot be listed: git ls-files: " + err.Error())
	}
	read := regexp.MustCompile(`^(README|CONTRIBUTING|SECURITY)\.md$|^reports/|^\.github/|action\.yml$|help\.txt$|^actions/docs/|^actions/init/(plans|workflows)/|testdata/.*\.(out|md|golden|html|json|txtar)$`)
	var all []string
	for phrase := range retired {
		all = append(all, "(?:"+phrase+")")
	}
	either := regexp.MustCompile(strings.Join(all, "|"))
	n := 0
	for name := range strings.SplitSeq(strings.Trim(string(out), "\x00"), "\x00") {
		path := strings.TrimPrefix(name, "../")
		if path == name {
			path = "actions/" + name
		}
		if !read.MatchString(path) || strings.Contains(path, "testdata/mails") || strings.Contains(path, "testdata/fuzz") {
			continue
		}
		src, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			continue // removed, and not committed yet
		}
		n++
		if !either.Match(src) {
			continue
		}
		for phrase, instead := range retired {
			re := regexp.MustCompile(phrase)
			for i, line := range strings.Split(string(src), "\n") {
				if found := re.FindString(line); found != "" {
					t.Errorf("%s:%d: %q is retired: write %q", path, i+1, found, instead)
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d files were read", n)
	}
}
