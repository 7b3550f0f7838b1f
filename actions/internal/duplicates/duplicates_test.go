package duplicates

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// shelf is a small repository.
var shelf = []Doc{
	{1, "Window does not open on macOS", "The wallet window stays hidden.", true},
	{2, "Add a dark theme", "My eyes hurt at night.", true},
	{3, "Crash when importing a backup", "It says `E_IMPORT_42: bad header` and exits.", true},
	{4, "Translate the menu into Korean", "The menu is English only.", true},
	{5, "Wallet window hidden on macOS", "Same as always.", false},
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  Doc
		want int // 0: none
	}{
		{"words of the title", Doc{Number: 9, Title: "The window will not open"}, 1},
		{"another form of a word", Doc{Number: 9, Title: "Imported backups crash"}, 3},
		{"an error message in the body", Doc{Number: 9, Title: "Help", Body: "```\nE_IMPORT_42: bad header\n```"}, 3},
		{"a word of the body", Doc{Number: 9, Title: "Please", Body: "Something for the eyes"}, 2},
		{"letters of another case and form", Doc{Number: 9, Title: "ＤＡＲＫ mode"}, 2},
		{"closed issues are not asked", Doc{Number: 9, Title: "wallet hidden always"}, 1},
		{"nothing in common", Doc{Number: 9, Title: "Printer"}, 0},
		{"only words that everyone uses", Doc{Number: 9, Title: "It is not the"}, 0},
		{"an issue of the index is not its own neighbour", Doc{Number: 4, Title: "Translate the menu into Korean"}, 0},
		{"the hints of a template are not said", Doc{Number: 9, Title: "Help", Body: "<!-- dark theme --> bad header <!-- dark"}, 3},
		{"an issue without words", Doc{Number: 9}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := 0
			if found := Of(shelf).Nearest(c.doc, 1); len(found) > 0 {
				got = found[0].Number
			}
			if got != c.want {
				t.Errorf("got #%d, want #%d", got, c.want)
			}
		})
	}
}

func TestNearestTellsItsWords(t *testing.T) {
	got := Of(shelf).Nearest(Doc{Number: 9, Title: "Windows stay hidden", Body: "On my macOS the wallet opens no windows"}, 3)
	if len(got) == 0 || got[0].Number != 1 {
		t.Fatalf("got %v, want #1 first", got)
	}
	for _, w := range []string{"Windows", "hidden"} {
		if !slices.Contains(got[0].Words, w) {
			t.Errorf("got the words %q, want %q among them, as it was written", got[0].Words, w)
		}
	}
	if len(got[0].Words) > 6 {
		t.Errorf("got %d words, want at most 6", len(got[0].Words))
	}
}

func TestTitleCountsMore(t *testing.T) {
	docs := []Doc{
		{1, "Something else", "The scrollbar, and much besides.", true},
		{2, "The scrollbar", "Something else, and much besides.", true},
		{3, "Quite another thing", "", true},
	}
	if got := Of(docs).Nearest(Doc{Number: 9, Title: "scrollbar"}, 2); len(got) != 2 || got[0].Number != 2 {
		t.Errorf("got %v, want #2, with the word in its title, before #1", got)
	}
}

// Of issues that are not near, the one with the same words in a row goes before
// one that has them here and there, whose score is the same.
func TestNearest_WordsInARow(t *testing.T) {
	shelf := []Doc{
		{1, "Export", "the file of the session is kept when a handler ends, and much is said besides", true},
		{2, "Export", "the session handler is kept when a file ends, and much is said besides", true},
	}
	for _, title := range []string{"Cannot replace the session handler", "Cannot replace the SessionHandler", "Cannot replace sessionhandler of a session"} {
		found := Of(shelf).Nearest(Doc{Number: 9, Title: title, Body: "It is not asked for."}, 2)
		if len(found) == 0 || found[0].Number != 2 {
			t.Errorf("%q: got %v, want #2 first", title, found)
		}
	}
}

