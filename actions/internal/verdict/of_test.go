package verdict

import (
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

func TestOf(t *testing.T) {
	two, half, five := 2.0, 50.0, 5.0
	rate := metric.Reading{Metric: "crash_rate", Unit: "%", Value: &half, Part: &two, Whole: &five, Previous: &five}
	over := Thresholds{Warning: mustBound("> 20%")}
	if v := Judge(Of(rate, nil, false), over, Default); v.Reason != TooFew || v.Low == nil {
		t.Errorf("two of five: %s, %s", v.Level, v.Sentence())
	}
	if v := Judge(Of(rate, nil, true), over, Default); v.Level != Warning {
		t.Errorf("as a count: %s", v.Level)
	}
	keyed := metric.Reading{Metric: "platform_failures", Unit: "%", Values: []metric.Entry{{Key: "linux", Value: &five}, {Key: "macos", Value: &half}}}
	if v := Judge(Of(keyed, nil, false), Thresholds{Warning: mustBound("> 20% any")}, Default); v.Level != Warning || v.Key != "macos" {
		t.Errorf("a breakdown: %s %s", v.Level, v.Key)
	}
	if v := Judge(Of(metric.Reading{Metric: "x", Reason: "it is down"}, nil, false), over, Default); v.Level != Unknown || v.Why != "it is down" {
		t.Errorf("unknown: %s, %s", v.Level, v.Why)
	}
}

func mustBound(s string) Bound {
	b, err := ParseBound(s)
	if err != nil {
		panic(err)
	}
	return b
}
