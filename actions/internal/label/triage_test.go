package label

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

func parse(t testing.TB, src string) []Rule {
	t.Helper()
	var rules []Rule
	if err := yaml.Unmarshal([]byte(src), &rules); err != nil {
		t.Fatal(err)
	}
	return rules
}

func earned(t testing.TB, rules, title, body string, labels ...string) string {
	t.Helper()
	issue := model.Issue{Number: 1, Title: title, Body: body, Labels: labels, Association: "NONE"}
	d := Decide(Compile(parse(t, rules)).Read(issuetext.Read(title, body, nil), issue), issue, History{})
	var got []string
	for _, f := range d.Earned {
		got = append(got, f.Label)
	}
	return strings.Join(got, " ")
}

func TestTerms(t *testing.T) {
	const crash = "[{label: crash, any: [crash, panic, core dumped, '/thread .* panicked/i', '/[?]!$/', wipe|delete … my … file|home, ci, arch, 崩溃, absturz, core … =melted, vanish ~ my ~ photos|files]}]"
	for _, c := range []struct {
		name, title string
		want        string
	}{
		{"a word by its stem", "It crashes", "crash"},
		{"in any case", "CRASHED", "crash"},
		{"a phrase in a row", "segfault (core dumped)", "crash"},
		{"a phrase out of order", "dumped the core", ""},
		{"a phrase across sentences", "It hit the core. Dumped later.", ""},
		{"a pattern", "Thread 'main' panicked at src", "crash"},
		{"choices and gaps", "it deleted all of my important files", "crash"},
		{"a gap that is too long", "it deleted a thing that was once written about my old and dusty car files", ""},
		{"a denial within a gap", "it deletes nothing of my own files", ""},
		{"a short word in a longer one", "specific search", ""},
		{"the short word itself", "ci is red", "crash"},
		{"another language", "程序崩溃了", "crash"},
		{"a word of another language", "Absturz beim Start", "crash"},
		{"letters that only look the same", "it сrаshes", "crash"},
		{"a pattern that touches no word", "is it on fire?!", "crash"},
		{"forms alone", "core melted", "crash"},
		{"another form of the same stem", "the core is melting", ""},
		{"near one another, in order", "my photos have all vanished", "crash"},
		{"near one another, the other way round", "vanished: all of my photos", "crash"},
		{"near, but in another sentence", "My photos. Vanished.", ""},
		{"near, with a denial between", "my photos have not vanished", ""},
		{"too far apart", "my photos of the summer before the last one at the seaside vanished", ""},
		{"one side alone", "the photos vanished", ""},
		{"nothing", "hello", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := earned(t, crash, c.title, ""); got != c.want {
				t.Errorf("%q earns %q, want %q", c.title, got, c.want)
			}
		})
	}
}

// Signs that make a name are compared with it.
func TestTerms_SignsInNames(t *testing.T) {
	const rules = "[{label: cpp, any: ['c++']}, {label: csharp, any: ['c#|f#']}, {label: dotnet, any: ['.net']}, {label: c, any: [c]}, {label: node, any: [node.js]}, {label: env, any: ['secret … .env|.envrc']}]"
	for title, want := range map[string]string{
		"C++ headers": "cpp", "use c++17": "cpp", "a C# client": "csharp", "F#": "csharp", "on .NET": "dotnet", "in .Net 8": "dotnet", ".NET crashes": "dotnet",
		"C compiler": "c", "net loss": "", "the net. Net gain": "", "c": "c", "Node.js 22": "node", "node js": "", "a secret in the .env file": "env", "a secret in the env": "",
		"asp.net": "", "C+ grade": "c", "C # 1": "c", "ｃ＃": "csharp",
	} {
		if got := earned(t, rules, title, ""); got != want {
			t.Errorf("%q earns %q, want %q", title, got, want)
		}
	}
}

// The site Stack Overflow tells of no overflow, and a policy of nothing.
func TestRules_Boilerplate(t *testing.T) {
	const rules = "[{label: crash, any: [overflow, stack overflow]}, {label: bug, any: [bug, '/feature request/i']}]"
	for body, want := range map[string]string{
		"a stack overflow in the parser":                                  "crash",
		"Asked on **Stack Overflow** too":                                 "",
		"**Stack Overflow**":                                              "",
		"Please note that this tracker is for bugs and feature requests.": "",
		"Bug, feature request or documentation request?\n\nIt is a bug.":  "bug",
	} {
		if got := earned(t, rules, "", strings.ReplaceAll(body, "\\n", "\n")); got != want {
			t.Errorf("%q earns %q, want %q", body, got, want)
		}
	}
}

