package label

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Kinds are the kinds of issues between which the card that ships chooses.
var Kinds = []string{"bug", "feature", "question"}

// KindsName is the name of that card in rules.yaml.
const KindsName = "kinds"

//go:embed kinds.txt
var kindsText string

var kindsPoints = sync.OnceValues(func() ([]Points, error) { return ReadCard(kindsText) })

// shipped are the points of the card that a rule names, for its own labels.
func (r Rule) shipped() []Points {
	if r.Card != KindsName || len(r.Choose) != len(Kinds) {
		return nil
	}
	card, err := kindsPoints()
	if err != nil {
		return nil // a test holds that it can be read
	}
	return For(card, r.Choose)
}

// KindsCard returns the points of the card that ships, by the names of Kinds.
func KindsCard() ([]Points, error) { return kindsPoints() }

// For returns the points of a card for labels that stand for Kinds, in their
// order.
func For(card []Points, labels []string) []Points {
	out := make([]Points, len(card))
	for i, p := range card {
		out[i] = p
		out[i].For = map[string]int{}
		for k, kind := range Kinds {
			if n := p.For[kind]; n != 0 {
				out[i].For[labels[k]] = n
			}
		}
	}
	return out
}

// ReadCard reads points as the files that ship have them, a line each:
//
//	title  bug 24: crash, segfault
//	looks  question 31: question
//	always feature 12 question 3:
//
// Lines that begin with # are for people.
func ReadCard(src string) ([]Points, error) {
	var card []Points
	n := 0
	for line := range strings.Lines(src) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := readPoints(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		card = append(card, p)
	}
	return card, nil
}

func readPoints(line string) (Points, error) {
	head, terms, found := strings.Cut(line, ":")
	words := strings.Fields(head)
	if !found || len(words) < 3 || len(words)%2 == 0 {
		return Points{}, fmt.Errorf("expected a place, kinds with their points and a colon, got %q", line)
	}
	p := Points{For: map[string]int{}}
	for i := 1; i < len(words); i += 2 {
		n, err := strconv.Atoi(words[i+1])
		if err != nil {
			return Points{}, fmt.Errorf("expected points, got %q", words[i+1])
		}
		p.For[words[i]] = n
	}
	var all []string
	for term := range strings.SplitSeq(terms, ", ") {
		if term = strings.TrimSpace(term); term != "" {
			all = append(all, term)
		}
	}
	switch words[0] {
	case "always":
	case "looks":
		p.When.Looks = all
	default:
		p.In, p.Any = model.Names{words[0]}, make([]Term, 0, len(all))
		for _, term := range all {
			p.Any = append(p.Any, NewTerm(term))
		}
	}
	return p, nil
}

// WriteCard writes points as ReadCard reads them, the kinds in the order of
// Kinds.
func WriteCard(card []Points) string {
	var b strings.Builder
	for _, p := range card {
		place := strings.Join(p.In, "")
		var terms []string
		for _, t := range p.Any {
			terms = append(terms, t.Text)
		}
		switch {
		case len(p.When.Looks) > 0:
			place, terms = "looks", p.When.Looks
		case len(p.Any) == 0:
			place = "always"
		}
		b.WriteString(place)
		for _, kind := range Kinds {
			if n := p.For[kind]; n != 0 {
				fmt.Fprintf(&b, " %s %d", kind, n)
			}
		}
		b.WriteString(":")
		if len(terms) > 0 {
			b.WriteString(" " + strings.Join(terms, ", "))
		}
		b.WriteString("\n")
	}
	return b.String()
}
