package learn

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Rule is a keyword rule that is proposed: the label for an issue in whose
// title, or body, one of the terms stands. Terms are words and phrases as
// rules.yaml writes them, those that find most first.
type Rule struct {
	Label string
	In    string // title or body
	Any   []string

	// Precision is the share of the issues found that people gave the label,
	// Recall the share of the label's issues that are found. Both are of rules
	// made in the same way from nine tenths of the record and read by package
	// triage on the last tenth, ten times: what to expect of new issues.
	Precision, Recall float64
}

const (
	maxTerms  = 15  // of a rule: a person reads them all
	minGain   = 4   // issues that a term must win, misses counted threefold
	missCosts = 3   // a term is worth having from three hits for a miss
	minRight  = 0.6 // the precision, cross-validated, below which a rule is not proposed
)

// propose makes a rule and measures it; it reports whether it is worth reading.
func propose(examples []Example, all []termed, label, place string) (Rule, bool) {
	r := Rule{Label: label, In: place, Any: spell(pick(all, label, place), all, place)}
	answers := crossed(examples, all, label, place)
	r.Precision, r.Recall = answers.Of(label)
	return r, len(r.Any) > 0 && r.Precision >= minRight && answers.beats(label)
}

// termed is an example as the terms that a rule could look for: stems, and two
// in a row, each with how it was written.
type termed struct {
	labels []string
	in     map[string]map[string]string // by place, by stems
}

// The places where terms are noted: of the title and the body those that say
// something by themselves, for rules; of the title and the opening all, for cards,
// where a word that says little is worth little.
const (
	inTitle, inBody       = "title", "body"
	wholeTitle, inOpening = "all of the title", "opening"
)

func terms(examples []Example) []termed {
	all := make([]termed, len(examples))
	for i, e := range examples {
		t := termed{e.Labels, map[string]map[string]string{inTitle: {}, inBody: {}, wholeTitle: {}, inOpening: {}}}
		before := 0
		for _, p := range e.read().Passages {
			t.add(p, before)
			if p.In == inBody {
				before += len(p.Words)
			}
		}
		all[i] = t
	}
	return all
}

// add notes the terms of a passage of the body that has so many words before it,
// or of the title. Pairs do not run from one sentence into the next.
func (t termed) add(p issuetext.Passage, before int) {
	stems := stemsOf(p.Words)
	for i, w := range p.Words {
		if !isPlain(w.Folded) {
			continue
		}
		opens := p.In == inBody && before+i < label.OpeningWords
		t.note(p.In, opens, says(w.Folded), stems[i], w.Folded)
		if i == 0 || w.Break || p.Words[i-1].Sentence != w.Sentence || !isPlain(p.Words[i-1].Folded) {
			continue
		}
		earlier := p.Words[i-1].Folded
		t.note(p.In, opens, says(earlier) || says(w.Folded), stems[i-1]+" "+stems[i], earlier+" "+w.Folded)
	}
}

func (t termed) note(in string, opens, says bool, stem, written string) {
	put := func(place string) {
		if _, known := t.in[place][stem]; !known {
			t.in[place][stem] = written
		}
	}
	if says {
		put(in)
	}
	if opens {
		put(inOpening)
	}
	if in == inTitle {
		put(wholeTitle)
	}
}

// asking are words that stand in nearly every text, and still tell a question.
var asking = []string{"can", "could", "does", "how", "should", "what", "when", "where", "which", "why"}

// says reports whether a word means something by itself. A rule for «the» may
// fit a record; no person would keep it.
func says(word string) bool {
	return !english.IsStopWord(word) || slices.Contains(asking, word)
}

// isPlain reports whether a word can stand in a term as it is: no bare number, and
// no sign that means something in rules.yaml.
func isPlain(word string) bool {
	letters := false
	for _, r := range word {
		switch {
		case r >= 'a' && r <= 'z', r > 0x7f:
			letters = true
		case r >= '0' && r <= '9', r == '.', r == '+', r == '-', r == '#', r == '\'':
		default:
			return false
		}
	}
	return letters && len(word) > 1 && unicode.IsLetter([]rune(word)[0])
}

