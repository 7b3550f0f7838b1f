package urgent

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

func weigh(t *testing.T, s *Scorer, title, body string) Verdict {
	t.Helper()
	return s.Weigh(issuetext.Read(title, body, nil), model.Issue{Title: title, Body: body})
}

func scorer(t *testing.T, c Config) *Scorer {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The file that ships is written as the program writes it: a person who
// corrects a line sees the line alone in the diff.
func TestShipped_WeightsAreInTheirForm(t *testing.T) {
	w, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if got := w.String(); got != shippedWeights {
		t.Error("weights.txt is not in the form that check -learn writes")
	}
	if w.Page <= w.Look || w.Page == 0 || len(w.Of) < 500 {
		t.Errorf("page %d, look %d, %d features", w.Page, w.Look, len(w.Of))
	}
	if len(w.Head) == 0 || !strings.Contains(strings.Join(w.Head, "\n"), "-learn -label critical,security,privacy-leak") {
		t.Error("the head does not say how the file was made")
	}
	lists, err := wordlist.Read("urgent")
	if err != nil {
		t.Fatal(err)
	}
	for f := range w.Of {
		for _, name := range []string{f.A, f.B} {
			if list, ok := strings.CutPrefix(name, "@"); ok && lists[list] == nil {
				t.Errorf("%s: there is no list %q", f, list)
			}
		}
	}
}

func shipped(t *testing.T) *Weights {
	t.Helper()
	w, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestParseWeights_NamesTheLineThatIsWrong(t *testing.T) {
	for src, want := range map[string]string{
		"page from = 20\nleak 3\n":           "line 2:",
		"leak = many\n":                      "whole number",
		"leak = 3, nonsense +2\n":            "expected a kind",
		"somewhere: leak = 3\n":              "unknown place",
		"one two three = 3\n":                "expected a word",
		"# head\npage from = 20\n@a ~ = x\n": "line 3:",
	} {
		if _, err := ParseWeights(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", src, err, want)
		}
	}
}

func TestFeatures_WhatATextShows(t *testing.T) {
	s, err := newScorer(&Weights{}, newIndex(&Weights{}), Config{Languages: wordlist.Languages})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, title, body, want, not string }{
		{"families near one another", "My password is printed", "", "@secret ~ @sent", ""},
		{"a family in the title", "All files deleted", "", "title: @lost", "opening: @lost"},
		{"a family in the opening", "Help", "All files were deleted", "opening: @lost", "title: @lost"},
		{"families of two sentences are not near", "Hi", "The password. Printed it is not", "@secret", "@secret ~ @sent"},
		{"a denied family", "Hi", "there was no data loss", "not: @lost", "@lost"},
		{"a harmless name", "Memory leak in the client", "", "@harmless", "@exposed"},
		{"a wish near a loss", "Feature request", "It would be nice to see deleted files", "@lost ~ @wish", ""},
		{"a request begins the title", "Add a warning", "", "title: @ask", ""},
		{"a request elsewhere is none", "Please add", "", "", "title: @ask"},
		{"a question", "Will it crash?", "", "#question-in-title", ""},
		{"a pair of words", "Hi", "the token valid", "token valid", ""},
		{"another language", "Alle meine Notizen sind weg", "Nach dem Update ist die Datenbank leer", "#another-language", ""},
		{"words of another language", "Backup nach dem Update leer", "", "backup", ""},
		{"a short title in German", "Keine Anmeldung mehr seit heute", "", "#another-language", ""},
		{"a short title in Portuguese", "Todos os arquivos sumiram", "", "#another-language", ""},
		{"Portuguese by its letters", "Correção: botão de exportação", "", "#another-language", ""},
		{"an English name with a mark", "The café plugin of Müller does not load after the last update of the app", "", "", "#another-language"},
		{"a denied family in German", "Absturz", "Nach dem Absturz kein Datenverlust bei uns", "not: @lost", ""},
		{"a denied family in Portuguese", "Atualização", "Não houve perda para os usuários", "not: @lost", ""},
		{"a loss without warning is no denial", "Nach dem Update", "Der Ordner wurde ohne Warnung gelöscht", "@lost", "not: @lost"},
		{"English is no other language", "All my notes are gone", "The database is empty after the update", "", "#another-language"},
		{"a language without spaces", "数据全部丢失", "升级后所有文件都没了", "@asset ~ @lost", ""},
		{"an attack in code", "Files", "```\nGET /../../etc/passwd\n```", "#attack-in-code", "#secret-in-code"},
		{"a secret in code", "Log", "```\nAuthorization: xyz\n```", "#secret-in-code", "#attack-in-code"},
		{"a report of a sanitizer", "Crash", "```\nERROR: AddressSanitizer: heap\n```", "#memory-error-in-code", ""},
		{"a number in thousands", "Hi", "41,877 rows", "#thousands", ""},
		{"a list of numbers", "Hi", "1,2,3", "", "#thousands"},
		{"several troubles", "Customers' passwords leaked", "An attacker can bypass the login", "#troubles-3", "#wish-and-little-trouble"},
		{"a title that states a trouble", "All files deleted", "", "#trouble-in-title", ""},
		{"a title that wishes", "Feature request: deleted files", "", "", "#trouble-in-title"},
		{"trouble without a wish", "Hi", "Files deleted", "#trouble-and-no-wish", "#trouble-in-title"},
		{"a wish beside trouble", "Hi", "It would be nice to see deleted files", "", "#trouble-and-no-wish"},
		{"a wish and little trouble", "Feature request", "How do I test the idea?", "#wish-and-little-trouble", "#trouble-and-no-wish"},
		{"code is not read", "Hi", "```\npassword leaked\n```", "#code", "@secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, f := range s.featuresOf(Example{Title: c.title, Body: c.body}) {
				seen[f.String()] = true
			}
			if c.want != "" && !seen[c.want] || seen[c.not] {
				t.Errorf("want %q, not %q, got %v", c.want, c.not, seen)
			}
		})
	}
}

