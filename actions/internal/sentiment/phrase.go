package sentiment

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// usersText holds what users and developers say, a mood and a phrase a line.
//
//go:embed users.txt
var usersText string

// What a phrase of users.txt says of a text, by its mood there. A neutral one
// says nothing, so that its words do not either.
const (
	praise    = "(praise)"
	complaint = "(complaint)"
	irony     = "(irony)"
)

var moods = map[string]string{"positive": praise, "negative": complaint, "ironic": irony, "neutral": ""}

// spoken are the weights of phrases: one is as loud as a face, and irony takes
// back what several words of praise give.
var spoken = map[string]weight{praise: {4.5, 0}, complaint: {0, 4.5}, irony: {-9, 4.5}}

// phrase is words in a row. A word with a comma behind it may be followed by a
// sign, or by the end of a sentence.
type phrase struct {
	words []string
	says  string // praise, complaint, irony; empty of a neutral one
}

// phrases are what users say, by the first word; the longest first.
type phrases map[string][]phrase

var said = sync.OnceValue(func() phrases { return readPhrases(usersText) })

// readPhrases reads lines of a mood and a phrase. A line of another form, such
// as one that begins with #, is a comment.
func readPhrases(src string) phrases {
	all := phrases{}
	for line := range strings.Lines(src) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		says, known := moods[fields[0]]
		if !known {
			continue
		}
		for _, words := range spellings(fields[1:]) {
			first, _ := strings.CutSuffix(words[0], ",")
			all[first] = append(all[first], phrase{words, says})
		}
	}
	for _, some := range all {
		slices.SortStableFunc(some, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return all
}

// spellings are the phrases that a line stands for: with each of the words that
// fit, and with and without their apostrophes.
func spellings(fields []string) [][]string {
	if len(fields) == 0 {
		return [][]string{nil}
	}
	alternatives, pause := strings.CutSuffix(fields[0], ",")
	var all [][]string
	for _, rest := range spellings(fields[1:]) {
		for word := range strings.SplitSeq(alternatives, "/") {
			for _, spelled := range slices.Compact([]string{word, strings.ReplaceAll(word, "'", "")}) {
				spelled = tokens(spelled)[0].text // an emoji by the face that it stands for
				if pause {
					spelled += ","
				}
				all = append(all, append([]string{spelled}, rest...))
			}
		}
	}
	return all
}

// at finds the phrase with which some tokens begin, and how many they are; 0
// where none does.
func (p phrases) at(all []token) (phrase, int) {
	for _, one := range p[all[0].text] {
		if n := one.length(all); n > 0 {
			return one, n
		}
	}
	return phrase{}, 0
}

// length is how many tokens at the start say the phrase; 0 where they do not.
func (p phrase) length(all []token) int {
	n := 0
	for _, w := range p.words {
		w, pause := strings.CutSuffix(w, ",")
		if n == len(all) || all[n].text != w {
			return 0
		}
		n++
		if pause && n < len(all) && all[n].kind != word {
			n++
		}
	}
	return n
}
