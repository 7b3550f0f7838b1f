package issuetext

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

func wordsIn(d *Document) string {
	var all []string
	for _, p := range d.Passages {
		for _, w := range p.Words {
			all = append(all, w.Folded)
		}
	}
	return strings.Join(all, " ")
}

func TestOnlyWhatAPersonWrote(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"prose, a heading and a list", "# It Crashes\n\nEvery time.\n\n- on start\n- on exit", "it crashes every time on start on exit"},
		{"cells of a table", "| Where | What |\n|---|---|\n| here | crash |", "where what here crash"},
		{"no code in a line", "run `caro crash now` twice", "run twice"},
		{"no code in a block", "see\n\n```\ncrash\n```\n\n    crash too\n\nend", "see end"},
		{"no quotes", "> it crashes\n\nnot here", "not here"},
		{"no HTML", "<b>bold</b> <!-- crash --> <img alt=\"crash\">\n\n<details>\ncrash\n</details>", "bold"},
		{"a link's words, not its address", "[the log](https://x.example/crash \"crash\") and <https://x.example/crash>", "the log and"},
		{"no bare addresses and paths", "see https://x.example/crash?a=panic or www.crash.example, /tmp/crash/log, ~/crash and ./crash/x", "see or and"},
		{"no addresses of people", "mail crash@panic.example now", "mail now"},
		{"no images", "![crash](crash.png) here", "here"},
		{"no struck-out words", "~~crash~~ works", "works"},
		{"escaped signs and entities", "a \\*crash\\* &amp; burn&#46;", "a crash burn"},
		{"emphasis within a word", "cra**sh**ed", "crashed"},
		{"slashes that are no path", "crash/hang and/or panic", "crash hang and or panic"},
		{"an empty body", " \n ", ""},
		{"apostrophes of all kinds", "doesn’t doesn't doesnʼt", "doesn't doesn't doesn't"},
		{"full width, ligatures, soft hyphens, zero width", "ＣＲＡＳＨ o\ufb03ce cra\u00adsh cra\u200bsh", "crash office crash crash"},
		{"letters that look alike", "сrаsh", "crash"},
		{"a Cyrillic word is left alone", "крах", "крах"},
		{"scripts without spaces, sign by sign", "崩溃了", "崩 溃 了"},
		{"hyphens part words", "core-dumped install-script", "core dumped install script"},
		{"marks of direction", "\u202ecrash\u202c", "crash"},
		{"a fence after dense lines still opens", strings.Repeat("a_b | *c* [d]\n", 900) + "```\ncrash\n```\n", strings.TrimSpace(strings.Repeat("a_b c d ", 900))},
		{"a fence closes after the densest log", "```\n" + strings.Repeat("some_name *[0x1] | & ` \\\n", 1200) + "```\n\nend", "end"},
		{"bytes that are not text", "cra\xffsh \x00 ok", "cra sh ok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wordsIn(Read("", c.body, nil)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// People in a hurry write a sentence a line; editors wrap lines that are full.
func TestLinesAndSentences(t *testing.T) {
	for _, c := range []struct {
		name, text string
		sentences  int
	}{
		{"short lines are sentences", "it does not start\nit crashes", 2},
		{"a full line that goes on in lower case", "when I start it in the morning before my tea it does not\ncrash", 1},
		{"a full line that ends a sentence", "when I start it in the morning before my tea it does not.\ncrash", 2},
		{"a full line before one that begins anew", "when I start it in the morning before my tea it does not\nCrash", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			words := Words(c.text)
			last := words[len(words)-1]
			if got := int(last.Sentence) + 1; got != c.sentences {
				t.Errorf("%d sentences, want %d", got, c.sentences)
			}
			if c.sentences == 1 && last.Break {
				t.Error("a line that was only wrapped parts words")
			}
		})
	}
}

// What was left out within a quotation is shown as such.
func TestQuotations(t *testing.T) {
	d := Read("The title", "The export of `caro telemetry export`: it holds my name", nil)
	p := d.Passages[1]
	if got, want := p.Quote(1, len(p.Words)-1), "export of …: it holds my name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPlaces(t *testing.T) {
	d := Read("The title", "First line\nsecond line.\n\n```\ncode\n```\n\nEighth, crash. Not. So", nil)
	p := d.Passages[2]
	if p.In != "body" || p.Line != 8 || p.Quote(0, 1) != "Eighth, crash" {
		t.Errorf("got %q in %s, line %d", p.Quote(0, 1), p.In, p.Line)
	}
	if !p.Words[1].Break || p.Words[1].Sentence != 0 || p.Words[2].Sentence != 1 || p.Words[3].Sentence != 2 {
		t.Errorf("sentences and breaks: %+v", p.Words)
	}
	if d.Passages[0].In != "title" {
		t.Errorf("the title is %+v", d.Passages[0])
	}
}

const form = `name: Bug
body:
  - type: markdown
    attributes: {value: "Thanks for the crash report!"}
  - type: textarea
    attributes: {label: 'What crashed?', placeholder: Describe the crash here}
  - type: dropdown
    attributes: {label: Severity, options: [Critical, Minor]}
  - type: checkboxes
    attributes: {label: Checks, options: [{label: I searched for the same crash}, {label: I use the newest version}]}
`