func TestDenials(t *testing.T) {
	const rules = "[{label: x, any: [crash, panic, data loss, bug, cannot install, install … fail, security issue]}]"
	for _, c := range []struct {
		text string
		want bool
	}{
		{"it does not crash", false},
		{"it doesn’t crash any more", false},
		{"no longer crashes", false},
		{"no data loss", false},
		{"without any crash", false},
		{"never crashed here", false},
		{"crash is fixed", false},
		{"the crash has been resolved in main", false},
		{"fixed the panic", false},
		{"this fixes a crash", false},
		{"I don't think it is a bug", false},
		{"this is not a security issue", false},
		{"neither a crash nor a panic", false},
		{"it crashes", true},
		{"not only crashes but eats memory", true},
		{"it does not start and crashes", true},
		{"it does not start, it crashes", true},
		{"Why is it not fixed? It crashes", true},
		{"please fix this crash", true},
		{"the crash is not fixed", true},
		{"the crash must be fixed", true},
		{"I cannot install it", true},
		{"is it not a bug?", true},
		{"No, it still crashes", true},
		{"it does not help because of the crash", true},
		{"without a config file it crashes", true},
		{"when I don't pass a flag it crashes", true},
		{"no it crashes", true},
		{"no matter what I type there is a panic", true},
		{"I cannot start it without a crash", true},
		{"App not responding, crash", true},
		{"I don't know how to get rid of this bug", true},
		{"I don't think it crashes", false},
		{"I have never seen it crash", false},
		{"the crash no longer happens", false},
		{"there is no way it is a bug, no crash at all", true},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := earned(t, rules, c.text, "") != ""; got != c.want {
				t.Errorf("earns: %v, want %v", got, c.want)
			}
		})
	}
}

func TestStated(t *testing.T) {
	const rules = "[{label: x, stated: true, any: [delete|remove … file|files, vulnerability, data loss, =lost ~ file|files]}]"
	for _, c := range []struct {
		text string
		want bool
	}{
		{"it deleted my files", true},
		{"Why did it delete my files?", true},
		{"can somebody help, it deleted my files", true},
		{"does anybody else have deleted files?", true},
		{"it started to delete my files", true},
		{"if I press enter it deletes my files", true},
		{"I lost all my files", true},
		{"I ran it and it deleted the files", true},
		{"found a vulnerability, where do I send it?", true},
		{"this leads to data loss", true},
		{"can delete files", true},
		{"will it delete my files?", false},
		{"Hello, will it delete my files", false},
		{"can delete files?", false},
		{"how do I delete my files?", false},
		{"how to delete files", false},
		{"what happens if it deletes my files?", false},
		{"ask before it deletes files", false},
		{"please warn of deleted files", false},
		{"it could delete my files", false},
		{"if it deletes files, tell me", false},
		{"I deleted my files", false},
		{"I have just accidentally deleted some files", false},
		{"accidentally deleted my files", false},
		{"Docs: mention the vulnerability", false},
		{"fixed: data loss on rename", false},
		{"detection of data loss would be nice", false},
		{"it wants to delete files", false},
		{"files should be lost there", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := earned(t, rules, c.text, "") != ""; got != c.want {
				t.Errorf("earns: %v, want %v", got, c.want)
			}
		})
	}
}

