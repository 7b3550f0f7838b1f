package learn

import (
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

var update = flag.Bool("update", false, "write the goldens anew")

// smallRecord is a record of sixty issues whose labels can be told by a few
// words.
func smallRecord() []Example {
	var all []Example
	for i := range 20 {
		thing := []string{"window", "menu", "export", "printer", "dialog"}[i%5]
		all = append(all,
			Example{"The " + thing + " crashes", fmt.Sprintf("It happened on day %d.\n\n```\nError\n```", i), []string{"bug"}},
			Example{"Add a better " + thing, "It would help many people.", []string{"enhancement"}},
			Example{"How do I open the " + thing + "?", "I read the manual.", []string{"question"}},
		)
	}
	return all
}

// smallKinds are the labels of the small record.
var smallKinds = []string{"bug", "enhancement", "question"}

func TestCard(t *testing.T) {
	card := proposeCard(smallRecord(), smallKinds, prior{})
	if m := card.Answers.Macro(); m < 0.95 {
		t.Errorf("three kinds that a few words tell apart are chosen with a macro-F1 of %.2f", m)
	}
	reader := label.Compile([]label.Rule{card.Rule})
	for _, x := range []struct{ name, title, want string }{
		{"a fault", "The scrollbar crashed", "bug"},
		{"a wish", "Add a scrollbar", "enhancement"},
		{"a question", "How do I get a scrollbar?", "question"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := answer(reader, true, Example{Title: x.title}); got != x.want {
				t.Errorf("%q: got %q, want %q", x.title, got, x.want)
			}
		})
	}
}

// A card chooses among labels that stand alone on enough issues.
func TestCardOnLittle(t *testing.T) {
	few := append(smallRecord(), Example{"The end", "", []string{"rare"}})
	if got := proposeCard(few, append(smallKinds, "rare"), prior{}).Rule.Choose; !slices.Equal(got, smallKinds) {
		t.Errorf("the card chooses among %q", got)
	}
	both := smallRecord()
	for i := range both {
		both[i].Labels = smallKinds
	}
	for name, examples := range map[string][]Example{"nothing": nil, "issues of all kinds": both} {
		if card := proposeCard(examples, smallKinds, prior{}); len(card.Rule.Points) > 0 {
			t.Errorf("%s teach %v", name, card.Rule)
		}
	}
}

func TestEnough(t *testing.T) {
	for _, c := range []struct {
		labels string // a letter for each example
		want   bool
	}{{"", false}, {"aaaaaaaaaa", false}, {"aaaabbbbbbbb", false}, {"aaaaaaaabbbb", false}, {"aaaaabbbbb", true}} {
		var examples []Example
		for _, label := range c.labels {
			examples = append(examples, Example{Title: "words", Labels: []string{string(label)}})
		}
		if got := Enough(examples, "a"); got != c.want {
			t.Errorf("%q: %v, want %v", c.labels, got, c.want)
		}
	}
}

// features are those of the small record for which Fit is tried.
func features() []Sample {
	examples := smallRecord()
	return counted(examples, candidates(examples))
}

func TestFitIsTheSameTwice(t *testing.T) {
	all := features()
	a, b := Fit(all, fitting), Fit(all, fitting)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same samples give two sets of weights")
	}
}

func TestFitKeeps(t *testing.T) {
	how := fitting
	how.Keep = 10
	if w := Fit(features(), how); len(w.Of) != 10 {
		t.Errorf("got %d features, want the 10 that were to be kept", len(w.Of))
	}
	how.Least, how.Keep = 1000, 0
	if w := Fit(features(), how); len(w.Of) != 0 {
		t.Errorf("no feature is in a thousand samples, and %d count", len(w.Of))
	}
}

func TestFitBalances(t *testing.T) {
	var all []Sample
	for range 90 {
		all = append(all, Sample{Label: "frequent"})
	}
	for range 10 {
		all = append(all, Sample{Label: "rare"})
	}
	chances := func(balance bool) float64 {
		return Chances(Fit(all, Fitting{Rounds: 30, Balance: balance}).Bias)[1]
	}
	if got := chances(false); math.Abs(got-0.1) > 0.07 {
		t.Errorf("one sample in ten is rare, and its chance is %.2f", got)
	}
	if got := chances(true); math.Abs(got-0.5) > 0.2 {
		t.Errorf("balanced, the rare label's chance is %.2f, want about a half", got)
	}
}

func TestTally(t *testing.T) {
	ta := Tally{}
	for _, a := range [][2]string{{"a", "a"}, {"a", "a"}, {"a", "b"}, {"b", "b"}, {"b", ""}} {
		ta.add(a[0], a[1])
	}
	if p, r := ta.Of("a"); p != 1 || math.Abs(r-2.0/3) > 1e-9 {
		t.Errorf("a: got %v and %v, want 1 and 2/3", p, r)
	}
	if p, r := ta.Of("b"); p != 0.5 || r != 0.5 {
		t.Errorf("b: got %v and %v, want a half and a half", p, r)
	}
	if got := ta.Macro(); math.Abs(got-0.65) > 1e-9 {
		t.Errorf("got %v, want (0.8+0.5)/2", got)
	}
}

