package label

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Looks are found without expressions, and found where those would find them.
func TestLooks_FoundWithoutExpressions(t *testing.T) {
	version, trace := regexp.MustCompile(`\d\.\d+\.\d`), regexp.MustCompile(`\n(?:    |\t)at |Traceback|#0 `)
	for _, s := range []string{"", "1.2.3", "v1.22.3-beta", "1.2", "1..2.3", "a.1.b", "1.2.", "10.20.30.40", ".1.2.3", "1.1.1", "x\n    at y", "\tat", "\n\tat z", "Traceback", "#0 ", "#0"} {
		if got, want := hasVersion(s), version.MatchString(s); got != want {
			t.Errorf("hasVersion(%q): got %t, want %t", s, got, want)
		}
		if got, want := hasTrace(s), trace.MatchString(s); got != want {
			t.Errorf("hasTrace(%q): got %t, want %t", s, got, want)
		}
	}
	for _, b := range readLabelled(t) {
		if got, want := hasVersion(b.body), version.MatchString(b.body); got != want {
			t.Errorf("hasVersion: got %t, want %t of %.80q", got, want, b.body)
		}
	}
}

// A look is what its name says, and no more.
func TestLooks_Each(t *testing.T) {
	long := strings.Repeat("word ", 200)
	for _, c := range []struct {
		look    string
		yes, no []model.Issue
	}{
		{"brief", []model.Issue{{Body: "It crashes."}}, []model.Issue{{Body: long}}},
		{"short-title", []model.Issue{{Title: "It crashes on my machine"}}, []model.Issue{{Title: "It crashes on my machine today"}}},
		{"lower-title", []model.Issue{{Title: " it crashes"}, {Title: "été"}}, []model.Issue{{Title: "It crashes"}, {Title: "[bug] it"}, {Title: ""}}},
		{"heading", []model.Issue{{Body: "One\n## Two\nthree"}, {Body: "# One"}}, []model.Issue{{Body: "See #12"}, {Body: "#hash"}, {Body: "a # b"}, {Body: ""}}},
		{"steps", []model.Issue{{Body: "Do\n1. this\n2. that"}, {Body: "  10. x"}}, []model.Issue{{Body: "in 1. place"}, {Body: "1.2 is out"}, {Body: "."}, {Body: "Well\n. then"}}},
		{"questions", []model.Issue{{Body: "Why? And how?"}}, []model.Issue{{Body: "Why?"}, {Title: "Why? How?"}}},
		{"link", []model.Issue{{Body: "see https://example.com"}, {Body: "http://example.com"}}, []model.Issue{{Body: "https is off"}}},
		{"call", []model.Issue{{Body: "it stops in read_all()"}, {Body: "() and f2()"}}, []model.Issue{{Body: "()"}, {Body: "a ()"}, {Body: "f(x)"}}},
		{"line-number", []model.Issue{{Body: "main.go:12"}}, []model.Issue{{Body: "see: 12"}, {Body: "main.go:"}, {Body: ""}}},
		{"comment", []model.Issue{{Body: "<!-- fill in -->"}}, []model.Issue{{Body: "<p>"}}},
	} {
		for _, i := range c.yes {
			if !looks[c.look](i) {
				t.Errorf("%s: %.40q, %.40q is not", c.look, i.Title, i.Body)
			}
		}
		for _, i := range c.no {
			if looks[c.look](i) {
				t.Errorf("%s: %.40q, %.40q is one", c.look, i.Title, i.Body)
			}
		}
	}
}

// Terms of a line count where they are all of it.
func TestRules_WholeLines(t *testing.T) {
	const rules = "[{label: bug, in: line, any: [bug, 'it crashes']}]"
	for body, want := range map[string]string{
		"### Kind\n\nBug": "bug", "a bug": "", "one\nIt crashes!\ntwo": "bug", "It crashes here": "", "**Bug**": "bug", "- bug\n- other": "bug", "no bug": "",
	} {
		if got := earned(t, rules, "bug", body); got != want {
			t.Errorf("%q earns %q, want %q", body, got, want)
		}
	}
}