// Of two issues that are as like, the one that was opened at about the same time
// goes first: one cause makes people report at once.
func TestNearest_OpenedAtAboutTheSameTime(t *testing.T) {
	docs := []Doc{{1, "Totals differ in the weekly report", "", true}}
	for i := range 900 {
		docs = append(docs, Doc{i + 2, fmt.Sprintf("w%dx y%dz", i, i), "", true})
	}
	docs = append(docs, Doc{902, "Totals differ in the yearly report", "", true})
	for number, want := range map[int]int{903: 902, 5: 1} {
		found := Of(docs).Nearest(Doc{Number: number, Title: "Report is empty", Body: "I opened it and saw no totals, only rows of names."}, 1)
		if len(found) == 0 || found[0].Number != want {
			t.Errorf("#%d: got %v, want #%d first", number, found, want)
		}
	}
}

func TestRead(t *testing.T) {
	templates, err := issuetext.ReadTemplates(fstest.MapFS{issuetext.TemplateFolder + "/bug.md": {Data: []byte("**What happened?**\n\n**Version**\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, body, want string }{
		{"what was said", "It *stops* at once.", "It stops at once."},
		{"a template's words are not", "**What happened?**\nIt stops.\n\n**Version**\n1.2", "It stops.\n1.2"},
		{"nor is a quote", "> It stops.\n\nFor me, too.", "For me, too."},
		{"of a log the lines that tell of an error", "It stops:\n```\nstarted\nthread 'main' panicked at lib.rs\nnote: see the book\n```\n", "It stops:\nthread 'main' panicked at lib.rs"},
		{"the first of them", "```\n" + strings.Repeat("error: x\n", 9) + "```", "error: x\nerror: x\nerror: x"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Read(7, "A title", c.body, templates); got.Body != c.want || got.Title != "A title" || got.Number != 7 {
				t.Errorf("got %+v, want the body %q", got, c.want)
			}
		})
	}
}

func TestUsualLinesAreNobodysOwn(t *testing.T) {
	const form = "Which system?\n%s\nHow can it be repeated?\n%s\n"
	docs := []Doc{
		{1, "Window does not open", fmt.Sprintf(form, "macOS", "start it"), true},
		{2, "Dark theme", fmt.Sprintf(form, "Linux", "at night"), true},
		{3, "Crash of an import", fmt.Sprintf(form, "BSD", "import"), true},
	}
	asked := Doc{Number: 9, Title: "Printer", Body: fmt.Sprintf(form, "Haiku", "print")}
	if got := Of(docs).Nearest(asked, 3); len(got) != 0 {
		t.Errorf("alike by the words of a form: %v", got)
	}
	if got := Of(docs[:2]).Nearest(asked, 3); len(got) == 0 {
		t.Error("what two say may be their own")
	}
}

func TestNear(t *testing.T) {
	older := []Doc{{1, "Completion of nushell on Windows", "It stops after the first flag.", true}, {2, "Printing", "", true}, {3, "Memory of AddressBookTests", "", true}}
	for _, c := range []struct {
		name           string
		title, body    string
		another, again bool // near to another's, to one's own
	}{
		{"the same words", "Completion of nushell on Windows", "It stops after the first flag.", true, true},
		{"most words", "nushell completion is wrong on Windows", "It shows files of another folder and no flag.", true, false},
		{"one title says all of the other", "Completion of nushell on Windows, please", "Sincerely yours and everybody else", true, false},
		{"a word or two", "nushell", "Windows", false, false},
		{"one word alone is the whole title", "Printing", "", false, false},
		{"a name of code is one word", "AddressBookTests", "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Of(older).Nearest(Doc{Number: 9, Title: c.title, Body: c.body}, 1)[0]
			if m.Near(false) != c.another || m.Near(true) != c.again {
				t.Errorf("score %.2f: near to another's %t, to one's own %t; want %t, %t", m.Score, m.Near(false), m.Near(true), c.another, c.again)
			}
		})
	}
}

func TestNearestIsOrdered(t *testing.T) {
	turned := slices.Clone(shelf)
	slices.Reverse(turned)
	asked := Doc{Number: 9, Title: "Crash of the window with a dark menu", Body: "macOS"}
	a, b := Of(shelf).Nearest(asked, 9), Of(turned).Nearest(asked, 9)
	if !reflect.DeepEqual(a, b) {
		t.Errorf("the order of the issues changes the answer:\n%v\n%v", a, b)
	}
	same := []Doc{{7, "printer", "", true}, {3, "printer", "", true}, {5, "paper", "", true}}
	got := Of(same).Nearest(Doc{Number: 9, Title: "printer"}, 9)
	if len(got) != 2 || got[0].Number != 3 || got[1].Number != 7 || math.Abs(got[0].Score-1) > 1e-9 {
		t.Errorf("got %v, want #3 before #7, both with the score 1", got)
	}
	if got := Of(nil).Nearest(asked, 3); len(got) != 0 {
		t.Errorf("an empty index knows %v", got)
	}
	if got := Of(shelf).Nearest(asked, 0); len(got) != 0 {
		t.Errorf("none were asked for, got %v", got)
	}
}

func TestGroups(t *testing.T) {
	docs := slices.Concat(shelf, []Doc{
		{6, "Crash when importing my backup", "bad header", true},
		{7, "macOS: the window does not open, it is hidden", "", true},
	})
	want := [][]int{{1, 5, 7}, {3, 6}}
	if got := Groups(docs); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Groups(nil); len(got) != 0 {
		t.Errorf("no issues make the groups %v", got)
	}
}

func TestGroupsAreCapped(t *testing.T) {
	var docs []Doc
	for i := range 20 {
		docs = append(docs, Doc{i + 1, "The same words each time", "", true})
	}
	for i := range 200 {
		docs = append(docs, Doc{i + 100, fmt.Sprintf("w%dx", i), "", true})
	}
	for _, g := range Groups(docs) {
		if len(g) > largest {
			t.Errorf("a group holds %d issues: %v", len(g), g)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"names of code as a whole and in parts", "openWallet() some_name", "openWallet open Wallet some_name some name"},
		{"addresses are passed over", "see https://a.b/c [this](https://d) www.e.f", "see this"},
		{"numbers of errors", "error: -22, 0x80070005", "error 22 0x80070005"},
		{"checksums are no words", "a " + strings.Repeat("0af", 20), "a"},
		{"letters of any script", "지갑 кошелёк", "지갑 кошелёк"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			eachWord(c.text, func(w string, _ bool) { got = append(got, w) })
			if got := strings.Join(got, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzNearest holds that any issue is nearest to its own words, with a score
// within 0 and 1, and that near ones are ordered by it.
func FuzzNearest(f *testing.F) {
	for _, s := range []string{"", "a", "crash", "_a_", "aB", "](", "://", "\xff", "지갑", strings.Repeat("x ", 9000)} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, body string) {
		x := Of(append(slices.Clone(shelf), Doc{6, title, body, true}))
		found := x.Nearest(Doc{9, title, body, true}, 9)
		for i, m := range found {
			if math.IsNaN(m.Score) || m.Score <= 0 || m.Score > 1 || i > 0 && m.Score >= Near && m.Score > found[i-1].Score || len(m.Words) == 0 {
				t.Fatalf("%q, %q: match %v of %v", title, body, m, found)
			}
		}
		s := stemmer{}
		if len(s.bag(Doc{Title: title, Body: body}, nil)) > 0 && (len(found) == 0 || found[0].Score < 1-1e-6) {
			t.Fatalf("%q, %q: its own words are not nearest: %v", title, body, found)
		}
	})
}

// many is a repository of five thousand issues with the words of a real one.
func many(b *testing.B) []Doc {
	real := readWallet(b)
	var docs []Doc
	for i := range 5000 {
		r, other := real[i%len(real)], real[(i*7+i/len(real))%len(real)]
		docs = append(docs, Doc{i + 1, r.Title, other.Body, true})
	}
	return docs
}

func BenchmarkIndex(b *testing.B) {
	docs := many(b)
	for b.Loop() {
		Of(docs)
	}
	b.ReportMetric(float64(b.N*len(docs))/b.Elapsed().Seconds(), "issues/s")
}

func BenchmarkNearest(b *testing.B) {
	docs := many(b)
	x := Of(docs)
	for i := 0; b.Loop(); i++ {
		x.Nearest(docs[i%len(docs)], 3)
	}
}

func BenchmarkGroups(b *testing.B) {
	docs := many(b)
	for b.Loop() {
		Groups(docs)
	}
}