func TestFormsAndTemplates(t *testing.T) {
	templates, err := ReadTemplates(fstest.MapFS{
		TemplateFolder + "/bug.yml":    {Data: []byte(form)},
		TemplateFolder + "/old.md":     {Data: []byte("## Describe the panic\nA clear description of the panic\n<!-- crash -->\n")},
		TemplateFolder + "/broken.yml": {Data: []byte("body: [")},
	})
	if err == nil || !strings.Contains(err.Error(), "broken.yml") {
		t.Errorf("the broken form is not named: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "bug.yml") {
		t.Errorf("a good form was not understood: %v", err)
	}
	d := Read("", "Thanks for the crash report!\n\n### What crashed?\n\nThe shell\n\n### Severity\n\nCritical\n\n### Checks\n\n- [X] I searched for the same crash\n- [ ] I use the newest version\n\n### Log\n\n_No response_\n", templates)
	if got := wordsIn(d); got != "the shell critical" {
		t.Errorf("words: %q", got)
	}
	want := map[string][]string{"what crashed": {"The shell"}, "severity": {"Critical"}, "checks": {"I searched for the same crash"}}
	if !reflect.DeepEqual(d.answers, want) {
		t.Errorf("answers: %q\nwant: %q", d.answers, want)
	}
	if got := wordsIn(Read("", "## Describe the panic\nA clear description of the panic\nIt froze.", templates)); got != "it froze" {
		t.Errorf("a template's words count: %q", got)
	}
	if none, err := ReadTemplates(fstest.MapFS{}); err != nil || none.Knows("crash") {
		t.Errorf("without templates: %v", err)
	}
}

// hard are texts of the kind that makes parsers of Markdown slow.
var hard = map[string]string{
	"brackets": "[", "closing": "]", "links": "[a](", "images": "![[", "quotes": ">", "quotes and space": "> ", "lists": "- ", "numbers": "1. ",
	"nested lists": "- - ", "stars": "*a_ ", "stars alone": "*", "underscores": "_a", "ticks": "`", "ticks apart": "`a``b", "tables": "|", "table rows": "|-|\n", "less": "<", "tags": "<a ",
	"entities": "&amp;", "references": "[a]: b\n", "footnotes": "[^a]", "tildes": "~~a~", "backslashes": "\\", "comments": "<!--", "cdata": "<![CDATA[", "mail": "a@b.c ",
	"headings": "# a\n", "rules": "***\n", "tabs": "\t- a\n", "four bytes": "😀", "combining": "a\u0301\u0301", "bidi": "\u202e", "dots": ".", "words": "crash ", "slashes": "a/", "long": "a",
	"nested stars": "**a *b ", "autolinks": "<http://a", "parens": "[a](<", "checkboxes": "- [ ] \n", "indents": " ", "containers of two kinds": "> - ", "numbers with brackets": "1) ", "line after line of containers": strings.Repeat("> ", 60) + "a\n", "links in pairs": "[a][b] ",
	"links without an end": "[a](b", "lists that deepen": "- a\n  - b\n    - c\n", "underlined": "a\n=\n", "ticks in pairs": "` `` ", "paragraphs at the limit": strings.Repeat("[a](", maxBrackets) + "\n\n",
}

// Texts that make parsers slow are read to their end, and hide no words behind
// them. How long they take is the benchmark's business.
func TestHardTextsAreRead(t *testing.T) {
	for name, unit := range hard {
		t.Run(name, func(t *testing.T) {
			for _, p := range Read("the title", strings.Repeat(unit, 4096/len(unit)), nil).Passages {
				if len(p.Words) == 0 || p.Line < 1 {
					t.Fatalf("bad passage %+v", p)
				}
			}
		})
	}
}

// BenchmarkHardTexts reads texts of the size that GitHub holds, and half of
// it: what takes four times as long for twice the text is not linear.
func BenchmarkHardTexts(b *testing.B) {
	for name, unit := range hard {
		for _, size := range []int{32 << 10, 64 << 10} {
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				body := strings.Repeat(unit, size/len(unit))
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					Read("", body, nil)
				}
			})
		}
	}
}

func TestBoundLeavesOrdinaryTextAlone(t *testing.T) {
	for _, s := range []string{"- a\n  - b\n    - c", "> > quoted", strings.Repeat("some *words* and [links](x) ", 40), strings.Repeat("| a | b |\n", 60),
		strings.Repeat("| `a_b` | [b](c) |\n", 700), strings.Repeat("- a_b_c [d] *e*\n\n", 900), strings.Repeat("-", 60) + "\n", strings.Repeat("a_b ", 4000)} {
		if got := bound(s); got != s {
			t.Errorf("bound changed %q to %q", s, got)
		}
	}
}

// Nothing panics; words are what Fold makes of the text, in order, and places
// lie within it.
func FuzzRead(f *testing.F) {
	for _, unit := range hard {
		f.Add(unit, strings.Repeat(unit, 8))
	}
	f.Add("title", form)
	f.Fuzz(func(t *testing.T, title, body string) {
		d := Read(title, body, nil)
		for _, p := range d.Passages {
			if !utf8.ValidString(p.Text) || p.Line < 1 || len(p.Words) == 0 {
				t.Fatalf("bad passage %+v", p)
			}
			end := int32(0)
			for _, w := range p.Words {
				if w.Start < end || w.End <= w.Start || int(w.End) > len(p.Text) || Fold(p.Text[w.Start:w.End]) != w.Folded {
					t.Fatalf("bad word %+v of %q", w, p.Text)
				}
				end = w.End
			}
		}
	})
}

// Folding twice is folding once.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"ＣＲＡＳＨ", "сrаsh", "ﬃ", "İ", "ǅ", "\u0345", "ς"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, and of that %q", s, once, twice)
		}
	})
}

// A document of code alone has no words.
func FuzzCodeIsSilent(f *testing.F) {
	f.Add("crash\npanic")
	f.Fuzz(func(t *testing.T, code string) {
		if strings.ContainsAny(code, "`\r") || !utf8.ValidString(code) {
			return
		}
		if d := Read("", "```\n"+code+"\n```\n", nil); len(d.Passages) != 0 {
			t.Fatalf("code has words: %q", wordsIn(d))
		}
	})
}