func TestNew_RefusesALanguageWithoutLists(t *testing.T) {
	if _, err := New(Config{Languages: []string{"de", "xx"}}); err == nil || !strings.Contains(err.Error(), `"xx"`) {
		t.Errorf("got %v", err)
	}
}

// A word of a project counts what rules.yaml says, whatever the file says, and
// so do its lists.
func TestNew_ProjectChangesWordsAndLists(t *testing.T) {
	const title = "The zorbulator was frobnicated"
	plain := weigh(t, scorer(t, Config{}), title, "")
	heavy := weigh(t, scorer(t, Config{Words: map[string]int{"frobnicated": 400}}), title, "")
	if plain.Pages || !heavy.Pages || heavy.Points != plain.Points+400 {
		t.Errorf("plain %d, with 400 more %d", plain.Points, heavy.Points)
	}
	if first := heavy.Evidence[0]; first.Words != "frobnicated" || first.Points != 400 || first.In != "title" {
		t.Errorf("the strongest evidence is %+v", first)
	}
	listed := weigh(t, scorer(t, Config{Lists: wordlist.Lists{"asset": {"zorbulator"}, "lost": {"frobnicate"}}}), title, "")
	if listed.Points <= plain.Points {
		t.Errorf("with the lists %d, without %d", listed.Points, plain.Points)
	}
	if _, err := New(Config{Words: map[string]int{"one two three": 1}}); err == nil {
		t.Error("three words are no feature")
	}
}

func TestWeigh_SaysWhatAndWhere(t *testing.T) {
	s := scorer(t, Config{Languages: wordlist.Languages})
	v := weigh(t, s, "API token is printed to the public build log", "Since 2.1 the access token of every user is in the log, readable by anyone without login. Please revoke.")
	if !v.Pages || v.Kinds[0] != "privacy-leak" {
		t.Errorf("%d points, kinds %v, %v", v.Points, v.Kinds, v.Evidence)
	}
	for _, e := range v.Evidence {
		if e.Words != "" && (e.In == "" || e.Line < 1) {
			t.Errorf("%+v has no place", e)
		}
	}
	for _, calm := range []string{"How do I change my password?", "Typo in the docs of the token page", "Add dark mode"} {
		if v := weigh(t, s, calm, ""); v.Pages {
			t.Errorf("%q pages with %d points: %v", calm, v.Points, v.Evidence)
		}
	}
}

