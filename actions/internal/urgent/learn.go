package urgent

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Example is a text with what it is.
type Example struct {
	Title, Body string
	Urgent      bool     // people must be paged
	Kinds       []string // of an urgent text: of Kinds
	Source      string   // the project or file that it is from
	Ordinary    bool     // an issue of a project as it came, not a text chosen for its words
	Check       bool     // it is used to choose thresholds
}

// The way weights are found. The numbers were chosen by five-fold scores on
// the texts; most settings around them lie within two points of these.
const (
	rounds         = 12
	averaged       = 6    // of the rounds, the last ones
	orders         = 4    // in which the samples are passed over; the weights are the mean
	penalty        = 2e-4 // of large weights (L2), for each example
	pace           = 0.2
	steadying      = 1e-2
	dropped        = 0.3    // of a text's features at each step, so that none is relied on alone (Srivastava and others 2014)
	urgentCounts   = 2      // how many other texts an urgent one counts
	ordinaryCounts = 3      // and an ordinary issue: far more of them come, and few may page
	minExamples    = 3      // that a feature is in
	maxFeatures    = 5000   // in a file of weights
	scale          = 20     // points for a unit of log-odds
	minPoints      = 2      // below which a feature is left out
	minKind        = 4      // below which a kind's points are left out
	maxCalm        = 0.02   // of calm texts that may page: texts that nobody has learned from page about twice as often
	maxForeignCalm = 0.03   // of those in other languages
	maxLift        = 15     // points that another language may count more
	maxOrdinary    = 0.0004 // of ordinary issues that may page
	maxDoubtful    = 0.005  // of ordinary issues that may be worth a look
	folds          = 5
)

// share is how far one feature moves the weights while they are found.
func (f Feature) share() float64 {
	switch {
	case f.A[0] == '#' && strings.Contains(f.A, "trouble"):
		return 0.15
	case f.A[0] == '#', f.Place == Denied:
		return 0.3
	case f.Place == Opening:
		return 0.2
	case f.A[0] == '@':
		return 0.3
	case f.Place == Title, f.Place == Begins:
		return 0.2
	}
	return 0.18
}

// sample is an example as features.
type sample struct {
	Example
	features []Feature
	columns  []int32
}

// Learn finds weights from examples, and the points from which a text pages by
// scores on examples that each model was not made from. The same examples in
// the same order give the same weights.
func Learn(examples []Example, languages []string) (*Weights, error) {
	samples, err := sampled(examples, languages)
	if err != nil {
		return nil, err
	}
	w := fit(samples)
	scores := crossed(samples)
	w.thresholds(scores)
	if lift := w.lift(scores); lift != 0 {
		weight := w.Of[another]
		weight.Points += int16(lift)
		w.Of[another] = weight
	}
	return w, nil
}

// sampled finds the features of examples.
func sampled(examples []Example, languages []string) ([]*sample, error) {
	s, err := newScorer(&Weights{}, newIndex(&Weights{}), Config{Languages: languages})
	if err != nil {
		return nil, err
	}
	samples := make([]*sample, len(examples))
	for i, e := range examples {
		samples[i] = &sample{Example: e, features: s.featuresOf(e)}
	}
	return samples, nil
}

// featuresOf are the features of an example, each once.
func (s *Scorer) featuresOf(e Example) []Feature {
	var all []Feature
	r := s.readings.Get().(*reading)
	defer s.readings.Put(r)
	seen := map[int32]bool{0: true}
	s.features(issuetext.Read(e.Title, e.Body, nil), model.Issue{Title: e.Title, Body: e.Body}, r, func(n int32, _ *passage, _, _ int) {
		if !seen[n] {
			seen[n] = true
			all = append(all, s.index.names[n])
		}
	})
	return all
}

// Scored is an example with the points of weights that were not made from it.
type Scored struct {
	Example
	Points int
	Guess  []string // its kinds, were it urgent
	// Foreign reports whether it is in another language than English.
	Foreign bool
}

// crossed scores each sample by weights made from the other folds. Ordinary
// issues are held out by project where a project is small.
func crossed(samples []*sample) []Scored {
	var all []Scored
	for fold := range folds {
		var rest, held []*sample
		for _, s := range samples {
			if s.fold() == fold && s.Check {
				held = append(held, s)
			} else {
				rest = append(rest, s)
			}
		}
		w := fit(rest)
		for _, s := range held {
			all = append(all, s.scored(w))
		}
	}
	return all
}

func (s *sample) scored(w *Weights) Scored {
	points, kinds := w.sum(s.features)
	return Scored{s.Example, points, kinds, slices.Contains(s.features, another)}
}

// largeSource is a project of which issues are in every fold.
const largeSource = "matomo"

func (s *sample) fold() int {
	by := s.Title
	if s.Ordinary && s.Source != largeSource {
		by = s.Source
	}
	h := fnv.New32a()
	h.Write([]byte(by))
	return int(h.Sum32() % folds)
}

// sum adds up the points of features that are there once each.
func (w *Weights) sum(features []Feature) (int, []string) {
	points, kinds := w.Start, w.StartOf
	sums := []int{kinds[0], kinds[1], kinds[2]}
	for _, f := range features {
		weight := w.Of[f]
		points += int(weight.Points)
		for k, n := range weight.Kinds {
			sums[k] += int(n)
		}
	}
	return points, kindsOf(sums, w.Second)
}

