package keyphrase

import (
	"encoding/csv"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/redact"
)

func TestPhrases(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"no words", ")))) … 123", nil},
		{"a compound ends with its head", "The software installation takes hours.", []string{"software installation", "hour"}},
		{"plurals become singular", "Many servers crash.", []string{"server"}},
		{"a name that ends like a plural stays", "It runs on Windows.", []string{"windows"}},
		{"a general head gives way to the noun before it", "There is an installation problem.", []string{"installation"}},
		{"general nouns alone are no theme", "This is an error.", nil},
		{"a comma parts phrases", "I want the editor, the server.", []string{"editor", "server"}},
		{"each phrase once", "The installation. The installation.", []string{"installation"}},
		{"another script has none", "Установка программы. 安装 软件", nil},
		{"a verb that begins a sentence is no name", "Remove the server. See the editor.", []string{"server", "editor"}},
		{"addresses are no words", "We see https://example.com/server/installation", nil},
	} {
		if got := Phrases(test.text); !slices.Equal(got, test.want) {
			t.Errorf("%s: Phrases(%q) = %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

// Redacted values must not become themes of their own: "phone", "IP".
func TestPhrases_LeavesOutRedactions(t *testing.T) {
	text := redact.Text("The server of ann.lee@example.com, +1 415 555 2671, 203.0.113.9, 00:1A:2B:3C:4D:5E and DE89 3704 0044 0532 0130 00 is down.")
	if strings.Count(text, "[") < 4 {
		t.Fatalf("too little is redacted to show anything: %q", text)
	}
	if got := Phrases(text); !slices.Equal(got, []string{"server"}) {
		t.Errorf("Phrases(%q) = %q, want the server alone", text, got)
	}
}

// The tokenizer takes ten seconds for 16 KB of brackets, so no text may reach it
// but in short pieces of short words.
func TestSentences_AreShort(t *testing.T) {
	for name, text := range map[string]string{
		"brackets":             strings.Repeat(")", 1<<20),
		"brackets and words":   strings.Repeat("a )))(((", 4000),
		"a long word":          strings.Repeat("x", 1<<20),
		"apostrophes":          strings.Repeat("it's", 8000),
		"words without an end": strings.Repeat("word ", 8000),
		"commas":               strings.Repeat("word,", 8000),
		"brackets that open":   strings.Repeat("[", 1<<20),
	} {
		total := 0
		for _, sentence := range sentences(text) {
			fields := strings.Fields(sentence)
			if len(fields) > 2*maxSentence+1 {
				t.Errorf("%s: %d words and commas in a sentence", name, len(fields))
			}
			for _, f := range fields {
				if len(f) > maxWord || f != "," && f != "." && strings.ContainsAny(f, "()[]") {
					t.Errorf("%s: %.60q reaches the tokenizer", name, f)
				}
			}
			total += len(sentence)
		}
		if total > 2*maxText {
			t.Errorf("%s: %d bytes reach the tokenizer", name, total)
		}
		Phrases(text)
	}
}

// Equal words of one call share a tag, the last: "crash" would be a verb in both
// sentences.
func TestPhrases_TagsEachSentenceAlone(t *testing.T) {
	const text = "The crash is bad. They crash."
	if got := Phrases(text); !slices.Contains(got, "crash") {
		t.Errorf("Phrases(%q) = %q, want the crash among them", text, got)
	}
	if joined := nounPhrases(tag("The crash is bad . They crash .")); slices.Contains(joined, "crash") {
		t.Error("the tagger no longer shares tags within a call: this text shows nothing")
	}
}

// The model takes a third of a second, which a run without texts must not pay,
// and a run with many must pay once; and 40 MB, which a run can let go of.
func TestPhrases_LoadsTheModelOnceAndLazily(t *testing.T) {
	Unload()
	Phrases("))) 。")
	if model.loaded != nil {
		t.Error("the model is loaded for a text without words")
	}
	Phrases("The server is down.")
	first := model.loaded
	Phrases("The server is down. The installation fails.")
	if first == nil || model.loaded != first {
		t.Error("the model is not loaded once")
	}
	if !Unload() || model.loaded != nil || Unload() {
		t.Error("the model stays")
	}
	if got := Phrases("The server is down."); !slices.Equal(got, []string{"server"}) {
		t.Errorf("after Unload there are the phrases %q, want the server", got)
	}
}

// Named entities are wrong more often than right, and are names of people: no
// call may ask for them. Segmentation trains a tokenizer at each call.
func TestNamedEntitiesAreNeverAskedFor(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, isSelector := n.(*ast.SelectorExpr); isSelector && s.Sel.Name == "Entities" {
				t.Errorf("%s asks for named entities", name)
			}
			call, isCall := n.(*ast.CallExpr)
			if !isCall || !selects(call.Fun, "NewDocument") {
				return true
			}
			calls++
			for _, option := range []string{"WithExtraction", "WithSegmentation"} {
				if !slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return isOff(a, option) }) {
					t.Errorf("%s calls NewDocument without %s(false)", name, option)
				}
			}
			return true
		})
	}
	if calls == 0 {
		t.Error("no call of NewDocument was found: the walk is broken")
	}
}

func selects(e ast.Expr, name string) bool {
	s, isSelector := e.(*ast.SelectorExpr)
	return isSelector && s.Sel.Name == name
}

// isOff reports whether an expression is the call name(false).
func isOff(e ast.Expr, name string) bool {
	call, isCall := e.(*ast.CallExpr)
	if !isCall || !selects(call.Fun, name) || len(call.Args) != 1 {
		return false
	}
	value, isName := call.Args[0].(*ast.Ident)
	return isName && value.Name == "false"
}

// What a real survey is about comes first, and not the words that every text has.
func TestPhrases_OfARealSurvey(t *testing.T) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	file, err := os.Open(filepath.Join(folder, "surveys", "jupyter-education-2016.csv"))
	if err != nil {
		t.Skip("the real survey is not here (AFTERCARE_DATA names its folder)")
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(records[0], "What are the biggest pain points for you in running your class?")
	answers := map[string]int{}
	for _, record := range records[1:] {
		heads := map[string]bool{}
		for _, phrase := range Phrases(redact.Text(record[column])) {
			heads[phrase[strings.LastIndex(phrase, " ")+1:]] = true
		}
		for head := range heads {
			answers[head]++
		}
	}
	for head, least := range map[string]int{"installation": 9, "server": 7, "time": 4, "notebook": 12} {
		if answers[head] < least {
			t.Errorf("%d answers are about %q, want at least %d", answers[head], head, least)
		}
	}
	for _, plain := range []string{"use", "getting", "get", "lot", "thing"} {
		if answers[plain] > 2 {
			t.Errorf("%d answers are said to be about %q", answers[plain], plain)
		}
	}
}

// Hostile bytes make no panic, and phrases keep their form.
func FuzzPhrases(f *testing.F) {
	f.Add("The software installation takes hours.")
	f.Add("\xff\x00 it's c++ (x) [e-mail] @ann -.- :)")
	f.Fuzz(func(t *testing.T, text string) {
		for _, phrase := range Phrases(text) {
			words := strings.Split(phrase, " ")
			if phrase == "" || len(words) > maxPhrase || slices.Contains(words, "") || len(phrase) > 3*maxPhrase*maxWord {
				t.Errorf("Phrases(%q) has %q", text, phrase)
			}
		}
	})
}
