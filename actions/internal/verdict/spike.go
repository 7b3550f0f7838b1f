package verdict

import "math"

// Spike is a count that its own past makes improbable.
type Spike struct {
	Count float64
	Usual float64 // the mean of the windows of the trailing four weeks
	P     float64 // how probable so many or more are, if nothing has changed
}

const (
	FewestSpike = 3     // fewer are never a spike
	rareSpike   = 0.001 // a spike is less probable than this
	fewestPast  = 4     // windows; of a shorter past nothing is said
)

// spikeIn looks for a spike in a count against the windows before it, by the
// upper tail of Poisson's distribution with their mean. It is nil where there
// is none, or the past is too short to tell.
func spikeIn(count float64, past []float64) *Spike {
	if len(past) < fewestPast || count < FewestSpike {
		return nil
	}
	var sum float64
	for _, n := range past {
		if !(n >= 0) || math.IsInf(n, 0) {
			return nil
		}
		sum += n
	}
	usual := sum / float64(len(past))
	p := poissonTail(count, usual)
	if p >= rareSpike {
		return nil
	}
	return &Spike{Count: count, Usual: usual, P: p}
}

// poissonTail is the probability of at least count events where mean are
// expected: the sum of mean^i·e^−mean/i! from i = count on. It adds up the terms
// of the tail itself, not one minus the others, so small results keep their
// digits. A count at or below the mean is not improbable: it answers 1.
func poissonTail(count, mean float64) float64 {
	count = math.Ceil(count)
	if count <= mean {
		return 1
	}
	factorial, _ := math.Lgamma(count + 1)
	term := math.Exp(count*math.Log(mean) - mean - factorial)
	sum := term
	for i := count + 1; term > sum*1e-17; i++ {
		term *= mean / i
		sum += term
	}
	return min(sum, 1)
}
