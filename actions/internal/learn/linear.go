package learn

import (
	"cmp"
	"math"
	"slices"
)

// Feature is one thing that was observed of a text, and how strongly.
type Feature struct {
	Name  string
	Value float64
}

// Sample is a labelled text as its features. A name stands in it once.
type Sample struct {
	Features []Feature
	Label    string
}

// Fitting says how weights are found.
type Fitting struct {
	Rounds  int     // passes over the samples
	Penalty float64 // of large weights (L2), for each sample
	Least   int     // samples that a feature must be in to count
	Keep    int     // features kept after the first fit, those that move most; 0 keeps all
	Balance bool    // rare labels count as much as frequent ones
	Orders  int     // in how many orders the samples are passed over; the weights are the mean of all, one where it is 0
}

// Weights is a linear model: a text's score for a label is the label's bias
// and, for each feature of the text, its value times its weight.
type Weights struct {
	Labels []string // sorted
	Bias   []float64
	Of     map[string][]float64 // a weight for each label
}

// Fit finds weights by multinomial logistic regression, with AdaGrad's steps
// (Duchi, Hazan and Singer 2011). The same samples in the same order give the
// same weights. Without samples there are no labels.
func Fit(samples []Sample, how Fitting) *Weights {
	f := newFit(samples, how)
	f.run()
	if how.Keep > 0 && how.Keep < len(f.names) {
		f.keep(how.Keep)
		f.run()
	}
	return f.weights()
}

// Chances turns scores into shares that add up to one, in place.
func Chances(scores []float64) []float64 {
	if len(scores) == 0 {
		return scores
	}
	most, sum := slices.Max(scores), 0.0
	for k, s := range scores {
		scores[k] = math.Exp(s - most)
		sum += scores[k]
	}
	for k := range scores {
		scores[k] /= sum
	}
	return scores
}

// fit is a fitting under way. Column 0 is the bias.
type fit struct {
	how     Fitting
	labels  []string
	names   []string
	share   []float64 // of a label's samples
	count   []float64 // samples that a column is in, weighed by value
	rows    []row
	weight  [][]float64
	squares [][]float64
}

type row struct {
	columns []int
	values  []float64
	label   int
}

func newFit(samples []Sample, how Fitting) *fit {
	f := &fit{how: how, labels: labelsOf(samples), names: append([]string{""}, namesOf(samples, max(1, how.Least))...)}
	column := map[string]int{}
	for i, n := range f.names[1:] {
		column[n] = i + 1
	}
	f.share, f.count = make([]float64, len(f.labels)), make([]float64, len(f.names))
	for _, s := range samples {
		label, _ := slices.BinarySearch(f.labels, s.Label)
		r := row{columns: []int{0}, values: []float64{1}, label: label}
		for _, feature := range s.Features {
			if c := column[feature.Name]; c > 0 {
				r.columns, r.values = append(r.columns, c), append(r.values, feature.Value)
				f.count[c] += math.Abs(feature.Value)
			}
		}
		f.share[label]++
		f.rows = append(f.rows, r)
	}
	for k := range f.share {
		f.share[k] = float64(len(samples)) / (f.share[k] * float64(len(f.labels)))
		if !how.Balance {
			f.share[k] = 1
		}
	}
	return f
}

func labelsOf(samples []Sample) []string {
	var labels []string
	for _, s := range samples {
		if at, known := slices.BinarySearch(labels, s.Label); !known {
			labels = slices.Insert(labels, at, s.Label)
		}
	}
	return labels
}

// namesOf are the features that stand in enough samples, sorted.
func namesOf(samples []Sample, least int) []string {
	in := map[string]int{}
	for _, s := range samples {
		for _, f := range s.Features {
			in[f.Name]++
		}
	}
	var names []string
	for n, samples := range in {
		if samples >= least {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

// run starts from nothing, once for each order of the samples that is asked
// for, and leaves the mean of the weights: with few samples their order is luck.
func (f *fit) run() {
	orders := max(1, f.how.Orders)
	sum := matrix(len(f.names), len(f.labels))
	for seed := range orders {
		f.weight, f.squares = matrix(len(f.names), len(f.labels)), matrix(len(f.names), len(f.labels))
		f.pass(uint64(seed) + 1)
		for c, weights := range f.weight {
			for k, w := range weights {
				sum[c][k] += w / float64(orders)
			}
		}
	}
	f.weight = sum
}

// pass passes over the samples, each time in another order, which the seed
// gives.
func (f *fit) pass(seed uint64) {
	order := make([]int, len(f.rows))
	for i := range order {
		order[i] = i
	}
	for range f.how.Rounds {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int((seed >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			f.step(f.rows[i])
		}
	}
}

const (
	pace      = 0.2  // the length of a first step
	steadying = 1e-2 // keeps the first steps short
)

// step moves the weights of one sample's features against its error.
func (f *fit) step(r row) {
	scores := make([]float64, len(f.labels))
	for i, c := range r.columns {
		for k, w := range f.weight[c] {
			scores[k] += w * r.values[i]
		}
	}
	Chances(scores)
	scores[r.label]--
	for i, c := range r.columns {
		weight, squares := f.weight[c], f.squares[c]
		for k, off := range scores {
			slope := off * f.share[r.label] * r.values[i]
			if c > 0 {
				slope += f.how.Penalty * weight[k]
			}
			squares[k] += slope * slope
			weight[k] -= pace * slope / math.Sqrt(squares[k]+steadying)
		}
	}
}

// keep drops all but the columns that move the samples' scores most.
func (f *fit) keep(n int) {
	order := make([]int, len(f.names)-1)
	move := make([]float64, len(f.names))
	for i := range order {
		c := i + 1
		order[i], move[c] = c, (slices.Max(f.weight[c])-slices.Min(f.weight[c]))*math.Sqrt(f.count[c])
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(move[b], move[a]) })
	kept := slices.Sorted(slices.Values(order[:n]))
	became, names := map[int]int{0: 0}, []string{""}
	for _, c := range kept {
		became[c] = len(names)
		names = append(names, f.names[c])
	}
	f.names = names
	for i, r := range f.rows {
		slim := row{label: r.label}
		for j, c := range r.columns {
			if to, stays := became[c]; stays {
				slim.columns, slim.values = append(slim.columns, to), append(slim.values, r.values[j])
			}
		}
		f.rows[i] = slim
	}
}

func (f *fit) weights() *Weights {
	w := &Weights{Labels: f.labels, Bias: make([]float64, len(f.labels)), Of: map[string][]float64{}}
	if len(f.weight) > 0 {
		copy(w.Bias, f.weight[0])
	}
	for i, n := range f.names[1:] {
		w.Of[n] = f.weight[i+1]
	}
	return w
}

func matrix(rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
	}
	return m
}
