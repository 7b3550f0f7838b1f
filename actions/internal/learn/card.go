package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/labelname"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Card is a rule that chooses one of several labels by points, and what it is
// worth: a linear model with few terms and whole numbers, which a person can read
// and correct.
type Card struct {
	Rule label.Rule // zero where there is none

	// Answers are those of cards made in the same way from nine tenths of the
	// record, read by package triage on the last tenth, ten times.
	Answers Tally
	Issues  int // of the record that have one of its labels, and no other of them
}

// fitting is how the weights behind a card's points are found. It, the shares and
// the parts of candidates were chosen among some sixty settings by scores on the
// record that the quality test uses too, over other partitions of it. Most
// settings lie within 0.01 of these.
var fitting = Fitting{Rounds: 16, Penalty: 3e-4, Least: minIssues, Keep: 200, Balance: true, Orders: 3}

const (
	minIssues    = 3   // that a term stands in
	fineness     = 50  // points for a unit of log-odds, of a card that ships
	ownFineness  = 160 // the same, of one that stands beside the card that ships, which then counts for a third
	maxLineWords = 6   // of a whole line
)

// shares are how far one hit moves the weights while they are found: a word of an
// opening says less than one of a title.
const (
	titleShare   = 0.14
	openingShare = 0.07
	wholeShare   = 0.14 // of a look, a way of speaking, a heading, a whole line
)

// proposeCard makes a card for the labels of a group that have enough examples,
// and measures it. Where they are the kinds of issues, the points of another
// card stand before its own.
func proposeCard(examples []Example, group []string, before prior) Card {
	examples, labels := among(examples, group)
	if len(labels) < 2 {
		return Card{}
	}
	labels, before = asKinds(labels, before)
	answers := Tally{}
	for fold := range folds {
		rest, held := split(examples, fold)
		reader := label.Compile([]label.Rule{cardOf(rest, labels, before)})
		for _, e := range held {
			answers.add(e.Labels[0], answer(reader, true, e))
		}
	}
	return Card{cardOf(examples, labels, before), answers, len(examples)}
}

// prior is a card whose points stand before those that are learned.
type prior struct {
	name   string // that rules.yaml has for it; empty where its points are written out
	points []label.Points
}

// asKinds orders labels as the kinds that they stand for, and gives the points
// of prior to them. Labels that stand for others keep their order, and have no
// prior.
func asKinds(labels []string, before prior) ([]string, prior) {
	by := map[string]string{}
	for _, l := range labels {
		by[labelname.KindOf(l)] = l
	}
	var ordered []string
	for _, kind := range label.Kinds {
		if by[kind] != "" {
			ordered = append(ordered, by[kind])
		}
	}
	if len(ordered) != len(labels) || len(ordered) != len(label.Kinds) || len(before.points) == 0 {
		return labels, prior{}
	}
	return ordered, prior{before.name, label.For(before.points, ordered)}
}

// among are the examples that have exactly one label of a group, with that alone,
// of labels that have enough of them; and those labels, in the order of the group.
func among(examples []Example, group []string) ([]Example, []string) {
	by, labels := map[string]int{}, []string{}
	var one []Example
	for _, e := range examples {
		e.Labels = slices.DeleteFunc(slices.Clone(group), func(l string) bool { return !e.has(l) })
		if len(e.Labels) == 1 {
			one, by[e.Labels[0]] = append(one, e), by[e.Labels[0]]+1
		}
	}
	for _, label := range group {
		if by[label] >= Least {
			labels = append(labels, label)
		}
	}
	return slices.DeleteFunc(one, func(e Example) bool { return by[e.Labels[0]] < Least }), labels
}

// cardOf learns the points from examples that have one label each, and puts
// those of prior before them.
func cardOf(examples []Example, labels []string, before prior) label.Rule {
	fine := float64(fineness)
	if len(before.points) > 0 {
		fine = ownFineness
	}
	lines := candidates(examples)
	own := pointsOf(lines, Fit(counted(examples, lines), fitting), fine)
	if before.name != "" {
		return label.Rule{Choose: labels, Card: before.name, Points: own}
	}
	return label.Rule{Choose: labels, Points: slices.Concat(before.points, own)}
}

// shipping is how the card that ships is fitted: it is learned from several
// repositories, and may hold more.
var shipping = Fitting{Rounds: 8, Penalty: 3e-4, Least: 6, Keep: 400, Balance: true, Orders: 3}

// General learns points that hold for several repositories from examples of
// all of them, which have one of label.Kinds each.
func General(examples []Example) []label.Points {
	lines := candidates(examples)
	return pointsOf(lines, Fit(counted(examples, lines), shipping), fineness)
}

// line is a candidate of a card, and how much one hit of it counts.
type line struct {
	label.Points
	share float64
}

// candidates are all lines that a card of a record could have: how an issue looks,
// ways of speaking, how its title begins, the words of the title and of the
// opening, and the headings of forms.
func candidates(examples []Example) []line {
	var lines []line
	add := func(share float64, in string, terms ...string) {
		lines = append(lines, line{label.Points{In: model.Names{in}, Any: termsOf(terms...)}, share})
	}
	for _, name := range label.Looks() {
		lines = append(lines, line{label.Points{When: label.When{Looks: model.Names{name}}}, wholeShare})
	}
	for _, place := range []string{"title", "opening", "body"} {
		for _, c := range cues {
			add(wholeShare, place, c.phrases...)
		}
	}
	least := max(minIssues, len(examples)/100)
	for _, word := range frequent(examples, least, beginning) {
		add(titleShare, "title", `/^\W*`+word+`\b/i`)
	}
	for _, heading := range frequent(examples, least, headings) {
		add(wholeShare, "body", heading)
	}
	for _, whole := range frequent(examples, least, wholeLines) {
		add(wholeShare, "line", whole)
	}
	all := terms(examples)
	for _, word := range common(all, least, wholeTitle) {
		add(titleShare, "title", word)
	}
	for _, word := range common(all, least, inOpening) {
		add(openingShare, "opening", word)
	}
	return lines
}

