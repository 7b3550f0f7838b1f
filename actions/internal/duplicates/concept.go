package duplicates

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// conceptShare is how much a concept counts, against a word: that two issues
// use the same word says more than that they use two of a kind.
const conceptShare = 0.6

// maxPhrase is the length of the longest phrase that names a concept, in words.
const maxPhrase = 4

//go:embed concepts.txt
var conceptList string

// concepts are what words and phrases name, by their stems. A concept has a
// name that no stem has.
var concepts = sync.OnceValue(func() map[string][]string { return readConcepts(conceptList) })

// Prepare reads the concepts, which the first text would wait for.
func Prepare() { concepts() }

func readConcepts(list string) map[string][]string {
	named := make(map[string][]string, strings.Count(list, ","))
	for line := range strings.Lines(list) {
		name, terms, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || strings.HasPrefix(name, "#") {
			continue
		}
		for term := range strings.SplitSeq(terms, ",") {
			key := stemsOf(term)
			if key != "" && !slices.Contains(named[key], "~"+name) {
				named[key] = append(named[key], "~"+name)
			}
		}
	}
	return named
}

// isConcept reports whether an entry of a bag is a concept, and no stem.
func isConcept(stem string) bool { return strings.HasPrefix(stem, "~") }

// stemsOf are the stems of a term, with spaces between them.
func stemsOf(term string) string {
	var stems []string
	eachWord(term, func(word string, whole bool) {
		if whole {
			stems = append(stems, english.Stem(issuetext.Fold(word), false))
		}
	})
	eachRun(term, func(run string) { stems = append(stems, run) })
	return strings.Join(stems, " ")
}

// phrase is the stems of the words read last.
type phrase struct {
	stems [maxPhrase]string
	n     int
}

// concepts are what is named by the phrases that end with a stem.
func (p *phrase) concepts(stem string) []string {
	if p.n == maxPhrase {
		copy(p.stems[:], p.stems[1:])
		p.n--
	}
	p.stems[p.n] = stem
	p.n++
	known, key := concepts(), ""
	var named []string
	for i := p.n - 1; i >= 0; i-- {
		if key == "" {
			key = p.stems[i]
		} else {
			key = p.stems[i] + " " + key
		}
		named = append(named, known[key]...)
	}
	return named
}

// maxTerm is the length of the longest term in a script without spaces, in
// characters.
const maxTerm = 8

// eachConcept calls for the concepts named within a run, with the term that
// names them. Korean terms stand at the beginning of a word.
func eachConcept(run string, call func(concept, term string)) {
	known := concepts()
	for from, first := range run {
		if from > 0 && unicode.Is(unicode.Hangul, first) {
			continue
		}
		to, n := from, 0
		for to < len(run) && n < maxTerm {
			_, size := utf8.DecodeRuneInString(run[to:])
			to, n = to+size, n+1
			for _, c := range known[run[from:to]] {
				call(c, run[from:to])
			}
		}
	}
}
