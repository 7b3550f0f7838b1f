package terminal

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write the goldens anew")

func as(s string) string { return s }

func TestAPageForPeople(t *testing.T) {
	for _, c := range []struct{ name, markdown, want string }{
		{"a heading", "## All is **well**\n\nSo it is.\n", "<b>All is <0><b><b>well<0>\n\nSo it is.\n"},
		{"words that stand out", "**bold**, *so*, `code` and ~~gone~~", "<b>bold<0>, <b>so<0>, <c>code<0> and gone\n"},
		{"escapes are undone", `crash\_rate \| \*x\* &lt;b&gt; a@` + "\u2060" + `b`, "crash_rate | *x* <b> a@b\n"},
		{"nothing is escaped in code", "`a\\_b &lt;`", "<c>a\\_b &lt;<0>\n"},
		{"lines of one paragraph", "one\ntwo<br>three  \nfour", "one two\nthree\nfour\n"},
		{"what is small", "6 %<br><sub>60 of 1,000</sub> more", "6 %\n<f>60 of 1,000<0> more\n"},
		{"a level colours what it begins", "🔴 **p0** is up\n\n🟢 ok\n\ncritical is a word\n", "<r>🔴 <0><r><b>p0<0><r> is up<0>\n\n<g>🟢 ok<0>\n\ncritical is a word\n"},
		{"a list", "- one\n- two\n  - three\n\n1. [x] first\n2. second\n", "• one\n• two\n  • three\n\n1. [x] first\n2. second\n"},
		{"an item without words", "-\n- a\n", "• \n• a\n"},
		{"links", "[issue 1](https://x.example/1) and [Today](README.md)\n\n<https://y.example>", "issue 1<f> (https://x.example/1)<0> and Today\n\nhttps://y.example\n"},
		{"a block of code", "```yaml\na: *b\n  - c\n```", "a: *b\n  - c\n"},
		{"a fold", "<details><summary>Not known: 1</summary>\n\nnps.\n\n</details>\n", "Not known: 1\n\nnps.\n"},
		{"a hidden mark", "<!-- ours -->\n\nwords <!-- x -->here <b>so</b>", "words here so\n"},
		{"a quotation", "> so\n> it is", "│ so it is\n"},
		{"long lines", strings.Repeat("word ", 9) + "\n\n- " + strings.Repeat("word ", 9), "word word word word word word word word\nword\n\n• word word word word word word word\n  word word\n"},
		{"a number and its sign stay together", strings.Repeat("w", 35) + " 100 %", strings.Repeat("w", 35) + "\n100 %\n"},
		{"a table", "| | Metric | Now |\n|---|---|---:|\n| 🔴 critical | **a** | 6 % |\n| ok | `b` | 600 |\n",
			"             <b>Metric<0>  <b>Now<0>\n<f>───────────<0>  <f>──────<0>  <f>───<0>\n<r>🔴 critical<0>  <b>a<0>       6 %\n<g>ok<0>           <c>b<0>       600\n"},
		{"a table's rows of several lines are apart", "| a | b |\n|---|---|\n| 1<br>2 | x |\n| 3 | 漢字 |\n| 4 |  |\n", "<b>a<0>  <b>b<0>\n<f>─<0>  <f>────<0>\n1  x\n2\n\n3  漢字\n\n4\n"},
		{"a link in a table", "| a |\n|---|\n| [one](https://x.example) |\n", "<b>a<0>\n<f>───<0>\none\n"},
		{"a table that is too wide", "| a | b |\n|---|---|\n| " + strings.Repeat("x", 30) + " | some words here |\n",
			"<b>a<0>                         <b>b<0>\n<f>────────────────────────<0>  <f>──────────────<0>\n" + strings.Repeat("x", 24) + "  some words\n" + strings.Repeat("x", 6) + "                    here\n"},
		{"a sequence from a stranger", "`a\x1b[31mb` c\x1b]0;x\a &#27;[2J &#x9b;1m \u202eabc\u200b", "<c>a [31mb<0> c ]0;x   [2J ›1m abc\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Paper{40, true, as}.Show(c.markdown)
			if seen := shorthand.Replace(got); seen != c.want {
				t.Errorf("got\n%s\nwant\n%s", seen, c.want)
			}
			plain := Paper{40, false, as}.Show(c.markdown)
			if want := sequences.ReplaceAllString(got, ""); plain != want {
				t.Errorf("without colours\n%s\nwant\n%s", plain, want)
			}
		})
	}
}

var (
	shorthand = strings.NewReplacer(Bold, "<b>", Faint, "<f>", Red, "<r>", Green, "<g>", Yellow, "<y>", Cyan, "<c>", ended, "<0>")
	sequences = regexp.MustCompile(`\x1b\[(0|1|2|31|32|33|36)m`)
)

// What is to be hidden is hidden also where Markdown's signs stood in it.
func TestAPageHidesSecrets(t *testing.T) {
	hide := func(s string) string { return strings.ReplaceAll(s, "s3cr_et", "[secret]") }
	for _, src := range []string{`s3cr\_et`, `- **s3cr\_et**`, "| a |\n|---|\n| s3cr\\_et |", "s3cr&#95;et", "```\ns3cr_et\n```", "<div>s3cr&#95;et</div>"} {
		if got := (Paper{40, true, hide}).Show(src); strings.Contains(sequences.ReplaceAllString(got, ""), "s3cr_et") || !strings.Contains(got, "[secret]") {
			t.Errorf("%q shows %q", src, got)
		}
	}
}

// A page like those of the house, as a person reads it in a terminal.
func TestAWholePage(t *testing.T) {
	src, err := os.ReadFile("testdata/page.md")
	if err != nil {
		t.Fatal(err)
	}
	got := Paper{100, false, as}.Show(string(src))
	if *update {
		if err := os.WriteFile("testdata/page.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, _ := os.ReadFile("testdata/page.txt"); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// No text brings a sequence of a terminal but the colours of the house, nor
// any other sign that moves a cursor or the order of reading.
func FuzzPaper(f *testing.F) {
	for _, s := range []string{"# a\x1b[31m", "`\x1b`", "&#27;&#155;", "| a |\n|-|\n| \x1b[2J |", "<b\x1b[1m>", "[a](https://\x1b)", "<https://a\x1b>", "- \n\t- x\r\n", "```\x1b\n\x1b", "![\x1b](\x9b)", "\xff\u202e"} {
		f.Add(s, 40, true)
	}
	f.Fuzz(func(t *testing.T, src string, width int, coloured bool) {
		got := Paper{max(minWidth, min(width, maxWidth)), coloured, as}.Show(src)
		if !coloured && strings.Contains(got, "\x1b") {
			t.Fatalf("%q shows %q", src, got)
		}
		for _, r := range sequences.ReplaceAllString(got, "") {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
				t.Fatalf("%q shows %U in %q", src, r, got)
			}
		}
	})
}