// frequent are what is seen in enough examples, sorted.
func frequent(examples []Example, least int, see func(Example) []string) []string {
	in := map[string]int{}
	for _, e := range examples {
		for _, seen := range see(e) {
			in[seen]++
		}
	}
	var all []string
	for seen, n := range in {
		if n >= least {
			all = append(all, seen)
		}
	}
	slices.Sort(all)
	return all
}

// common are the terms that stand in enough examples at a place, as people wrote
// them most often.
func common(all []termed, least int, place string) []string {
	in := map[string]int{}
	for _, t := range all {
		for stem := range t.in[place] {
			in[stem]++
		}
	}
	var stems []string
	for stem, n := range in {
		if n >= least {
			stems = append(stems, stem)
		}
	}
	slices.Sort(stems)
	return spell(stems, all, place)
}

// beginning is the first word of a title.
func beginning(e Example) []string {
	words := issuetext.Words(e.Title)
	if len(words) == 0 || !isWord(words[0].Folded) {
		return nil
	}
	return []string{words[0].Folded}
}

// headings are those of a form or a template, each once: they tell which one was
// chosen.
func headings(e Example) []string {
	var all []string
	for text := range strings.Lines(e.body()) {
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, "#") || strings.HasPrefix(text, "**") && strings.HasSuffix(strings.TrimRight(text, ":"), "**") {
			if heading := phrase(text); heading != "" && !slices.Contains(all, heading) {
				all = append(all, heading)
			}
		}
	}
	return all
}

// wholeLines are the short lines that stand alone, each once: the answers of
// forms, as a rule.
func wholeLines(e Example) []string {
	var all []string
	for _, p := range e.read().Passages {
		if p.In != inBody {
			continue
		}
		for line := range strings.SplitSeq(p.Text, "\n") {
			whole := phrase(line)
			if whole != "" && strings.Count(whole, " ") < maxLineWords && !slices.Contains(all, whole) {
				all = append(all, whole)
			}
		}
	}
	return all
}

// phrase is a line as a phrase of rules.yaml; empty where it cannot be one.
func phrase(line string) string {
	var words []string
	for _, w := range issuetext.Words(line) {
		if !isPlain(w.Folded) {
			return ""
		}
		words = append(words, w.Folded)
	}
	if len(words) > maxHeading {
		return ""
	}
	return strings.Join(words, " ")
}

// maxHeading is the length of the longest heading that is a phrase, in words.
const maxHeading = 8

// counted are examples as how often each line counts, told by triage itself.
func counted(examples []Example, lines []line) []Sample {
	all := label.Rule{Choose: model.Names{"this", "that"}}
	for _, l := range lines {
		all.Points = append(all.Points, l.Points)
	}
	reader := label.Compile([]label.Rule{all})
	samples := make([]Sample, len(examples))
	for i, e := range examples {
		samples[i].Label = e.Labels[0]
		for at, n := range reader.Count(0, e.read(), e.issue()) {
			if n > 0 {
				samples[i].Features = append(samples[i].Features, Feature{lineName(at), float64(n) * lines[at].share})
			}
		}
	}
	return samples
}

func lineName(at int) string { return fmt.Sprintf("%06d", at) }

// pointsOf writes weights as lines of points: those of the same worth at the same
// place are one, and what is worth most goes first at each place.
func pointsOf(lines []line, weights *Weights, fine float64) []label.Points {
	var all []label.Points
	if always := worth(weights.Labels, weights.Bias, fine); always != nil {
		all = append(all, label.Points{For: always})
	}
	for at, l := range lines {
		p := l.Points
		if p.For = worth(weights.Labels, weights.Of[lineName(at)], l.share*fine); p.For != nil {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b label.Points) int {
		return cmp.Or(cmp.Compare(placeOf(a), placeOf(b)), cmp.Compare(most(b), most(a)), cmp.Compare(spelled(a.For), spelled(b.For)))
	})
	return joined(all)
}

// worth are weights as whole points, less what every label gets; nil where
// nothing is left.
func worth(labels []string, weights []float64, fine float64) map[string]int {
	points := map[string]int{}
	for k, w := range weights {
		if n := int(math.Round((w - slices.Min(weights)) * fine)); n > 0 {
			points[labels[k]] = n
		}
	}
	if len(points) == 0 {
		return nil
	}
	return points
}

// joined makes one line of those with terms that stand at one place and are worth
// the same.
func joined(all []label.Points) []label.Points {
	var out []label.Points
	for _, p := range all {
		if last := len(out) - 1; last >= 0 && len(p.Any) > 0 && len(out[last].Any) > 0 && placeOf(p) == placeOf(out[last]) && spelled(p.For) == spelled(out[last].For) {
			out[last].Any = append(slices.Clip(out[last].Any), p.Any...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// placeOf orders lines by where they look: at the whole first, then at the title.
func placeOf(p label.Points) int {
	return 1 + slices.Index([]string{"title", "opening", "line", "body"}, strings.Join(p.In, ""))
}

func most(p label.Points) int {
	n := 0
	for _, points := range p.For {
		n = max(n, points)
	}
	return n
}

// spelled is the same for the same points, for fmt sorts the keys of a map.
func spelled(points map[string]int) string { return fmt.Sprint(points) }
