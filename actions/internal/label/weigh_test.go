package label

import (
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

var urgentLabels = []string{"critical", "security", "privacy-leak", "needs-triage", "page"}

func rulesOf(t *testing.T, src string, v Vocabulary) []Rule {
	t.Helper()
	var rules []Rule
	if err := yaml.Unmarshal([]byte(src), &rules); err != nil {
		t.Fatal(err)
	}
	Bind(rules, v)
	return rules
}

func given(c *Rules, title, body string) string {
	issue := model.Issue{Title: title, Body: body, State: "open"}
	d := Decide(c.Read(issuetext.Read(title, body, nil), issue), issue, History{})
	return strings.Join(Names(d.Add), " ")
}

// A term may name lists: any term of the list stands there, also one of
// several words, in a row, near another, and first or last.
func TestTerms_NameLists(t *testing.T) {
	v := Vocabulary{Include: model.Names{"languages/de"}, Lists: wordlist.Lists{
		"secret": {"token", "api key"}, "exposed": {"leak", "=printed", "plain text"}, "lost": {"-weg"},
	}}
	for _, c := range []struct{ name, term, text, want string }{
		{"two lists near one another", "@secret ~ @exposed", "The API key leaked", "page"},
		{"in the other order", "@secret ~ @exposed", "in plain text: my token", "page"},
		{"not in two sentences", "@secret ~ @exposed", "A token. It leaked.", ""},
		{"denied", "@secret ~ @exposed", "the token did not leak", ""},
		{"a gap of three dots", "@secret ... @exposed", "the token was found and printed", "page"},
		{"no gap", "@secret @exposed", "api key printed", "page"},
		{"no gap where there is one", "@secret @exposed", "api key was printed", ""},
		{"beside a word", "my @secret", "see my api key", "page"},
		{"a list that ships", "@asset ~ @lost", "die Datenbank ist gelöscht", "page"},
		{"a word that was taken out", "@asset ~ @lost", "die Datenbank ist weg", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := rulesOf(t, "[{label: page, any: ['"+c.term+"']}]", v)
			for _, m := range rules[0].Validate(urgentLabels) {
				t.Fatal(m)
			}
			if got := given(Compile(rules), c.text, ""); got != c.want {
				t.Errorf("%q in %q: got %q, want %q", c.term, c.text, got, c.want)
			}
		})
	}
}

func TestRules_WrongListsAndUses(t *testing.T) {
	v := Vocabulary{Include: model.Names{"urgnt"}, Lists: wordlist.Lists{"a b": {"x"}, "lost": {"gone|lost", "…", "-forgot"}}}
	var all []string
	for _, m := range v.Validate() {
		all = append(all, m.Text)
	}
	for _, src := range []string{
		"[{label: page, any: ['@secert ~ x']}]", "[{label: page, use: urgnt}]", "[{label: page, doubt: page, any: [x]}]",
		"[{label: page, use: urgent, doubt: nothing, words: {a b c: 1, leak: 40000}}]", "[{label: page, any: ['@a|b']}]",
		"[{label: page, any: ['=@a']}]", "[{label: page, any: ['... x']}]", "[{label: page, any: ['x …']}]",
	} {
		r := rulesOf(t, src, v)[0]
		for _, m := range append(r.Validate(urgentLabels), r.UnknownLists(Vocabulary{Lists: wordlist.Lists{"secret": nil}})...) {
			all = append(all, m.Text)
		}
	}
	got := strings.Join(all, "\n")
	for _, want := range []string{
		`unknown list "urgnt"`, `"a b": the name of a list`, `"gone|lost": a term of a list`, `"…": a term of a list`, `did you mean "secret"?`,
		`did you mean "urgent"?`, "`doubt` and `words` stand beside `use`", `unknown label "nothing"`, `"a b c": expected a word`, "after @ comes the name of a list",
		"40000: at most 1000 points", `"-forgot": the lists that are included have no such term in "lost"`, `"=@a": a list is named without =`, "a gap stands between two words\na gap stands between two words",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not among:\n%s", want, got)
		}
	}
}

const weighing = "[{use: urgent, label: [critical, security, privacy-leak, page], doubt: needs-triage, none: [drill]%s}]"

func weighingRules(t *testing.T, more string) *Rules {
	t.Helper()
	return Compile(rulesOf(t, strings.Replace(weighing, "%s", more, 1), Vocabulary{Include: model.Names{"urgent", "languages/de"}}))
}

const (
	lossTitle = "All my notes are gone after the update"
	lossBody  = "Since 2.1 the database is empty for every user. No backup, nothing can be restored. Please pull the release."
)

