package verdict

import "math"

// Wilson is the score interval of a share, both ends from 0 to 1: what the
// true share may be, with that confidence, when part of whole were seen. The
// ends stand on both sides, so with 95% each is wrong once in forty. A part
// greater than the whole counts as all of it; of less than one case everything
// may be true.
//
// E. B. Wilson, Probable inference, the law of succession, and statistical
// inference, J. Am. Stat. Assoc. 22 (1927), 209–212; without the correction for
// continuity, as R. G. Newcombe recommends in Stat. Med. 17 (1998), 857–872.
func Wilson(part, whole float64, c Confidence) (low, high float64) {
	if !(whole >= 1) || math.IsInf(whole, 0) {
		return 0, 1
	}
	p := min(max(part/whole, 0), 1)
	z := math.Sqrt2 * math.Erfinv(float64(c.orDefault()))
	zz := z * z / whole
	middle := (p + zz/2) / (1 + zz)
	half := z * math.Sqrt(p*(1-p)/whole+zz/(4*whole)) / (1 + zz)
	low, high = max(middle-half, 0), min(middle+half, 1)
	if p == 0 {
		low = 0 // exactly; rounding may leave a crumb
	}
	if p == 1 {
		high = 1
	}
	return low, high
}