func TestBeats(t *testing.T) {
	for _, c := range []struct {
		name                     string
		right, wrong, all, label int
		want                     bool
	}{
		{"nothing found", 0, 0, 100, 50, false},
		{"few and all right, of a rare label", 5, 0, 100, 20, true},
		{"few and all right, of a frequent label", 2, 0, 100, 60, false},
		{"as often as the label is given", 25, 25, 100, 50, false},
		{"much more often", 40, 10, 100, 50, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ta := Tally{"x": {"x": c.right, "": c.label - c.right}, "y": {"x": c.wrong, "": c.all - c.label - c.wrong}}
			if got := ta.beats("x"); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestPropose(t *testing.T) {
	p := Propose(smallRecord(), smallKinds, nil)
	find := func(label, in string) *Rule {
		at := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Label == label && r.In == in })
		if at < 0 {
			t.Fatalf("there is no rule for %s in the %s: %v", label, in, p.Rules)
		}
		return &p.Rules[at]
	}
	for _, c := range []struct{ label, in, term string }{
		{"bug", "title", "crashes"}, {"enhancement", "title", "better"}, {"question", "title", "open"}, {"question", "body", "manual"},
	} {
		r := find(c.label, c.in)
		if !slices.Contains(r.Any, c.term) || r.Precision != 1 || r.Recall != 1 {
			t.Errorf("got %+v, want %q in it, always right and finding all", *r, c.term)
		}
	}
}

// Keyword rules would decide before the card, and worse: for its labels none
// are proposed. Where they are the kinds of issues, it stands beside the card
// that ships.
func TestPropose_CardAlone(t *testing.T) {
	p := Propose(smallRecord(), smallKinds, smallKinds)
	if len(p.Rules) > 0 || p.Card.Rule.Card != label.KindsName || len(p.Card.Rule.Points) == 0 {
		t.Errorf("got %d rules and the card %q with %d lines", len(p.Rules), p.Card.Rule.Card, len(p.Card.Rule.Points))
	}
	p = Propose(smallRecord(), smallKinds, []string{"bug", "question"})
	if p.Card.Rule.Card != "" {
		t.Errorf("a choice of two kinds uses the card %q, which has three", p.Card.Rule.Card)
	}
}

// TestNoiseTeachesNothing: where labels do not follow the words, a term that
// happens to fit is found out by the folds.
func TestNoiseTeachesNothing(t *testing.T) {
	var all []Example
	seed := uint64(7)
	for range 300 {
		var words []string
		for range 6 {
			seed = seed*6364136223846793005 + 1442695040888963407
			words = append(words, string([]byte{'a' + byte(seed>>33%20), 'a' + byte(seed>>40%20), 'x'}))
		}
		seed = seed*6364136223846793005 + 1442695040888963407
		all = append(all, Example{strings.Join(words, " "), "", []string{[]string{"bug", "question"}[seed>>60%2]}})
	}
	p := Propose(all, smallKinds, smallKinds)
	if len(p.Rules) > 0 {
		t.Errorf("noise taught %+v", p.Rules)
	}
	if m := p.Card.Answers.Macro(); m > 0.62 {
		t.Errorf("a card learned from noise has a macro-F1 of %.2f", m)
	}
}

func TestYAML(t *testing.T) {
	p := Propose(smallRecord(), smallKinds, smallKinds)
	got, err := p.YAML()
	if err != nil {
		t.Fatal(err)
	}
	golden := "testdata/proposed.yaml"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// readRules reads proposals as package triage does.
func readRules(t testing.TB, page string, labels []string) []label.Rule {
	t.Helper()
	var book struct {
		Triage []label.Rule `yaml:"triage"`
	}
	if err := yaml.Unmarshal([]byte(page), &book); err != nil {
		t.Fatalf("%v in:\n%s", err, page)
	}
	for _, r := range book.Triage {
		if m := r.Validate(labels); len(m) > 0 {
			t.Fatalf("triage refuses a proposed rule: %v in:\n%s", m, page)
		}
	}
	return book.Triage
}

// TestTriageReadsProposals holds that a proposal, pasted, does what was
// measured: it labels the issues that it was made from as the record does.
func TestTriageReadsProposals(t *testing.T) {
	page, err := Propose(smallRecord(), smallKinds, smallKinds).YAML()
	if err != nil {
		t.Fatal(err)
	}
	rules := label.Compile(readRules(t, page, []string{"bug", "enhancement", "question"}))
	for _, e := range smallRecord() {
		issue := model.Issue{Title: e.Title, Body: e.Body, State: "open"}
		read := rules.Read(issuetext.Read(e.Title, e.Body, nil), issue)
		d := label.Decide(read, issue, label.History{Ours: func(string) bool { return true }})
		if len(d.Add) != 1 || d.Add[0].Label != e.Labels[0] {
			t.Errorf("%q: got %v, want %s", e.Title, d.Add, e.Labels[0])
		}
	}
}

// FuzzPropose holds that proposals from any text are rules that triage takes.
func FuzzPropose(f *testing.F) {
	for _, s := range []string{"crash", "a: b", "|~…", "=x", "/x/i", "it's", "# h", "**h**", "\xff", "- [ ] x", "null", "지갑"} {
		f.Add(s, s, "bug")
	}
	f.Add("0", "0", "\x18")
	f.Add("yes", "no", "a\n# b: c")
	f.Fuzz(func(t *testing.T, title, body, label string) {
		all := smallRecord()
		for range 10 {
			all = append(all, Example{title, body, []string{label}})
		}
		group := append(slices.Clone(smallKinds), label)
		p := Propose(all, group, group)
		page, err := p.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(label) == "" || strings.ToValidUTF8(label, "") != label {
			return
		}
		if got := readRules(t, page, group); len(got) != len(p.Rules)+1 {
			t.Fatalf("%d rules and a card were proposed, %d are read from:\n%s", len(p.Rules), len(got), page)
		}
	})
}

func BenchmarkPropose(b *testing.B) {
	examples := record(b)["opencv/opencv"]
	for b.Loop() {
		Propose(examples, kinds, kinds)
	}
}
