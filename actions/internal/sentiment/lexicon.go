package sentiment

import (
	_ "embed"
	"maps"
	"strconv"
	"strings"
	"sync"

	"github.com/jonreiter/govader"
)

// lexiconText holds a word of the library's lexicon, a sign, or two words in a
// row of which one is, a line, with how much it speaks for a positive and for a
// negative mood, as the natural logarithm of odds against neutral.
//
//go:embed lexicon.txt
var lexiconText string

// plainText holds the words that are sad or glad elsewhere and plain in a
// workshop, one a line.
//
//go:embed plain.txt
var plainText string

// weight is how much something speaks for either mood.
type weight struct{ positive, negative float64 }

// lexicon is lexicon.txt, read.
type lexicon struct {
	weights map[string]weight
	bias    weight // of a text in which nothing else is found
}

// ours is the lexicon of our own.
var ours = sync.OnceValue(func() lexicon { return readLexicon(lexiconText) })

// biasName is the line of the bias.
const biasName = "(any)"

// readLexicon reads lines of two numbers and a word; a line that has another
// form, such as one that begins with #, is a comment.
func readLexicon(src string) lexicon {
	l := lexicon{weights: maps.Clone(spoken)}
	for line := range strings.Lines(src) {
		up, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		down, name, _ := strings.Cut(strings.TrimSpace(rest), " ")
		positive, errUp := strconv.ParseFloat(up, 64)
		negative, errDown := strconv.ParseFloat(down, 64)
		name = strings.TrimSpace(name)
		switch {
		case errUp != nil || errDown != nil || name == "":
		case name == biasName:
			l.bias = weight{positive, negative}
		default:
			l.weights[name] = weight{positive, negative}
		}
	}
	return l
}

// feelings are the library's words, without those that are plain in a
// workshop.
type feelings struct {
	valence map[string]float64 // from -4 to 4
	booster map[string]float64 // added to the valence of the next word
	negates map[string]bool
	plain   map[string]bool // the words of a workshop, which say nothing
}

// general reads the library's lexicon when the first text is scored, not when
// the program starts.
var general = sync.OnceValue(readGeneral)

func readGeneral() feelings {
	analyzer := govader.NewSentimentIntensityAnalyzer()
	f := feelings{analyzer.Lexicon, analyzer.Constants.BoosterDict, map[string]bool{"no": true}, map[string]bool{}}
	for _, n := range analyzer.Constants.NegateList {
		f.negates[n] = true
	}
	for line := range strings.Lines(plainText) {
		if word := strings.TrimSpace(line); !strings.HasPrefix(word, "#") {
			delete(f.valence, word)
			f.plain[word] = true
		}
	}
	return f
}
