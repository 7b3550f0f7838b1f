package learn

import "math"

// Tally counts answers: by the label that people gave, and by the answer.
type Tally map[string]map[string]int

func (ta Tally) add(label, answer string) {
	if ta[label] == nil {
		ta[label] = map[string]int{}
	}
	ta[label][answer]++
}

// Of is the precision and the recall of an answer, each 0 where there was
// nothing to get right.
func (ta Tally) Of(label string) (precision, recall float64) {
	hits, given, right := float64(ta[label][label]), 0.0, 0.0
	for l, answers := range ta {
		given += float64(answers[label])
		if l == label {
			for _, n := range answers {
				right += float64(n)
			}
		}
	}
	if hits == 0 {
		return 0, 0
	}
	return hits / given, hits / right
}

// Macro is the mean over the labels of the harmonic mean of precision and
// recall; 0 where there are none.
func (ta Tally) Macro() float64 {
	if len(ta) == 0 {
		return 0
	}
	sum := 0.0
	for label := range ta {
		if p, r := ta.Of(label); p+r > 0 {
			sum += 2 * p * r / (p + r)
		}
	}
	return sum / float64(len(ta))
}

// beats reports whether an answer is right more often than the label is given
// at all, beyond what chance explains: whether the lower end of Wilson's 95 %
// interval of its precision (Wilson 1927) lies above the label's share.
func (ta Tally) beats(label string) bool {
	const z = 1.96
	given, right, all := 0.0, 0.0, 0.0
	for l, answers := range ta {
		given += float64(answers[label])
		for _, n := range answers {
			all += float64(n)
			if l == label {
				right += float64(n)
			}
		}
	}
	if given == 0 {
		return false
	}
	p := float64(ta[label][label]) / given
	middle := p + z*z/(2*given)
	spread := z * math.Sqrt(p*(1-p)/given+z*z/(4*given*given))
	return (middle-spread)/(1+z*z/given) > right/all
}
