package report

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

func issues(n int) map[int]model.Issue {
	all := map[int]model.Issue{}
	for i := range n {
		all[i+1] = model.Issue{Number: i + 1, Title: "a title", URL: "https://github.com/caro/caro/issues/1"}
	}
	return all
}

func TestTheLineOfACheck(t *testing.T) {
	one, two := []LabelChange{{Label: "P0", Lose: []int{1}}}, []LabelChange{{Label: "P0", Gain: []int{1, 2}, Lose: []int{3}}}
	for _, c := range []struct {
		name    string
		checked Checked
		want    string
	}{
		{"nothing to try it on", Checked{}, "there are no issues to try it on"},
		{"nothing before", Checked{Issues: issues(4), Difference: Difference{After: 0.5}}, "on the last 4 issues: 0.5 notifications a month"},
		{"once", Checked{Issues: issues(4), Difference: Difference{After: 1}}, "on the last 4 issues: 1 notification a month"},
		{"never", Checked{Issues: issues(1)}, "on the last issue: no notifications"},
		{"no change", Checked{Issues: issues(2), Against: "x"}, "on the last 2 issues it changes nothing"},
		{"one loses", Checked{Issues: issues(3), Against: "x", Difference: Difference{Issues: 1, Labels: one, Before: 2, After: 1}},
			"on the last 3 issues: 1 loses P0; 1 fewer page a month (1, was 2)"},
		{"two gain", Checked{Issues: issues(3), Against: "x", Difference: Difference{Issues: 3, Labels: two, Before: 1, After: 3.5}},
			"on the last 3 issues: 2 gain P0, 1 loses P0; 2.5 more pages a month (3.5, was 1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.checked.File = "rules.yaml"
			if got, want := CheckLine(c.checked), "rules.yaml has no mistakes; "+c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if page, want := Check(c.checked), "## Check of `rules.yaml`\n\nNo mistakes. "+strings.ToUpper(c.want[:1])+c.want[1:]+".\n"; !strings.HasPrefix(page, want) {
				t.Errorf("got\n%s\nwant\n%s", page, want)
			}
		})
	}
	if page := Check(Checked{File: "x", Issues: issues(3), Against: "x", Difference: Difference{Issues: 1, Labels: one}}); !strings.Contains(page, "### P0: none gains it, 1 loses it\n") {
		t.Errorf("got\n%s", page)
	}
}

func TestWhatThePastTeaches(t *testing.T) {
	none := "None: a rule tells issues with a label from others, so a label of rules.yaml is needed that people gave to 5 issues or more, and not to 5. "
	for _, c := range []struct {
		name   string
		taught Taught
		want   string
	}{
		{"no label", Taught{Needed: 5}, none + "In these issues people gave none of its labels.\n"},
		{"one label, and a stranger's", Taught{Needed: 5, Given: []Count{{"bug", 40}}, Foreign: []Count{{"ann@caro.example | `x`\n@all", 12}, {"area/cli", 1}}},
			none + "Of its labels people gave `bug` (40 issues).\n\n" +
				"People gave these labels too, which rules.yaml does not declare, so nothing is learned of them: ``[e-mail] ¦ `x` @all`` (12 issues), `area/cli` (1 issue).\n"},
		{"nothing that convinces", Taught{Enough: true}, "None: no rule that could be made would be right often enough on new issues.\n"},
		{"rules", Taught{Enough: true, Rules: 1, Proposed: "triage: [x]\n"}, "Read them, cut them, and paste what convinces you: nothing is applied.\n\n````yaml\ntriage: [x]\n````\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, _ := strings.Cut(Check(Checked{Taught: &c.taught}), "### Rules that the past proposes\n\n")
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	many := make([]Count, maxCounted+3)
	if got := listedLabels(many); !strings.HasSuffix(got, ", and 3 more") {
		t.Errorf("got %s", got)
	}
}

// A rule without words is not judged by words, and a label that people do not
// use judges no rule.
func TestRulesAgainstPeople(t *testing.T) {
	page := Check(Checked{
		File: "rules.yaml", Issues: issues(9),
		Rules: []label.Rule{{Label: model.Names{"crash"}, Any: []label.Term{{}}}, {Label: model.Names{"P0"}, Labels: model.Names{"crash", "critical"}},
			{Label: model.Names{"hang"}, Any: []label.Term{{}}}, {Label: model.Names{"rare"}, Any: []label.Term{{}}}},
		Records: []RuleRecord{{Rule: 0, Labels: []string{"crash"}, Found: 4, Right: 3, Given: 6}, {Rule: 1, Labels: []string{"P0"}, Given: 2},
			{Rule: 2, Labels: []string{"hang"}, Found: 5}, {Rule: 3, Labels: []string{"rare"}, Given: 1}},
	})
	_, got, _ := strings.Cut(page, "|---:|---|---:|---:|---:|\n")
	want := `| 1 | crash | 4 | 75 % | 50 % |
| 3 | hang | 5 | nobody gives this label | – |
| 4 | rare | 0 | – | 0 % |

- Rule 4 (rare) found nothing in these issues.
- Rule 2 (P0) follows from crash, critical, and has nothing of its own to find.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