// Weighing looks only for what has a weight; it must find what learning finds.
func TestWeigh_AddsUpWhatLearningSees(t *testing.T) {
	s, w := scorer(t, Config{}), shipped(t)
	texts, err := os.ReadFile("texts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var examples []Example
	for line := range strings.Lines(string(texts)) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 3 {
			examples = append(examples, Example{Title: cells[1], Body: cells[2]})
		}
	}
	samples, err := sampled(examples, nil)
	if err != nil || len(samples) < 100 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	for i, e := range examples {
		points, kinds := w.sum(samples[i].features)
		if v := weigh(t, s, e.Title, e.Body); v.Points != points || !slices.Equal(v.Kinds, kinds) {
			t.Errorf("%q: weighed %d %v, learning sees %d %v", e.Title, v.Points, v.Kinds, points, kinds)
		}
	}
}

// A word with a space in it would be read back as two words, or not at all: the
// program would not start with such a file.
func TestLearn_LeavesOutWhatAFileCannotHold(t *testing.T) {
	var examples []Example
	for i := range 40 {
		n := string(rune('a' + i%26))
		examples = append(examples,
			Example{Title: "all files deleted " + n, Body: "asked on Stack Overflow for help", Urgent: true, Kinds: []string{"critical"}, Source: "x", Check: true},
			Example{Title: "add dark mode " + n, Source: "x", Check: true})
	}
	w, err := Learn(examples, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseWeights(w.String())
	if err != nil || len(again.Of) != len(w.Of) {
		t.Errorf("%d features are written, read back %v, %v", len(w.Of), again, err)
	}
}

// A project whose loss of data came with a beta must not be paged by praise of the
// next beta.
func TestLearn_LeavesOutStagesOfVersions(t *testing.T) {
	var examples []Example
	for i := range 40 {
		n := string(rune('a' + i%26))
		examples = append(examples,
			Example{Title: "1.1.2-beta is a loss " + n, Urgent: true, Kinds: []string{"critical"}, Source: "x", Check: true},
			Example{Title: "add dark mode " + n, Source: "x", Check: true})
	}
	w, err := Learn(examples, nil)
	if err != nil || len(w.Of) == 0 {
		t.Fatalf("%d features, %v", len(w.Of), err)
	}
	for f, weight := range w.Of {
		if strings.Contains(f.String(), "beta") {
			t.Errorf("%s counts %d", f, weight.Points)
		}
	}
}

// The same examples give the same weights, which tell what they were told.
func TestLearn_Repeatable(t *testing.T) {
	var examples []Example
	for i := range 40 {
		n := string(rune('a' + i%26))
		examples = append(examples,
			Example{Title: "all files deleted " + n, Body: "nothing left", Urgent: true, Kinds: []string{"critical"}, Source: "x", Check: true},
			Example{Title: "anyone can bypass login " + n, Urgent: true, Kinds: []string{"security"}, Source: "x", Check: true},
			Example{Title: "add dark mode " + n, Source: "x", Check: true},
			Example{Title: "button is blue " + n, Source: "y", Ordinary: true, Check: true})
	}
	first, err := Learn(examples, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Learn(examples, nil)
	if err != nil || first.String() != second.String() {
		t.Fatalf("two runs differ: %v", err)
	}
	s, err := newScorer(first, newIndex(first), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if v := weigh(t, s, "all files deleted", "nothing left"); !v.Pages || v.Kinds[0] != "critical" {
		t.Errorf("%+v", v)
	}
	if v := weigh(t, s, "anyone can bypass login", ""); !v.Pages || v.Kinds[0] != "security" {
		t.Errorf("%+v", v)
	}
	if v := weigh(t, s, "add dark mode", ""); v.Pages {
		t.Errorf("%+v", v)
	}
}

// The bar for other languages is lowered as far as their own calm texts allow, and
// they move neither that for English nor the bar of doubts.
func TestLift(t *testing.T) {
	texts := func(n, points int, foreign, urgent, ordinary bool) (all []Scored) {
		for range n {
			all = append(all, Scored{Example: Example{Urgent: urgent, Ordinary: ordinary}, Points: points, Foreign: foreign})
		}
		return all
	}
	english := slices.Concat(texts(100, 10, false, false, false), texts(1000, -40, false, false, true), texts(50, 60, false, true, false))
	for name, c := range map[string]struct {
		foreign []Scored
		want    int
	}{
		"none":            {nil, 0},
		"calm ones lower": {texts(100, 4, true, false, false), 6},
		"far lower":       {texts(100, -50, true, false, false), maxLift},
		"as high":         {texts(100, 10, true, false, false), 0},
		"higher":          {texts(100, 40, true, false, false), 0},
		"urgent alone":    {texts(100, 4, true, true, false), 0},
	} {
		w := &Weights{}
		scores := slices.Concat(english, c.foreign)
		w.thresholds(scores)
		if got := w.lift(scores); got != c.want || w.Page != 11 || w.Look != -39 {
			t.Errorf("%s: lift %d, want %d; page from %d, look from %d", name, got, c.want, w.Page, w.Look)
		}
	}
}

// What is seen without reading must be seen at the ends of a text, too.
func TestSigns_Numbers(t *testing.T) {
	for s, want := range map[string][2]bool{ // a version, thousands
		"": {}, ".": {}, "1.": {}, ".1": {}, "1.2": {true, false}, "v1.2.3": {true, false}, "end of 1. A": {}, "a.b 3.x 4.5": {true, false},
		"1,2,3": {}, "1,23": {}, "1,234": {false, true}, "1,2 and 41,877 rows": {false, true}, ",123": {}, "1,12": {}, "9,999.5": {true, true},
	} {
		if got := [2]bool{hasVersion(s), hasThousands(s)}; got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
	for s, want := range map[string][needleKinds]bool{
		"": {}, "GET /../..": {attack: true}, "heap-buffer-overflow with password=x": {memoryError: true, secretForm: true}, "../": {}, "AKIA": {secretForm: true},
	} {
		if got := needlesOf().in(s); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}

// A project's points for a feature change neither the weights that ship nor the scorer of
// another project, whether the feature is among them or new.
func TestNew_KeepsPointsApart(t *testing.T) {
	shipped, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	known := Feature{}
	for f, w := range shipped.Of {
		if f.Place == Anywhere && f.B == "" && f.isOfWords() && w.Points > 0 && (known.A == "" || f.A < known.A) {
			known = f
		}
	}
	issue := model.Issue{Title: known.A + " zebra stripes"}
	points := func(words map[string]int) int {
		s, err := New(Config{Words: words})
		if err != nil {
			t.Fatal(err)
		}
		return s.Weigh(issuetext.Read(issue.Title, "", nil), issue).Points
	}
	was, of := points(nil), int(shipped.Of[known].Points)
	for _, c := range []struct {
		words map[string]int
		want  int
	}{
		{map[string]int{known.A: of + 7}, was + 7},
		{map[string]int{"zebra": 5}, was + 5},
		{map[string]int{"zebra stripes": 11}, was + 11},
		{map[string]int{known.A: of + 7, "zebra": 5, "zebra stripes": 11}, was + 23},
		{nil, was},
	} {
		if got := points(c.words); got != c.want {
			t.Errorf("%v: got %d points, want %d", c.words, got, c.want)
		}
	}
	if int(shipped.Of[known].Points) != of {
		t.Errorf("the weights that ship give %d points to %s, not %d", shipped.Of[known].Points, known, of)
	}
}

// A pair of words that both have weights in other pairs is not added to an index that another
// one shares.
func TestIndex_KeepsPairsApart(t *testing.T) {
	x := newIndex(&Weights{Of: map[Feature]Weight{{A: "a", B: "b"}: {Points: 1}, {A: "c", B: "d"}: {Points: 2}}})
	y := x.with(map[Feature]int16{{A: "a", B: "d"}: 3})
	number := func(x *index) int32 {
		return x.pair(&word{stem: "a", features: x.word("a")}, &word{stem: "d", features: x.word("d")})
	}
	if n := number(y); n == 0 || y.weights[n].Points != 3 {
		t.Errorf("the pair has the number %d", n)
	}
	if n := number(x); n != 0 {
		t.Errorf("the shared index has the pair, too: %d", n)
	}
}