// isWord tells a word of letters alone.
func isWord(word string) bool {
	return !slices.ContainsFunc([]rune(word), func(r rune) bool { return r < 'a' || r > 'z' }) && word != ""
}

// stemsOf are the stems of words; a number is "0", whatever it is.
func stemsOf(words []issuetext.Word) []string {
	stems := make([]string, 0, len(words))
	for _, w := range words {
		if !slices.ContainsFunc([]rune(w.Folded), func(r rune) bool { return !unicode.IsDigit(r) }) {
			stems = append(stems, "0")
			continue
		}
		stems = append(stems, english.Stem(w.Folded, false))
	}
	return stems
}

// pick chooses stems greedily: each time the one that wins most issues of the
// label that none before it found, less the threefold of others' issues.
func pick(all []termed, label, place string) []string {
	open := make([]bool, len(all))
	gain := map[string]float64{}
	for i, t := range all {
		open[i] = true
		score(gain, t, label, place, 1)
	}
	var picked []string
	for len(picked) < maxTerms {
		best, most := "", math.Inf(-1)
		for stem, g := range gain {
			if g > most || g == most && before(stem, best) {
				best, most = stem, g
			}
		}
		if most < minGain {
			break
		}
		picked = append(picked, best)
		for i, t := range all {
			if _, has := t.in[place][best]; open[i] && has {
				open[i] = false
				score(gain, t, label, place, -1)
			}
		}
	}
	return picked
}

// before orders terms that win as much: one word before two, the longer, which
// mostly says more, then by the alphabet.
func before(a, b string) bool {
	return cmp.Or(cmp.Compare(strings.Count(a, " "), strings.Count(b, " ")), cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) < 0
}

// score adds what finding an example is worth to its terms, or takes it away.
func score(gain map[string]float64, t termed, label, place string, sign float64) {
	worth := sign
	if !slices.Contains(t.labels, label) {
		worth = -missCosts * sign
	}
	for stem := range t.in[place] {
		gain[stem] += worth
	}
}

// crossed counts the answers of rules made from nine tenths, on the last, over
// the ten of them. No label is the answer for what they do not find.
func crossed(examples []Example, all []termed, name, place string) Tally {
	answers := Tally{}
	for fold := range folds {
		rest, _ := split(all, fold)
		_, held := split(examples, fold)
		rule := label.Rule{Label: model.Names{name}, In: model.Names{place}, Any: termsOf(spell(pick(rest, name, place), rest, place)...)}
		reader := label.Compile([]label.Rule{rule})
		for _, e := range held {
			people := ""
			if e.has(name) {
				people = name
			}
			answers.add(people, answer(reader, len(rule.Any) > 0, e))
		}
	}
	return answers
}

// answer is the label that a rule gives an example; empty where it gives none. A
// rule without terms would ask for nothing.
func answer(rule *label.Rules, asks bool, e Example) string {
	if !asks {
		return ""
	}
	for _, f := range label.Decide(rule.Read(e.read(), e.issue()), e.issue(), label.History{}).Earned {
		return f.Label
	}
	return ""
}

func termsOf(written ...string) []label.Term {
	var all []label.Term
	for _, w := range written {
		all = append(all, label.NewTerm(w))
	}
	return all
}

// spell writes stems as people wrote them most often at a place, the first in the
// alphabet of several.
func spell(stems []string, all []termed, place string) []string {
	forms := map[string]map[string]int{}
	for _, stem := range stems {
		forms[stem] = map[string]int{}
	}
	for _, t := range all {
		for stem, written := range t.in[place] {
			if count := forms[stem]; count != nil {
				count[written]++
			}
		}
	}
	var out []string
	for _, stem := range stems {
		best := ""
		for form, n := range forms[stem] {
			if n > forms[stem][best] || n == forms[stem][best] && form < best {
				best = form
			}
		}
		out = append(out, best)
	}
	return out
}