func TestRules(t *testing.T) {
	const rules = `
- {label: [crash, bug], any: [crash], none: [crash course], in: [title]}
- {label: both, all: [red, blue]}
- {label: body, any: [green], in: [body]}
- {label: stranger, when: {author_association: [NONE]}, any: [hello]}
- {label: severe, when: {form: {Severity: [Critical, High]}}}
- {label: P0, labels: [severe, top]}
- {label: top, labels: [both]}
- {label: P1, labels: [crash]}
- {label: calm, any: [sea, red], unless: [both, P1]}
- {exclusive: [P0, P1]}
`
	for _, c := range []struct{ name, title, body, want string }{
		{"two labels of one rule", "a crash", "", "bug crash P1"},
		{"a place where it is not looked for", "", "a crash", ""},
		{"what must not be there", "a crash course, then a crash", "", ""},
		{"all of them", "red and blue", "", "both P0 top"},
		{"one of all", "blue", "", ""},
		{"in the body alone", "green", "", ""},
		{"metadata", "hello", "", "stranger"},
		{"an answer of a form", "", "### Severity\n\nCritical\n", "severe P0"},
		{"one of several answers", "", "### severity\n\nLow, High\n", "severe P0"},
		{"unless a rule above gave another", "red blue sea", "", "both P0 top"},
		{"a label that only follows is none given for words", "crash at sea", "", "bug crash P1 calm"},
		{"another answer", "", "### Severity\n\nMinor\n", ""},
		{"labels that follow from labels", "red blue", "", "both P0 top"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := earned(t, rules, c.title, c.body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhy(t *testing.T) {
	c := Compile(parse(t, "[{label: crash, any: [panic, crash]}, {label: P1, labels: [crash]}]"))
	issue := model.Issue{Title: "hm", Body: "one\ntwo\n\nIt Crashed badly"}
	got := Decide(c.Read(issuetext.Read(issue.Title, issue.Body, nil), issue), issue, History{}).Earned
	want := []Finding{
		{Label: "crash", Rule: 0, Term: "crash", Words: "Crashed", In: "body", Line: 4},
		{Label: "P1", Rule: 1, From: []string{"crash"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAPersonHasTheLastWord(t *testing.T) {
	const rules = "[{label: P0, any: [fire]}, {label: P1, any: [smoke]}, {label: hot, labels: [P0]}, {exclusive: [P0, P1]}]"
	day := time.Date(2026, 1, 27, 0, 0, 0, 0, time.UTC)
	on := func(actor, label string) model.LabelEvent {
		return model.LabelEvent{Label: label, Actor: actor, Added: true, At: day}
	}
	off := func(actor, label string) model.LabelEvent {
		return model.LabelEvent{Label: label, Actor: actor, At: day}
	}
	for _, c := range []struct {
		name, title           string
		labels                []string
		events                []model.LabelEvent
		add, remove, withheld string
	}{
		{"the first of a group", "smoke and fire", nil, nil, "P0 hot", "", "P1: P0 goes before it"},
		{"a label that somebody took off", "fire", nil, []model.LabelEvent{on("us", "P0"), off("ann", "P0")}, "", "", "P0: ann took it off on 2026-01-27"},
		{"a label that we took off", "fire", nil, []model.LabelEvent{on("us", "P0"), off("us", "P0")}, "P0 hot", "", ""},
		{"taken off and put back by a person", "fire", []string{"P0"}, []model.LabelEvent{on("us", "P0"), off("ann", "P0"), on("ann", "P0")}, "hot", "", ""},
		{"by somebody whose account is gone", "fire", nil, []model.LabelEvent{off("", "P0")}, "", "", "P0: somebody took it off on 2026-01-27"},
		{"a person chose another of the group", "fire", []string{"P1"}, []model.LabelEvent{on("ann", "P1")}, "", "", "P0: a person chose P1; hot: it follows from P0, which the issue does not get"},
		{"chosen when it was opened", "fire", []string{"P1"}, nil, "", "", "P0: a person chose P1; hot: it follows from P0, which the issue does not get"},
		{"ours makes way", "fire", []string{"P1"}, []model.LabelEvent{on("us", "P1")}, "P0 hot", "P1", ""},
		{"a person's stays, though another goes before it", "smoke", []string{"P1", "P0"}, []model.LabelEvent{on("ann", "P1"), on("ann", "P0")}, "hot", "", ""},
		{"nothing changes twice", "fire", []string{"P0", "hot"}, []model.LabelEvent{on("us", "P0"), on("us", "hot")}, "", "", ""},
		{"a label under another spelling", "fire", []string{"priority: P0"}, nil, "hot", "", ""},
		{"a person chose one under another spelling", "fire", []string{"🔥 p1"}, nil, "", "", "P0: a person chose P1; hot: it follows from P0, which the issue does not get"},
		{"a topic is no kind", "fire", []string{"area/P0"}, nil, "P0 hot", "", ""},
		{"labels ignore case", "fire", []string{"p0", "HOT"}, nil, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			issue := model.Issue{Title: c.title, Labels: c.labels}
			d := Decide(Compile(parse(t, rules)).Read(issuetext.Read(c.title, "", nil), issue), issue, History{c.events, func(a string) bool { return a == "us" }})
			var add, withheld []string
			for _, f := range d.Add {
				add = append(add, f.Label)
			}
			for _, w := range d.Withheld {
				withheld = append(withheld, w.Label+": "+w.Reason)
			}
			if got := strings.Join(add, " "); got != c.add {
				t.Errorf("adds %q, want %q", got, c.add)
			}
			if got := strings.Join(d.Remove, " "); got != c.remove {
				t.Errorf("removes %q, want %q", got, c.remove)
			}
			if got := strings.Join(withheld, "; "); got != c.withheld {
				t.Errorf("withholds %q, want %q", got, c.withheld)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"{label: crash, any: [crash]}", ""},
		{"{label: crsh, any: [crash]}", `unknown label "crsh"; did you mean "crash"?`},
		{"{any: [crash]}", "needs `label`"},
		{"{label: crash}", "needs `any`, `all`, `when` or `labels`"},
		{"{label: crash, any: ['/(/']}", "does not compile: missing closing )"},
		{"{label: crash, any: ['/a/x']}", `unknown flags "x"`},
		{"{label: crash, any: ['/a*/']}", "matches every text"},
		{"{label: crash, any: ['???']}", "there is no word"},
		{"{label: crash, any: [\"'/a+/'\"]}", "quoted twice"},
		{"{label: crash, any: [a b ~ c]}", "each side of ~ must be one word"},
		{"{label: crash, any: [a … b ~ c]}", "each side of ~ must be one word"},
		{"{label: crash, any: [~ a]}", "each side of ~ must be one word"},
		{"{label: crash, any: [opt-out|off]}", "a choice is one word"},
		{"{label: crash, any: ['c++', 'c#', .net, node.js, 'don''t', opt-out, 崩溃, 'foo.bar', 'c|c++']}", ""},
		{"{label: crash, any: ['Wait! What']}", "cannot match"},
		{"{label: crash, any: ['#12']}", "cannot match"},
		{"{label: crash, any: ['c+']}", "cannot match"},
		{"{label: crash, any: ['.net|java']}", "mixes names"},
		{"{exclusive: [crash, P0], stated: true}", "cannot be combined"},
		{"{exclusive: [crash, P0], unless: [P0]}", "cannot be combined"},
		{"{label: crash, any: [x], unless: [P9]}", `unknown label "P9"`},
		{"{label: crash, any: [a b c d e f g h i j k l m n]}", "at most 12 words"},
		{"{label: crash, any: [x], in: [titel]}", `did you mean "title"?`},
		{"{label: crash, when: {author_association: [MEMBERS]}}", `did you mean "MEMBER"?`},
		{"{exclusive: [crash]}", "two labels at least"},
		{"{exclusive: [crash, P0], label: crash, any: [x]}", "cannot be combined"},
	} {
		t.Run(c.src, func(t *testing.T) {
			var texts []string
			for _, m := range parse(t, "["+c.src+"]")[0].Validate([]string{"crash", "P0"}) {
				texts = append(texts, m.Text)
			}
			got := strings.Join(texts, "; ")
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever an issue says: nothing panics, a finding names words of the issue,
// and once its labels are on, nothing more is to be done.
func FuzzDecide(f *testing.F) {
	c := shippedRules(f)
	f.Add("caro wiped my home directory", "panic\n\n### Severity\n\nCritical", "maintainer")
	f.Add("leaks my api key", "> quoted crash", "")
	f.Fuzz(func(t *testing.T, title, body, actor string) {
		issue := model.Issue{Title: title, Body: body}
		history := History{Ours: func(a string) bool { return a == "us" }, Events: []model.LabelEvent{{Label: "P0", Actor: actor}}}
		reading := c.Read(issuetext.Read(title, body, nil), issue)
		d := Decide(reading, issue, history)
		issue.Labels = d.After(issue.Labels)
		again := Decide(reading, issue, history)
		if len(again.Add) != 0 || len(again.Remove) != 0 {
			t.Fatalf("%q %q: first %+v, then %+v", title, body, d, again)
		}
		for _, found := range d.Add {
			if found.Words == "" && len(found.From) == 0 && found.Term != "" {
				t.Fatalf("a finding without words: %+v", found)
			}
		}
	})
}

// A term that is read prints back as itself and reads the same.
func FuzzNewTerm(f *testing.F) {
	for _, s := range []string{"crash", "a|b … c", "/x(/i", "/a/z", "…", "||", "opt-out"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		term := NewTerm(s)
		if term.wrong == "" && term.pattern == nil && len(term.steps) == 0 {
			t.Fatalf("%q is a term of nothing", s)
		}
		back, err := term.MarshalYAML()
		if err != nil || NewTerm(back.(string)).wrong != term.wrong {
			t.Fatalf("%q reads back as another term", s)
		}
	})
}
