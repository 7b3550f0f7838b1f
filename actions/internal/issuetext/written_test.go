package issuetext

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// What people write in places that other parsers pass over is their own, and
// what templates write is not, also where the template is stored elsewhere.
func TestRead_IssueTextAsItIsWritten(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"an alert box", "> [!WARNING]\n> it deleted my home\n\nsee", "it deleted my home see"},
		{"an alert box in small letters with a list", "> [!note]\n> - it hangs\n> - it crashes", "it hangs it crashes"},
		{"an alert box of several paragraphs", "> [!CAUTION]\n>\n> first\n>\n> second", "first second"},
		{"an ordinary quotation", "> it deleted my home\n\nsee", "see"},
		{"a quotation of an alert's name", "> [!WARNINGS]\n> crash", ""},
		{"a quotation in an alert box", "> [!TIP]\n> mine\n>\n> > theirs", "mine"},
		{"unticked boxes of a list", "- [ ] a crash\n- [x] a hang\n* [ ] a leak\n1. [X] a freeze", "a hang a freeze"},
		{"unticked boxes without a list", "[ ] Regression\n[x] Bug report\n[ ] Feature request", "bug report"},
		{"boxes in a row", "[ ] crash [x] hang [ ] leak", "hang"},
		{"boxes of other kinds", "☐ crash\n☑ hang\n[] leak", "hang"},
		{"a box that every reporter ticks", "- [x] I have searched the existing issues for this crash\n- [X] I agree to report no security issue here\n- [x] It crashes", "it crashes"},
		{"a link that begins a line is no box", "[x](https://a.example) crash", "x crash"},
		{"what was denied on its own line", "**Does it crash?** no\n**Is this a regression?** No, never", "no no never"},
		{"what was affirmed on its own line", "**Does it crash?** yes, always", "does it crash yes always"},
		{"a question that is no whether", "Why does it crash? No idea", "why does it crash no idea"},
		{"a heading that is denied", "### Is this a regression?\n\nNo\n\n### Does it crash?\n\n_No response_", "no"},
		{"a heading that is affirmed", "### Does it crash?\n\nYes", "does it crash yes"},
		{"a body of HTML", "<p>It <b>deleted</b> my files.</p><pre>crash</pre><div>Every&nbsp;time<br>I start</div>", "it deleted my files every time i start"},
		{"HTML with code, quotes and struck-out text", "<div>see <code>crash</code> and <del>panic</del></div>\n<blockquote>hang</blockquote>\n<ul><li>one<li>two</ul>", "see and one two"},
		{"HTML within a line", "it does <i>not</i> crash<br>see <code>panic</code> and <del>hang</del> now", "it does not crash see and now"},
		{"a tag that is never closed", "see <code>panic and crash", "see panic and crash"},
		{"details that tell", "<details><summary>What happened</summary>\n\nit crashed\n\n</details>\n\nend", "what happened it crashed end"},
		{"details that tell, in one block", "<details>\n<summary>What happened</summary>\nit crashed\n</details>\n\nend", "what happened it crashed end"},
		{"details that hold a log", "<details><summary>Full log</summary>\n\npanic and crash\n\n- hang\n\n</details>\n\nend", "full log end"},
		{"details within details", "<details><summary>Log</summary>\n\n<details><summary>More</summary>\n\npanic\n\n</details>\n\ncrash\n\n</details>\n\nend", "log end"},
		{"details without a summary", "<details>\n\nit crashed\n\n</details>", "it crashed"},
		{"a script", "<script>crash()</script>\n\n<style>\n.crash {}\n\n.hang {}\n</style>\n\nend", "end"},
		{"a policy", "Please use this tracker for bugs and feature requests only. It stops.", "it stops"},
		{"a list of kinds", "Bug, feature request, or documentation request: we welcome them all.\n\nIt stops.", "it stops"},
		{"a question of a template", "Do you want to request a *feature* or report a *bug*?", ""},
		{"a policy of a large project", "Please make sure that this is a bug. As per our GitHub Policy, we only address code/doc bugs, performance issues, feature requests and build/installation issues on GitHub.", "please make sure that this is a bug"},
		{"a sentence about one feature and its bug", "The export feature has a bug, please fix it.", "the export feature has a bug please fix it"},
		{"Stack Overflow is no overflow", "Ask on **Stack Overflow**, please", "ask on stack overflow please"},
		{"signs in names", "C++ and c#, F#; notepad++ (C++17) node.js .NET ASP.NET", "c++ and c# f# notepad++ c++ 17 node.js net asp.net"},
		{"signs that belong to no name", "a+b issue #12 1+ + # PR#12", "a b issue 12 1 pr 12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wordsIn(Read("", c.body, nil)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A rule that looks for an overflow of the stack finds none in the name of a
// site; a title that says nothing else still tells of one.
func TestRead_StackOverflow(t *testing.T) {
	for _, c := range []struct {
		title, body string
		sites       bool
	}{
		{"Stack Overflow", "", false},
		{"Stack Overflow in the parser", "", false},
		{"a stack overflow", "", false},
		{"", "see **Stack Overflow**", true},
		{"", "**Stack Overflow**", true},
		{"Asked on Stack Overflow", "", true},
	} {
		d := Read(c.title, c.body, nil)
		last := d.Passages[0].Words[len(d.Passages[0].Words)-1].Folded
		found := last == "stack overflow"
		if found != c.sites {
			t.Errorf("%q %q: one word %t, want %t", c.title, c.body, found, c.sites)
		}
	}
}

const severityForm = `body:
  - type: markdown
    attributes: {value: "### Severity"}
  - type: textarea
    attributes: {label: 'What happened?'}
  - type: dropdown
    attributes: {label: Severity, multiple: true, options: [Critical, Minor, 'Minor, but urgent']}
  - type: input
    attributes: {label: Version}
  - type: textarea
    attributes: {label: Anything else}
`

func TestForm_QuestionsInTheirOrder(t *testing.T) {
	templates, err := ReadTemplates(fstest.MapFS{TemplateFolder + "/bug.yml": {Data: []byte(severityForm)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body, question string
		yes, no              []string
	}{
		{"a heading pasted into an answer", "### What happened?\n\nMy colleague wrote:\n\n### Severity\n\nCritical\n\n### Severity\n\nMinor\n\n### Version\n\n1.1.0\n\n### Anything else\n\n_No response_", "severity", []string{"minor"}, []string{"critical"}},
		{"the pasted heading belongs to the answer", "### What happened?\n\nMy colleague wrote:\n\n### Severity\n\nCritical\n\n### Severity\n\nMinor\n\n### Version\n\n1.1.0\n\n### Anything else\n\n_No response_", "what happened", []string{"my colleague wrote:", "critical"}, nil},
		{"a heading pasted behind the form", "### What happened?\n\nIt\n\n### Severity\n\nMinor\n\n### Version\n\n1.1.0\n\n### Anything else\n\nFrom the ticket:\n\n### Severity\n\nCritical", "severity", []string{"minor"}, []string{"critical"}},
		{"a heading of another level", "### What happened?\n\n## Severity\n\nCritical\n\n### Severity\n\nMinor\n\n### Version\n\n1\n\n### Anything else\n\nno", "severity", []string{"minor"}, []string{"critical"}},
		{"an answer that the form does not offer", "### What happened?\n\nIt\n\n### Severity\n\nMinor\n\n### Version\n\n1.1.0\n\n### Anything else\n\nIt\n\n### Severity\n\nTerrible", "severity", []string{"minor"}, []string{"terrible"}},
		{"a choice with a comma", "### What happened?\n\nIt\n\n### Severity\n\nCritical, Minor, but urgent\n\n### Version\n\n1\n\n### Anything else\n\nno", "severity", []string{"critical", "Minor, but urgent"}, []string{"minor", "but urgent"}},
		{"a question that came later", "### What happened?\n\nIt\n\n### Severity\n\nMinor\n\n### Version\n\n1.1.0", "severity", []string{"minor"}, nil},
		{"another form altogether", "### Idea\n\nIt\n\n### Severity\n\nCritical", "severity", []string{"critical"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Read("", c.body, templates)
			for _, want := range c.yes {
				if !d.HasAnswer(c.question, want) {
					t.Errorf("%s is not %q: %q", c.question, want, d.answers)
				}
			}
			for _, other := range c.no {
				if d.HasAnswer(c.question, other) {
					t.Errorf("%s is %q: %q", c.question, other, d.answers)
				}
			}
		})
	}
}

// Where the form is stored elsewhere, a choice with a comma is found all the same.
func TestHasAnswer_WithoutTheForm(t *testing.T) {
	d := Read("", "### Systems\n\nWindows, macOS, on Intel, Linux", nil)
	for answer, want := range map[string]bool{"Windows": true, "macOS, on Intel": true, "Linux": true, "Intel": false, "Windows, Linux": false} {
		if got := d.HasAnswer("systems", answer); got != want {
			t.Errorf("%q: got %t, want %t", answer, got, want)
		}
	}
}

func TestReadTemplates_PlacesOfTemplates(t *testing.T) {
	const template = "---\nname: Bug\nlabels: crash\n---\n## Describe the panic\n\n**Does it crash?**\nVersion:\n"
	for _, place := range []string{".github/ISSUE_TEMPLATE.md", "ISSUE_TEMPLATE.md", "docs/issue_template.md", ".github/ISSUE_TEMPLATE/bug.md"} {
		t.Run(place, func(t *testing.T) {
			templates, err := ReadTemplates(fstest.MapFS{place: {Data: []byte(template)}})
			if err != nil {
				t.Fatal(err)
			}
			d := Read("", "## Describe the panic\n\nIt stops\n\n**Does it crash?** seldom\nVersion: 1.2\n", templates)
			if got, want := wordsIn(d), "it stops seldom 1.2"; got != want {
				t.Errorf("words: got %q, want %q", got, want)
			}
			if !d.HasAnswer("Does it crash", "seldom") || !d.HasAnswer("version", "1.2") {
				t.Errorf("answers: %q", d.answers)
			}
			if place, line := d.Passages[1].Text, d.Passages[1].Line; line != 5 {
				t.Errorf("%q stands in line %d, want 5", place, line)
			}
		})
	}
}

// Policies are no words of the reporter, and sentences of reporters are no
// policies: of real issues few lose a sentence.
func TestQualityOfPolicies(t *testing.T) {
	dropped, all := 0, 0
	for _, body := range realBodies(t) {
		all++
		with, without := read("", clean(body), nil, true), read("", clean(body), nil, false)
		if len(wordsIn(without)) < len(wordsIn(with)) {
			dropped++
		}
	}
	t.Logf("boilerplate is taken out of %d of %d real issues", dropped, all)
	if dropped*4 > all {
		t.Errorf("%d of %d issues lose words, want at most a quarter", dropped, all)
	}
}

// realBodies are bodies of real issues; without the folder that holds them a
// test skips.
func realBodies(t testing.TB) []string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	src, err := os.ReadFile(filepath.Join(folder, "labels", "nlbse24-train.csv.gz"))
	if err != nil {
		t.Skip("no real issues here: AFTERCARE_DATA names the folder that holds them")
	}
	z, err := gzip.NewReader(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, row := range rows[1:] {
		bodies = append(bodies, row[4])
	}
	f, err := os.Open(filepath.Join(folder, "issues", "matomo-2008-2014.jsonl.gz"))
	if err != nil {
		return bodies
	}
	defer f.Close()
	if z, err = gzip.NewReader(f); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var row struct{ Issue struct{ Body string } }
		if json.Unmarshal(lines.Bytes(), &row) == nil && strings.TrimSpace(row.Issue.Body) != "" {
			bodies = append(bodies, row.Issue.Body)
		}
	}
	return bodies
}

// A form may be stored in the repository of an organisation, where its questions
// are not known: those that nobody answered are no words of the reporter.
func TestRead_HeadingOfAnUnansweredQuestion(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"no box is ticked", "### Regression issue\n\n- [ ] It worked before\n- [ ] It crashed before\n\n### Version\n\n1.0", "Version 1.0"},
		{"a box is ticked", "### Regression issue\n\n- [x] It worked before\n- [ ] Other", "Regression issue It worked before"},
		{"no response", "### Crash log\n\n_No response_\n\n### Version\n\n2", "Version 2"},
		{"an answer", "### Crash log\n\nsee below", "Crash log see below"},
		{"words after the boxes", "### Data loss\n\n- [ ] all\n\nSome of it", "Data loss Some of it"},
		{"a list of words", "### Crashes\n\n- on start", "Crashes on start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var words []string
			for _, p := range Read("", c.body, nil).Passages {
				for _, w := range p.Words {
					words = append(words, p.Text[w.Start:w.End])
				}
			}
			if got := strings.Join(words, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