// A rule that weighs gives the labels of the kind, and labels that are no kind
// for every text that pages; its reason is the evidence with points.
func TestUse_GivesLabelsOfTheKindWithEvidence(t *testing.T) {
	c := weighingRules(t, "")
	issue := model.Issue{Title: lossTitle, Body: lossBody, State: "open"}
	d := Decide(c.Read(issuetext.Read(issue.Title, issue.Body, nil), issue), issue, History{})
	if got := strings.Join(Names(d.Add), " "); got != "critical page" {
		t.Fatalf("got %q", got)
	}
	f := d.Add[0]
	if len(f.Evidence) != maxEvidence || !strings.HasPrefix(f.Term, "use: urgent, ") || !strings.Contains(f.Words, "+") || f.In == "" {
		t.Errorf("the reason is %q: %q, %v", f.Term, f.Words, f.Evidence)
	}
	for title, want := range map[string]string{
		"Drill: " + lossTitle: "", "How do I sort notes?": "", "Add a dark mode": "",
	} {
		if got := given(c, title, map[bool]string{true: lossBody}[strings.HasPrefix(title, "Drill")]); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

// What scores less than a page needs a look; a word of the project moves it
// over either threshold.
func TestUse_DoubtAndWords(t *testing.T) {
	look := weighingRules(t, ", words: {frobnicated: 1000, zorb: -1000}")
	if got := given(look, "The thing frobnicated", ""); !strings.Contains(got, "page") {
		t.Errorf("got %q", got)
	}
	if got := given(look, lossTitle+" zorb", lossBody); got != "" {
		t.Errorf("got %q", got)
	}
	found := false
	for points := -60; points <= 120 && !found; points += 2 {
		c := weighingRules(t, strings.Replace(", words: {frobnicated: N}", "N", strings.TrimSpace(itoa(points)), 1))
		found = given(c, "The thing frobnicated", "") == "needs-triage"
	}
	if !found {
		t.Error("no number of points makes the text doubtful")
	}
}

func itoa(n int) string {
	src, _ := yaml.Marshal(n)
	return string(src)
}

// Who took a paging label off, or put one on, has looked already.
func TestUse_NoDoubtAfterAPersonDecided(t *testing.T) {
	c, points := (*Rules)(nil), 0
	for points = -60; points <= 120; points += 2 {
		c = weighingRules(t, ", words: {frobnicated: "+strings.TrimSpace(itoa(points))+"}")
		if given(c, "The thing frobnicated", "") == "needs-triage" {
			break
		}
	}
	issue := model.Issue{Title: "The thing frobnicated", State: "open"}
	decide := func(history History) string {
		return strings.Join(Names(Decide(c.Read(issuetext.Read(issue.Title, "", nil), issue), issue, history).Add), " ")
	}
	if got := decide(History{}); got != "needs-triage" {
		t.Fatalf("got %q", got)
	}
	if got := decide(History{Events: []model.LabelEvent{{Label: "critical", Actor: "ann"}}}); got != "" {
		t.Errorf("after ann took critical off: %q", got)
	}
	if issue.Labels = []string{"security"}; decide(History{}) != "" {
		t.Errorf("with security on it: %q", decide(History{}))
	}
}

// A repository that writes its labels with a prefix has the same kinds: a lost
// file is critical there and no hole in the security.
func TestUse_KnowsItsKindsHoweverTheyAreWritten(t *testing.T) {
	rules := rulesOf(t, "[{use: urgent, label: ['Severity: Critical', 'type: security', ':lock: privacy-leak', 'P0']}]", Vocabulary{})
	got := given(Compile(rules), "All files deleted after the update", "The update wiped my home directory. There is no backup, everything is gone.")
	if got != "P0 Severity: Critical" {
		t.Errorf("got %q", got)
	}
}

// A list that a term names is looked for among those of the project, then in the files, in
// their order.
func TestVocabulary_HasListsOfItsFiles(t *testing.T) {
	v := Vocabulary{Include: []string{"none", "urgent", "languages/de"}, Lists: wordlist.Lists{"own": {"a"}}}
	for _, name := range v.Names() {
		if !v.has(name) {
			t.Errorf("%s is not found", name)
		}
	}
	for _, name := range []string{"", "urgent", "Own", "nothing"} {
		if v.has(name) {
			t.Errorf("%q is found", name)
		}
	}
	if own := (Vocabulary{Lists: v.Lists}); !own.has("own") || own.has("secret") {
		t.Error("of a vocabulary without files the project's lists are all")
	}
}

// A term that no text can match is told at its own place, beside terms that can be matched.
func TestRule_TellsWhereATermCannotMatch(t *testing.T) {
	r := rulesOf(t, "[{label: page, any: [slow, 'é', /a+/, 'c+', 'Wait! What'], none: ['#12', fast]}]", Vocabulary{})[0]
	var got []string
	for _, m := range r.Validate(urgentLabels) {
		got = append(got, fmt.Sprint(m.Path, " ", m.Text))
	}
	for i, want := range []string{`[any 3] "c+" cannot match`, `[any 4] "Wait! What" cannot match`, `[none 0] "#12" cannot match`} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Fatalf("got %q, want %q among them", got, want)
		}
	}
	if len(got) != 3 {
		t.Errorf("got %q", got)
	}
}
