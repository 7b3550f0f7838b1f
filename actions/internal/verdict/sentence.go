package verdict

import (
	"fmt"
	"math"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

// Sentence is the reason in words, without a capital and a full stop, such as
// "too few cases to tell: 1 of 50, 95% CI 0.4–10.5% (critical above 1%)". A key and
// a gap's words may be a stranger's text: tame it like any other before it
// reaches a page.
func (v Verdict) Sentence() string {
	switch v.Reason {
	case NoData, WrongUnit:
		return "unknown: " + v.Why
	case NoBefore:
		return v.Subject() + ", no full period before it to compare with"
	case NotAsked:
		return v.notAsked() + v.spiked()
	case TooFew:
		return fmt.Sprintf("%stoo few cases to tell: %s (%s %s)", v.prefix(), v.cases(), v.Name, v.Bound.Words(v.Unit))
	case Past:
		return v.isPast()
	case Spiked:
		return v.Subject() + v.spiked()
	}
	return v.aboutTarget() + v.spiked()
}

func (v Verdict) notAsked() string {
	if v.Value == nil {
		return "no target"
	}
	return v.Subject() + ", no target"
}

func (v Verdict) isPast() string {
	s := fmt.Sprintf("%s, %s %s", v.Subject(), v.Name, v.Bound.Words(v.Unit))
	if !v.Doubt.IsZero() {
		s += fmt.Sprintf("; too few cases to tell whether it is critical (%s)", v.Doubt.Words(v.Unit))
	}
	return s + v.spiked()
}

func (v Verdict) aboutTarget() string {
	if v.Bound.Op == "growing" {
		if v.Reason == Met {
			return v.Subject() + v.before() + ", growing"
		}
		return v.Subject() + v.before() + ", not growing"
	}
	if v.Reason == Met {
		return fmt.Sprintf("%s, on target (%s)", v.Subject(), v.Bound.Words(v.Unit))
	}
	return fmt.Sprintf("%s, off target (%s)", v.Subject(), v.Bound.Words(v.Unit))
}

func (v Verdict) before() string {
	if v.Previous == nil {
		return ""
	}
	return ", " + humanize.Apart(*v.Previous, *v.Value) + " in the previous period"
}

func (v Verdict) spiked() string {
	if v.Spike == nil {
		return ""
	}
	return fmt.Sprintf("; spike: usually %s (p < 0.001)", humanize.Number(v.Spike.Usual))
}

func (v Verdict) prefix() string {
	if v.Key == "" {
		return ""
	}
	return v.Key + ": "
}

// Subject returns the number with its unit and what it rests on: "5.2% (52 of
// 1,000, 95% CI 4–6.7%)".
func (v Verdict) Subject() string {
	if v.Value == nil {
		return v.prefix() + v.cases()
	}
	against := v.Bound.Value
	if v.Bound.Op == "growing" && v.Previous != nil {
		against = *v.Previous
	} else if v.Bound.IsZero() || v.Bound.Op == "growing" {
		against = *v.Value
	}
	s := v.prefix() + humanize.Unit(humanize.Apart(*v.Value, against), v.Unit)
	if cases := v.cases(); cases != "" {
		s += " (" + cases + ")"
	}
	return s
}

// PartOf writes a part of a whole: "60 of 1,000 commands", and a quotient: "2,703
// commands in 768 sessions". Cases are the metric's.
func PartOf(part, whole float64, cases string) string {
	if above, below, quotient := strings.Cut(cases, ", "); quotient {
		return humanize.Value(part, above) + " in " + humanize.Value(whole, below)
	}
	return humanize.Number(part) + " of " + humanize.Value(whole, cases)
}

// SampleWords returns what the number rests on: "60 of 1,000 commands", "5.4 of 39.4
// users a day", "sample 7 answers", "207 in total"; empty where nothing is known of it.
func (v Verdict) SampleWords() string {
	switch {
	case v.Part != nil && v.Whole != nil:
		text := PartOf(*v.Part, *v.Whole, v.Cases)
		if v.Unit == "%" && !strings.HasSuffix(v.Cases, " a day") && (*v.Part != math.Trunc(*v.Part) || *v.Whole != math.Trunc(*v.Whole)) {
			text += " a day" // cases are whole, means over days are not
		}
		return text
	case v.Sample != nil && (v.Unit == "stars" || v.Unit == "forks" || v.Unit == "watchers"):
		return humanize.Number(*v.Sample) + " in total"
	case v.Sample != nil:
		return "sample " + humanize.Value(*v.Sample, v.Cases)
	}
	return ""
}

// cases is what the number rests on, and the interval of a share.
func (v Verdict) cases() string {
	var said []string
	if sample := v.SampleWords(); sample != "" {
		said = append(said, sample)
	}
	if v.Low != nil && v.High != nil {
		said = append(said, fmt.Sprintf("%s CI %s–%s%%", v.Confidence, humanize.Number(*v.Low), humanize.Number(*v.High)))
	}
	return strings.Join(said, ", ")
}

var opWords = map[string]string{"<": "below ", "<=": "at most ", ">": "above ", ">=": "at least ", "=": "", "!=": "other than "}

// Words is the bound in words: "below 100 ms", "at least 80%". The unit
// is the metric's.
func (b Bound) Words(unit string) string {
	if b.IsZero() || b.Op == "growing" {
		return b.Op
	}
	if b.Unit != "" {
		unit = b.Unit
	}
	s := opWords[b.Op] + humanize.Unit(humanize.Exact(b.Value), unit)
	if b.Of != "" {
		s += " for " + b.Of
	}
	return s
}