// The card that ships chooses the kind for any labels that stand for the three,
// in their order, and says nothing of a text in which it knows no word.
func TestCard_Kinds(t *testing.T) {
	const rules = "[{choose: ['type: bug', idea, ask], card: kinds, points: [{for: {idea: 900}, in: title, any: [gazebo]}]}]"
	for _, c := range []struct{ title, body, want string }{
		{"Crash when the window is resized", "It throws an exception. Steps to reproduce: resize it.", "type: bug"},
		{"Add support for dark mode", "It would be nice to have an option.", "idea"},
		{"How do I change the font?", "I am trying to change it, can anyone help me?", "ask"},
		{"A gazebo crashes", "", "idea"},
		{"程序没有反应", "请看一下", ""},
	} {
		if got := earned(t, rules, c.title, c.body); got != c.want {
			t.Errorf("%q earns %q, want %q", c.title, got, c.want)
		}
	}
}

// The reason that is shown is a word that says something.
func TestCard_ReasonSaysSomething(t *testing.T) {
	const rules = "[{choose: [bug, wish], points: [{for: {bug: 50}, any: [and]}, {for: {bug: 10}, any: [broken]}, {for: {wish: 1}, any: [the]}]}]"
	for title, want := range map[string]string{"this and that is broken": "broken", "this and that": "and"} {
		issue := model.Issue{Title: title}
		got := Decide(Compile(parse(t, rules)).Read(issuetext.Read(title, "", nil), issue), issue, History{}).Earned
		if len(got) != 1 || got[0].Words != want {
			t.Errorf("%q: got %+v, want the reason %q", title, got, want)
		}
	}
}

func TestCard_Validate(t *testing.T) {
	for src, want := range map[string]string{
		"{choose: [crash, P0, bug], card: kinds}": "", "{choose: [crash, P0], card: kinds}": "one of three labels", "{choose: [crash, P0, bug], card: kind}": `did you mean "kinds"?`, "{card: kinds}": "two labels", "{choose: [crash, P0]}": "`points` or `card`",
	} {
		var all string
		for _, m := range parse(t, "["+src+"]")[0].Validate([]string{"crash", "P0", "bug"}) {
			all += m.Text + "; "
		}
		if (want == "") != (all == "") || !regexp.MustCompile(regexp.QuoteMeta(want)).MatchString(all) {
			t.Errorf("%s: got %q, want %q", src, all, want)
		}
	}
}

// Nobody has to look at plain praise, however its words weigh.
func TestRead_DoubtsNoPraise(t *testing.T) {
	rules := shipped(t)
	for text, want := range map[[2]string]bool{
		{"Works like a charm on my M2", "Installed in a minute, and the first ten commands were right. Well done!"}: false,
		{"Works like a charm", "But my notes are empty since the update."}:                                          true,
	} {
		issue := model.Issue{Title: text[0], Body: text[1]}
		got := rules.Read(issuetext.Read(issue.Title, issue.Body, nil), issue)
		if looks := len(got.weighed) > 0; looks != want {
			t.Errorf("%q: a person has to look: %t, want %t", text, looks, want)
		}
	}
}

// Plain praise is no kind of issue; thanks beside a fault, a wish or a question
// are politeness.
func TestIsPraise(t *testing.T) {
	for _, c := range []struct {
		title, body string
		want        bool
	}{
		{"Works like a charm on my M2", "Installed in a minute. Well done!", true},
		{"Thank you for this tool", "I use it every day. Great job.", true},
		{"Love it", "", true},
		{"Thanks, but it crashes", "Works great otherwise.", false},
		{"Works great, thanks", "How do I use it with zsh?", false},
		{"Awesome tool", "Please add fish.", false},
		{"Great work", "It is not starting on Windows.", false},
		{"Thank you", "```\npanic: nil\n```", false},
		{"Installation fails", "Thanks.", false},
		{"Nothing here", "", false},
	} {
		issue := model.Issue{Title: c.title, Body: c.body}
		if got := (&search{c: Compile(nil)}).isPraise(issuetext.Read(c.title, c.body, nil), issue); got != c.want {
			t.Errorf("isPraise(%q, %q) = %t, want %t", c.title, c.body, got, c.want)
		}
	}
}
