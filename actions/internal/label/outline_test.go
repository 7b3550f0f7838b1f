package label

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// scanned answers the same questions as an outline by reading the sentence
// again at each word.
type scanned struct{ p *passage }

func (s scanned) sentence(at int) (begin, end int) {
	words := s.p.Words
	begin, end = at, at+1
	for begin > 0 && words[begin-1].Sentence == words[at].Sentence {
		begin--
	}
	for end < len(words) && words[end].Sentence == words[at].Sentence {
		end++
	}
	return begin, end
}

func (s scanned) opened(first int) bool {
	words := s.p.Words
	begin, end := s.sentence(first)
	asks := strings.Contains(s.p.between(end-1), "?")
	for i := begin; i < first; i++ {
		if i > begin && !words[i].Break && !clauses[words[i-1].Folded] {
			continue
		}
		if whatIf(words, i) || opens(words, i, asks) && !s.restarts(i+2, first) {
			return true
		}
	}
	return false
}

func (s scanned) restarts(from, to int) bool {
	for i := from; i <= to && i < len(s.p.Words); i++ {
		if w := s.p.Words[i]; w.Break || clauses[w.Folded] || w.Folded == "that" {
			return true
		}
	}
	return false
}

func (s scanned) wished(last int) bool {
	words := s.p.Words
	for i := last + 1; i+1 < len(words) && words[i].Sentence == words[last].Sentence && !words[i].Break; i++ {
		if words[i].Folded == "would" {
			return words[i+1].Folded == "be" || words[i+1].Folded == "help"
		}
	}
	return false
}

// An outline says of each word what reading the whole sentence says.
func TestOutline_AgreesWithReadingTheSentence(t *testing.T) {
	vocabulary := strings.Fields("would be help will can you it add what if happens how to that and but then please anyone delete my files , . ? ( and because crash a")
	rng := rand.New(rand.NewPCG(1, 2))
	differ := map[bool]int{}
	for range 20_000 {
		var b strings.Builder
		for range 1 + rng.IntN(20) {
			b.WriteString(vocabulary[rng.IntN(len(vocabulary))] + " ")
		}
		p := &passage{}
		p.begins(issuetext.Passage{Text: b.String(), Words: issuetext.Words(b.String())}, 0, listed{})
		if len(p.Words) == 0 {
			continue
		}
		o, s := p.outline(), scanned{p}
		for i := range p.Words {
			begin, _ := s.sentence(i)
			if o.begins[i] != begin || o.opened(p.Words, i) != s.opened(i) || o.wished(p.Words, i) != s.wished(i) {
				t.Fatalf("word %d (%s) of %q: the outline says begin %d, opened %v, wished %v; the sentence says %d, %v, %v", i, p.Words[i].Folded, p.Text,
					o.begins[i], o.opened(p.Words, i), o.wished(p.Words, i), begin, s.opened(i), s.wished(i))
			}
			differ[s.opened(i)]++
		}
	}
	if differ[true] < 1000 || differ[false] < 1000 {
		t.Errorf("the texts decide nothing: %v", differ)
	}
}

func shipped(t testing.TB) *Rules {
	t.Helper()
	src, err := os.ReadFile("../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct{ Triage []Rule }
	if err := yaml.Unmarshal(src, &config); err != nil {
		t.Fatal(err)
	}
	return Compile(config.Triage)
}

// adversarial are units whose repetition makes one long sentence full of hits
// that do not count: each hit must be judged, none ends the search.
var adversarial = []string{
	"if deletes my files would ", "could it delete my files ", "will it delete my files what if ", "add deletes my files ", "please add a deletes my files that ",
	"leak my email ", "might crash ", "would be ", "(delete my files) ", "delete my files, ", "not ", "not crash ", "fixed crash ", "without crash ", "to lose data ", "I deleted my files ",
	"crash is fixed ", "what if it deletes my files and ", "how to delete my files, ",
}

// Twice the text takes twice the steps, whatever is repeated in it. How long a
// sentence of 64 KB takes is for BenchmarkAdversarial to say.
func TestRead_TakesLinearTimeInOneSentence(t *testing.T) {
	rules := shipped(t)
	steps := func(unit string, size int) (int, int) {
		doc := issuetext.Read("title", strings.Repeat(unit, size/len(unit)), nil)
		words := 0
		for _, p := range doc.Passages {
			words += len(p.Words)
		}
		return rules.search(doc).steps, words
	}
	for _, unit := range adversarial {
		small, _ := steps(unit, 16<<10)
		large, words := steps(unit, 32<<10)
		if float64(large) > 2.2*float64(small)+100 {
			t.Errorf("%q: %d steps for 16 KB, %d for 32 KB: more than twice as many", unit, small, large)
		}
		if most := 400 * words; large > most {
			t.Errorf("%q: %d steps for %d words", unit, large, words)
		}
	}
}

// BenchmarkAdversarial decides on one sentence of 64 KB, made of each unit: at
// most 500 ms are wanted on one core.
func BenchmarkAdversarial(b *testing.B) {
	rules := shipped(b)
	for _, unit := range adversarial {
		b.Run(strings.TrimSpace(unit), func(b *testing.B) {
			text := strings.Repeat(unit, (64<<10)/len(unit))
			for b.Loop() {
				rules.Read(issuetext.Read("title", text, nil), model.Issue{})
			}
		})
	}
}
