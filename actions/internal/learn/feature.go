package learn

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/text"
)

// Where a feature stands: its name begins with one of these.
const (
	inTitle   = "title: "
	firstWord = "title begins: "
	inBody    = "body: "
	inOpening = "opening: "
	inHeading = "heading: "
	inSign    = "sign: "
	inCue     = "cue: "
)

// bodyReach is how much of a body is read, in bytes.
const bodyReach = 6 << 10

// observe lists the features of an issue, each once, sorted by name: the stems
// of its title, alone and in pairs, and how it begins; the stems of its body,
// and those of its first words again; the headings of its form; signs such as a question mark or a block of code;
// and ways of speaking.
func observe(e Example) []Feature {
	body := strings.ToValidUTF8(e.Body[:min(len(e.Body), bodyReach)], "")
	seen := sets{}
	title, passages := text.Words(e.Title), text.Read("", body, nil).Passages
	seen.title(title)
	seen.body(passages)
	seen.headings(body)
	seen.signs(e.Title, body)
	seen.cues(title, passages)
	return seen.features()
}

// part is what features of one kind belong to.
type part int

const (
	ofTitle part = iota
	ofBody
	ofOpening
	ofHeadings
	ofSigns
	ofCues
	parts
)

// sets are the names of features by their part.
type sets [parts]map[string]bool

func (s *sets) add(p part, name string) {
	if s[p] == nil {
		s[p] = map[string]bool{}
	}
	s[p][name] = true
}

// features gives each part the same say, however many features it has: the
// squares of its values add up to one.
func (s *sets) features() []Feature {
	var all []Feature
	for _, names := range s {
		value := 1 / math.Sqrt(max(1, float64(len(names))))
		for name := range names {
			all = append(all, Feature{name, value})
		}
	}
	slices.SortFunc(all, func(a, b Feature) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (s *sets) title(title []text.Word) {
	stems := stemsOf(title)
	for i, stem := range stems {
		s.add(ofTitle, inTitle+stem)
		if i == 0 {
			s.add(ofTitle, firstWord+stem)
		} else {
			s.add(ofTitle, inTitle+stems[i-1]+" "+stem)
		}
	}
}

// openingWords is how many words of a body say why it was written.
const openingWords = 50

func (s *sets) body(passages []text.Passage) {
	before := 0
	for _, p := range passages {
		stems := stemsOf(p.Words)
		for i, stem := range stems {
			if before++; before <= openingWords {
				s.add(ofOpening, inOpening+stem)
			}
			s.add(ofBody, inBody+stem)
			if i > 0 {
				s.add(ofBody, inBody+stems[i-1]+" "+stem)
			}
		}
	}
}

// cues are the ways of speaking of the title, of the first words of the body,
// and of all of it.
func (s *sets) cues(title []text.Word, passages []text.Passage) {
	var words []text.Word
	for _, p := range passages {
		words = append(words, p.Words...)
	}
	for _, said := range []struct{ where, spoken string }{
		{"title", spoken(title)}, {"start", spoken(words[:min(len(words), openingWords)])}, {"body", spoken(words)},
	} {
		for _, c := range cues {
			if n := c.heard(said.spoken); n > 0 {
				s.add(ofCues, inCue+said.where+" "+c.name)
				if n > 1 {
					s.add(ofCues, inCue+said.where+" "+c.name+" more than once")
				}
			}
		}
	}
}

// headings are those of forms and templates: they tell which one was chosen.
func (s *sets) headings(body string) {
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "**") && strings.HasSuffix(strings.TrimRight(line, ":"), "**") {
			if heading := strings.Join(stemsOf(text.Words(line)), " "); heading != "" && len(heading) < 80 {
				s.add(ofHeadings, inHeading+heading)
			}
		}
	}
}

func (s *sets) signs(title, body string) {
	for name, found := range map[string]bool{
		"? in the title":        strings.Contains(title, "?"),
		"? in the body":         strings.Contains(body, "?"),
		"code in the title":     strings.ContainsAny(title, "`(){}=<>"),
		"[ in the title":        strings.Contains(title, "["),
		"code in the body":      strings.Contains(body, "```"),
		"an image in the body":  strings.Contains(body, "![") || strings.Contains(body, "<img"),
		"a stack trace":         strings.Contains(body, "\n    at ") || strings.Contains(body, "\n\tat ") || strings.Contains(body, "Traceback") || strings.Contains(body, "#0 "),
		"a number of a version": hasVersion(title + " " + body),
		"a short body":          len(body) < 200,
		"a long body":           len(body) > 2000,
	} {
		if found {
			s.add(ofSigns, inSign+name)
		}
	}
}

// hasVersion tells whether a number such as 1.2.3 stands in a text.
func hasVersion(s string) bool {
	dots := 0
	for i := 1; i+1 < len(s); i++ {
		switch {
		case s[i] == '.' && isDigit(s[i-1]) && isDigit(s[i+1]):
			if dots++; dots == 2 {
				return true
			}
		case !isDigit(s[i]):
			dots = 0
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// stemsOf are the stems of words; a number is "0", whatever it is.
func stemsOf(words []text.Word) []string {
	stems := make([]string, 0, len(words))
	for _, w := range words {
		if strings.IndexFunc(w.Folded, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
			stems = append(stems, "0")
			continue
		}
		stems = append(stems, english.Stem(w.Folded, false))
	}
	return stems
}
