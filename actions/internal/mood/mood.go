// Package mood tells how a text feels: glad, sad or neither. It reads what a
// person wrote in a comment, a mention or an answer; code, quotes, stack
// traces and addresses are cut first, and developers' words (a killed process,
// a fatal error, a master branch) are not sad. What a mood means for a release
// is for others to judge.
//
// The words come from the library govader's lexicon (VADER, Hutto and Gilbert
// 2014), and from lexicon.txt, a list of our own of words with weights that
// stands on top of it and can be read and corrected by hand.
package mood

import "math"

// Mood is how a text feels.
type Mood string

// The moods. A text without feelings, or with as many of one kind as of the
// other, is neutral.
const (
	Negative Mood = "negative"
	Neutral  Mood = "neutral"
	Positive Mood = "positive"
)

// Score is how a text feels, from -1, certainly sad or angry, to 1, certainly
// glad or thankful: the chance that it is positive less the chance that it is
// negative. An empty text, or one of code alone, scores near 0.
func Score(body string) float64 {
	positive, negative := ours().chances(body)
	return positive - negative
}

// Of is the likeliest mood of a text. Its sign need not be that of Score: a
// text may be a little sad and still most likely neutral.
func Of(body string) Mood { return ours().of(body) }

func (l lexicon) of(body string) Mood {
	positive, negative := l.chances(body)
	neutral := 1 - positive - negative
	switch {
	case neutral >= positive && neutral >= negative:
		return Neutral
	case positive >= negative:
		return Positive
	}
	return Negative
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
