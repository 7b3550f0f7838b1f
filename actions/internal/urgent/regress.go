package urgent

import "math"

// regress is logistic regression with AdaGrad's steps (Duchi, Hazan and Singer
// 2011). Its weights are the mean of several passes over the samples in other
// orders, which fixed seeds give: the order of few samples is luck.
func regress(samples []*sample, names []Feature, is func(*sample) bool, counts float64) []float64 {
	share := make([]float64, len(names))
	for i := 1; i < len(names); i++ {
		share[i] = names[i].share()
	}
	share[0] = 1
	sum := make([]float64, len(names))
	for seed := range uint64(orders) {
		pass := regression{share: share, weight: make([]float64, len(names)), squares: make([]float64, len(names)), is: is, counts: counts, seed: seed + 1}
		for i, w := range pass.run(samples) {
			sum[i] += w / orders
		}
	}
	return sum
}

// regression is one pass of regress, over all rounds.
type regression struct {
	share, weight, squares []float64 // by column
	is                     func(*sample) bool
	counts                 float64
	seed                   uint64
	columns                []int32 // of the sample that is learned from, without those dropped
}

// next returns the next number below 2^31 of a fixed sequence.
func (r *regression) next() uint64 {
	r.seed = r.seed*6364136223846793005 + 1442695040888963407
	return r.seed >> 33
}

// run returns the mean of the weights over the last rounds.
func (r *regression) run(samples []*sample) []float64 {
	sum := make([]float64, len(r.weight))
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	for round := range rounds {
		for i := len(order) - 1; i > 0; i-- {
			j := int(r.next() % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			r.learn(samples[i])
		}
		if round >= rounds-averaged {
			for i, w := range r.weight {
				sum[i] += w / averaged
			}
		}
	}
	return sum
}

// learn moves the weights of a sample's features against its error. Features
// that are left out count by the others.
func (r *regression) learn(s *sample) {
	r.columns = r.columns[:0]
	for _, c := range s.columns {
		if float64(r.next()) >= dropped*(1<<31) {
			r.columns = append(r.columns, c)
		}
	}
	z := r.weight[0]
	for _, c := range r.columns {
		z += r.weight[c] * r.share[c] / (1 - dropped)
	}
	off := 1 / (1 + math.Exp(-z))
	if r.is(s) {
		off = (off - 1) * r.counts
	} else if s.Ordinary {
		off *= ordinaryCounts
	}
	r.step(0, off)
	for _, c := range r.columns {
		r.step(c, off/(1-dropped))
	}
}

func (r *regression) step(c int32, off float64) {
	slope := off * r.share[c]
	if c > 0 {
		slope += penalty * r.weight[c]
	}
	r.squares[c] += slope * slope
	r.weight[c] -= pace * slope / math.Sqrt(r.squares[c]+steadying)
}
