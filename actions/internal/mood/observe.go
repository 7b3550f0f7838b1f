package mood

import "math"

// observed is something in a text that may speak for a mood, by the name that
// it has in the lexicon, and how strongly it is there.
type observed struct {
	name  string
	value float64
}

// What the library's lexicon says of a text, as the lexicon names it.
const (
	kindWords  = "(kind words)"
	harshWords = "(harsh words)"
	kindest    = "(kindest word)"
	harshest   = "(harshest word)"
	loudWords  = "(capitals)"
	longText   = "(long)"
)

// reach is how many words behind a negation are negated, as in VADER.
const reach = 3

// observe lists what stands in a text: its words, alone and in pairs, the
// negated ones as "not word", faces, signs, and the sum of what the library's
// lexicon says. A text without words and signs gives an empty list.
func observe(body string) []observed {
	o := observer{feel: general(), seen: map[string]bool{}}
	for _, t := range tokens(cut(body)) {
		o.take(t)
	}
	if len(o.found) == 0 {
		return nil
	}
	o.sum()
	return o.found
}

// observer goes through the tokens of one text.
type observer struct {
	feel     feelings
	seen     map[string]bool
	found    []observed
	before   string  // the word before; empty after an end
	boost    float64 // of the word before
	negated  int     // words that a negation still reaches
	words    int
	loud     bool
	up, down float64 // the sums of valences
	top, low float64 // the greatest and the least
}

func (o *observer) take(t token) {
	switch t.kind {
	case end:
		o.stop()
	case sign:
		o.add(t.text)
		o.weigh(o.feel.valence[t.text])
		o.stop()
	default:
		o.word(t)
	}
}

func (o *observer) stop() { o.before, o.boost, o.negated = "", 0, 0 }

// add notes a name once for a text.
func (o *observer) add(name string) {
	if !o.seen[name] {
		o.seen[name] = true
		o.found = append(o.found, observed{name, 1})
	}
}

func (o *observer) word(t token) {
	o.words++
	o.loud = o.loud || t.loud && len(t.text) > 3
	negated := o.negated > 0
	if !o.feel.plain[t.text] {
		o.name(t.text, negated)
		o.weigh(o.valence(t, negated))
	}
	o.before, o.boost, o.negated = t.text, o.feel.booster[t.text], o.negated-1
	if o.feel.negates[t.text] {
		o.negated = reach
	}
}

// name notes a word, and the pair that it makes with the one before.
func (o *observer) name(text string, negated bool) {
	if negated {
		o.add("not " + text)
	} else {
		o.add(text)
	}
	if o.before != "" {
		o.add(o.before + " " + text)
	}
}

// valence is what the library's lexicon says of a word, with what stands
// before it: VADER's rules for boosters and negations, simplified.
func (o *observer) valence(t token, negated bool) float64 {
	const turned = -0.74 // VADER's N_SCALAR
	v := o.feel.valence[t.text]
	if v == 0 {
		return 0
	}
	v += math.Copysign(o.boost, v*o.boost)
	if negated {
		return v * turned
	}
	return v
}

func (o *observer) weigh(v float64) {
	o.up, o.down = o.up+max(v, 0), o.down+max(-v, 0)
	o.top, o.low = max(o.top, v), max(o.low, -v)
}

// sum adds what holds for the text as a whole.
func (o *observer) sum() {
	const alpha = 15 // VADER's normalization
	total := []observed{
		{kindWords, o.up / math.Sqrt(o.up*o.up+alpha)}, {harshWords, o.down / math.Sqrt(o.down*o.down+alpha)},
		{kindest, o.top / 4}, {harshest, o.low / 4},
		{longText, math.Log1p(float64(o.words)) / 4},
	}
	if o.loud {
		total = append(total, observed{loudWords, 1})
	}
	o.found = append(o.found, total...)
}
