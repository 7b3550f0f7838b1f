package label

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

const kindsByPoints = `
- choose: [bug, enhancement, question]
  points:
    - {for: {bug: 5}, in: title, any: [crash, broken]}
    - {for: {enhancement: 4}, in: [title, opening], any: [please add, would be nice]}
    - {for: {question: 3}, when: {looks: question}}
    - {for: {bug: 2}, when: {looks: [trace, code]}}
    - {for: {bug: -4}, in: body, any: [not a bug]}
- label: urgent
  labels: [bug]
`

func chosen(t *testing.T, src string, issue model.Issue) []Finding {
	t.Helper()
	var rules []Rule
	if err := yaml.Unmarshal([]byte(src), &rules); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if wrong := r.Validate([]string{"bug", "enhancement", "question", "urgent"}); len(wrong) > 0 {
			t.Fatal(wrong)
		}
	}
	return Decide(Compile(rules).Read(issuetext.Read(issue.Title, issue.Body, nil), issue), issue, History{}).Add
}

func TestChoose(t *testing.T) {
	far := strings.Repeat("many words go before it ", 12)
	for _, c := range []struct {
		name, title, body, want string
		lead                    int
	}{
		{"nothing speaks for any", "The manual", "", "", 0},
		{"one word", "It crashed", "", "bug urgent", 5},
		{"each term counts, each once", "A crash, a crash, all broken", "", "bug urgent", 10},
		{"the one with most points", "Please add a crash test", "", "bug urgent", 1},
		{"a look counts once", "Why?", "", "question", 3},
		{"looks against words", "Would be nice?", "", "enhancement", 1},
		{"a block of code", "Something", "```\nx\n```", "bug urgent", 2},
		{"points against", "It crashed", "This is not a bug of yours.", "bug urgent", 1},
		{"the opening is near", "Something", "It would be nice to have.", "enhancement", 4},
		{"the opening is not far", "Something", far + " it would be nice to have.", "", 0},
		{"a denied word is a sign too", "It does not crash", "", "bug urgent", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := chosen(t, kindsByPoints, model.Issue{Title: c.title, Body: c.body, State: "open"})
			if got := strings.Join(Names(found), " "); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			if len(found) > 0 && found[0].Lead != c.lead {
				t.Errorf("ahead by %d points, want %d", found[0].Lead, c.lead)
			}
		})
	}
}

// Of as many points the first label goes before, unless a lead is asked for.
func TestChooseByALead(t *testing.T) {
	tie := model.Issue{Title: "crash or wish", State: "open"}
	const src = "- choose: [enhancement, bug]\n  points: [{for: {bug: 2}, any: [crash]}, {for: {enhancement: 2}, any: [wish]}]\n"
	if got := Names(chosen(t, src, tie)); len(got) != 1 || got[0] != "enhancement" {
		t.Errorf("got %q of a tie", got)
	}
	if got := Names(chosen(t, src+"  least: 1\n", tie)); len(got) != 0 {
		t.Errorf("got %q without a lead", got)
	}
}

// The reason is the words that are worth most.
func TestWhyItWasChosen(t *testing.T) {
	found := chosen(t, kindsByPoints, model.Issue{Title: "Parser is broken", Body: "```\nx\n```", State: "open"})
	if len(found) == 0 || found[0].Words != "broken" || found[0].In != "title" || found[0].Lead != 7 {
		t.Errorf("got %+v", found)
	}
}

func TestChooseMistakes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"one label", "{choose: [bug], points: [{for: {bug: 1}, any: [crash]}]}", "two labels at least"},
		{"a label that is not declared", "{choose: [bug, wish], points: [{for: {bug: 1}, any: [crash]}]}", `unknown label "wish"`},
		{"no points", "{choose: [bug, question]}", "needs `points`"},
		{"points for another label", "{choose: [bug, question], points: [{for: {urgent: 1}, any: [crash]}]}", `unknown label of the choice "urgent"`},
		{"points for nothing", "{choose: [bug, question], points: [{any: [crash]}]}", "points need `for`"},
		{"too many points", "{choose: [bug, question], points: [{for: {bug: 9999}, any: [crash]}]}", "at most 1000"},
		{"an unknown place", "{choose: [bug, question], points: [{for: {bug: 1}, in: titel, any: [crash]}]}", `unknown place "titel"; did you mean "title"?`},
		{"an unknown look", "{choose: [bug, question], points: [{for: {bug: 1}, when: {looks: pretty}}]}", `unknown look "pretty"`},
		{"a pattern that does not compile", "{choose: [bug, question], points: [{for: {bug: 1}, any: ['/(/']}]}", "missing closing"},
		{"a rule beside it", "{choose: [bug, question], label: urgent, points: [{for: {bug: 1}, any: [crash]}]}", "split the rule in two"},
		{"a lead below none", "{choose: [bug, question], least: -1, points: [{for: {bug: 1}, any: [crash]}]}", "must be how many points"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Rule
			if err := yaml.Unmarshal([]byte(c.src), &r); err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, m := range r.Validate([]string{"bug", "question", "urgent"}) {
				said = append(said, m.String())
			}
			if got := strings.Join(said, "; "); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
