package audit

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	figure  = regexp.MustCompile(`^[-+]?\d[\d,]*(?:\.\d+)?`)
	samples = regexp.MustCompile(`(?:^|[ (])([\d,]+(?:\.\d+)?)(?: of| [a-z]+ in) ([\d,]+(?:\.\d+)?)`)
	cases   = regexp.MustCompile(`(?:^|[ (,])sample ([\d,]+(?:\.\d+)?)`)
	totals  = regexp.MustCompile(`([\d,]+(?:\.\d+)?) in total`)
	limits  = regexp.MustCompile(`(\d+(?:\.\d+)?)% CI ([\d,.]+)–([\d,.]+)%`)
)

// number is a whole number; 0 where the text is none.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// parse reads a number as people write it: 1,378 or -0.2.
func parse(text string) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimPrefix(text, "+"), ",", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// rounds reports whether a number is what a value rounds to: to as many decimals
// as it shows, and to at least two below 1 and one below 100.
func rounds(shown string, value float64) bool {
	decimals := digits(value)
	if _, after, found := strings.Cut(shown, "."); found {
		decimals = max(decimals, len(after))
	}
	return math.Abs(parse(shown)-value) <= math.Pow(10, -float64(decimals))/2+1e-9*max(1, math.Abs(value))
}

// digits is how many decimals a number of its size shows.
func digits(value float64) int {
	switch abs := math.Abs(value); {
	case abs < 1:
		return 2
	case abs < 100:
		return 1
	}
	return 0
}

// is reports whether a text begins with a number that a value rounds to.
func is(text string, value float64) bool {
	n := figure.FindString(text)
	return n != "" && rounds(n, value)
}

func told(v *float64) string {
	if v == nil {
		return "nothing"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// moved reports whether a change in words is how a value moved.
func moved(shown string, now, before float64) bool {
	n := figure.FindString(shown)
	rest := strings.TrimPrefix(shown, n)
	switch {
	case shown == "unchanged":
		return math.Abs(now-before) <= math.Pow(10, -float64(digits(now)))
	case strings.HasPrefix(shown, "×"):
		return before != 0 && rounds(strings.TrimPrefix(shown, "×"), now/before)
	case n == "":
		return false
	case rest == "%":
		return before != 0 && math.Abs(parse(n)-100*(now-before)/math.Abs(before)) <= 0.5+1e-9
	}
	return rounds(n, now-before)
}

// wilson is the score interval of a share, in per cent.
func wilson(part, whole, confidence float64) (low, high float64) {
	p, z := min(part/whole, 1), math.Sqrt2*math.Erfinv(confidence/100)
	middle := (p + z*z/2/whole) / (1 + z*z/whole)
	half := z * math.Sqrt(p*(1-p)/whole+z*z/4/whole/whole) / (1 + z*z/whole)
	return 100 * max(middle-half, 0), 100 * min(middle+half, 1)
}

func pair(a, b *float64) string { return fmt.Sprintf("%s of %s", told(a), told(b)) }
