// Package sentiment tells how a text feels: glad, sad or neither. It reads what a
// person wrote in a comment, a mention or an answer; code, quotes, stack
// traces and addresses are cut first, and developers' words (a killed process,
// a fatal error, a master branch) are not sad. What a mood means for a release
// is for others to judge.
//
// The words come from the library govader's lexicon (VADER, Hutto and Gilbert
// 2014). On top of it stand three lists of our own that can be read and corrected
// by hand: plain.txt, words that are plain in a workshop; lexicon.txt, weights of
// words, learned; and users.txt, phrases of users and developers, written.
package sentiment

import (
	"math"
	"strings"
)

// maxRead is how much of a text is read, in bytes: what people feel they say
// before the log that they attach.
const maxRead = 4000

// Score is how a text feels: 0 where it is most likely neutral, such as an
// empty text or one of code alone; else above 0, to 1, for a glad or thankful
// one, and below 0, to -1, for a sad or angry one, by the chance that it is
// positive less the chance that it is negative.
func Score(body string) float64 { return ours().score(body) }

func (l lexicon) score(body string) float64 {
	positive, negative := l.chances(beginning(body))
	if neutral := 1 - positive - negative; neutral >= positive && neutral >= negative {
		return 0
	}
	return positive - negative
}

func beginning(s string) string {
	if len(s) > maxRead {
		return strings.ToValidUTF8(s[:maxRead], "")
	}
	return s
}

// chances weighs what is found in a text.
func (l lexicon) chances(body string) (positive, negative float64) {
	found := observe(body)
	if len(found) == 0 {
		return 0, 0
	}
	up, down := l.bias.positive, l.bias.negative
	for _, o := range found {
		w := l.weights[o.name]
		up += w.positive * o.value
		down += w.negative * o.value
	}
	// The logistic function over three moods, of which neutral weighs 0.
	most := max(up, down, 0)
	p, n, rest := math.Exp(up-most), math.Exp(down-most), math.Exp(-most)
	return p / (p + n + rest), n / (p + n + rest)
}
