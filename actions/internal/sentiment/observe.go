package sentiment

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

// observe lists what stands in a text: the words that the library's lexicon
// knows, alone and in pairs with their neighbours, the negated ones as "not
// word", faces, signs, and the sum of what that lexicon says. Other words are
// the subject's and not the mood's: in the comments of one project a tag may
// often come with anger. A text without words and signs gives an empty list.
func observe(body string) []observed {
	o := observer{feel: general(), seen: map[string]bool{}}
	users := said()
	for all := tokens(cut(body)); len(all) > 0; {
		if p, n := users.at(all); n > 0 {
			o.phrase(p)
			all = all[n:]
			continue
		}
		o.take(all[0])
		all = all[1:]
	}
	if len(o.found) == 0 && o.words == 0 {
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
	felt     bool    // the word before is one of the library's
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

func (o *observer) stop() { o.before, o.felt, o.boost, o.negated = "", false, 0, 0 }

// add notes a name once for a text.
func (o *observer) add(name string) {
	if !o.seen[name] {
		o.seen[name] = true
		o.found = append(o.found, observed{name, 1})
	}
}

// phrase notes what users.txt says of a phrase: a complaint that is negated is
// none, and praise that is negated is one.
func (o *observer) phrase(p phrase) {
	says := p.says
	if o.negated > 0 {
		says = map[string]string{praise: complaint, irony: irony}[says]
	}
	if says != "" {
		o.add(says)
	}
	o.words += len(p.words)
	o.before, o.felt, o.boost, o.negated = "", false, 0, o.negated-len(p.words)
}

func (o *observer) word(t token) {
	o.words++
	o.loud = o.loud || t.loud && len(t.text) > 3
	negated, felt := o.negated > 0, o.feel.valence[t.text] != 0
	if felt || o.felt && !o.feel.plain[t.text] {
		o.name(t.text, negated, felt)
		o.weigh(o.valence(t, negated))
	}
	o.before, o.felt, o.boost, o.negated = t.text, felt, o.feel.booster[t.text], o.negated-1
	if o.feel.negates[t.text] {
		o.negated = reach
	}
}

// name notes a word that is felt, and the pair that it makes with the one
// before, where one of the two is.
func (o *observer) name(text string, negated, felt bool) {
	switch {
	case felt && negated:
		o.add("not " + text)
	case felt:
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