// thresholds chooses the points from which a text pages: few of the calm texts
// and of the ordinary issues do.
func (w *Weights) thresholds(scores []Scored) {
	var calm, ordinary []int
	for _, s := range scores {
		switch {
		case s.Urgent, s.Foreign:
		case s.Ordinary:
			ordinary = append(ordinary, s.Points)
		default:
			calm = append(calm, s.Points)
		}
	}
	w.Page = max(above(calm, maxCalm), above(ordinary, maxOrdinary))
	w.Look = min(w.Page, above(ordinary, maxDoubtful))
}

// another is the sign of a text in another language than English.
var another = Feature{A: "#another-language"}

// lift returns how many points more a text in another language may have, so that
// few of the calm ones page: there are fewer of them to learn words from, so that
// an urgent one earns fewer points. It is from 0 to maxLift.
func (w *Weights) lift(scores []Scored) int {
	var calm []int
	for _, s := range scores {
		if s.Foreign && !s.Urgent && !s.Ordinary {
			calm = append(calm, s.Points)
		}
	}
	if len(calm) == 0 {
		return 0
	}
	return min(maxLift, max(0, w.Page-above(calm, maxForeignCalm)))
}

// above returns the points that at most a share of the scores reaches.
func above(scores []int, share float64) int {
	if len(scores) == 0 {
		return 0
	}
	slices.SortFunc(scores, func(a, b int) int { return cmp.Compare(b, a) })
	return scores[min(len(scores)-1, int(share*float64(len(scores))))] + 1
}

// fit finds weights for urgency, and among urgent texts for each kind.
func fit(samples []*sample) *Weights {
	names := columns(samples, nil)
	names = columns(samples, strongest(names, samples, regress(samples, names, isUrgent, urgentCounts)))
	urgent := regress(samples, names, isUrgent, urgentCounts)
	var positive []*sample
	for _, s := range samples {
		if s.Urgent && len(s.Kinds) > 0 {
			positive = append(positive, s)
		}
	}
	w := &Weights{Second: scale / 4, Start: rounded(urgent[0]), Of: map[Feature]Weight{}}
	var kinds [kindCount][]float64
	for k, kind := range Kinds {
		kinds[k] = regress(positive, names, func(s *sample) bool { return slices.Contains(s.Kinds, kind) }, 1)
		w.StartOf[k] = rounded(kinds[k][0])
	}
	for i, f := range names {
		if i == 0 {
			continue
		}
		if weight := weightOf(f, i, urgent, kinds); weight != (Weight{}) {
			w.Of[f] = weight
		}
	}
	return w
}

func weightOf(f Feature, column int, urgent []float64, kinds [kindCount][]float64) Weight {
	var w Weight
	if n := rounded(urgent[column] * f.share()); abs(n) >= minPoints {
		w.Points = int16(n)
	}
	if f.A[0] == '@' || f.Place == Title || f.B == "" {
		for k := range kinds {
			if n := rounded(kinds[k][column] * f.share()); abs(n) >= minKind {
				w.Kinds[k] = int16(n)
			}
		}
	}
	return w
}

func rounded(logOdds float64) int { return int(math.Round(scale * logOdds)) }

func isUrgent(s *sample) bool { return s.Urgent }

// strongest returns the features that move the points of the samples most: few
// enough that a person can read them.
func strongest(names []Feature, samples []*sample, weights []float64) []Feature {
	count := make([]float64, len(names))
	for _, s := range samples {
		for _, c := range s.columns {
			count[c]++
		}
	}
	order := make([]int, len(names)-1)
	for i := range order {
		order[i] = i + 1
	}
	moves := func(i int) float64 { return math.Abs(weights[i]*names[i].share()) * math.Sqrt(count[i]) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(moves(b), moves(a)) })
	var kept []Feature
	for _, i := range order[:min(len(order), maxFeatures)] {
		kept = append(kept, names[i])
	}
	return kept
}

// columns numbers features: those that are given, or else those that enough
// samples have. Column 0 is what every text counts.
func columns(samples []*sample, names []Feature) []Feature {
	in := map[Feature]int{}
	for _, s := range samples {
		for _, f := range s.features {
			in[f]++
		}
	}
	if names == nil {
		for f, n := range in {
			if n >= minExamples && f.isWritable() && !f.isOfStage() {
				names = append(names, f)
			}
		}
	}
	names = append([]Feature{{}}, names...)
	slices.SortFunc(names[1:], func(x, y Feature) int {
		return cmp.Or(cmp.Compare(x.Place, y.Place), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	at := make(map[Feature]int32, len(names))
	for i, f := range names {
		at[f] = int32(i)
	}
	for _, s := range samples {
		s.columns = s.columns[:0]
		for _, f := range s.features {
			if c, ok := at[f]; ok {
				s.columns = append(s.columns, c)
			}
		}
	}
	return names
}

// Measure scores examples by weights as they stand; none of them may have been
// used to make the weights.
func (s *Scorer) Measure(examples []Example) []Scored {
	var all []Scored
	for _, e := range examples {
		issue := model.Issue{Title: e.Title, Body: e.Body}
		v := s.Weigh(issuetext.Read(e.Title, e.Body, nil), issue)
		all = append(all, Scored{Example: e, Points: v.Points, Guess: v.Kinds})
	}
	return all
}

// CrossValidate scores examples by weights made from the other folds, with the lift
// of texts in other languages.
func CrossValidate(examples []Example, languages []string) ([]Scored, error) {
	samples, err := sampled(examples, languages)
	if err != nil {
		return nil, err
	}
	scores := crossed(samples)
	w := &Weights{}
	w.thresholds(scores)
	lift := w.lift(scores)
	for i := range scores {
		if scores[i].Foreign {
			scores[i].Points += lift
		}
	}
	return scores, nil
}
