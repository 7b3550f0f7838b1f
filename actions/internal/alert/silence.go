package alert

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Silenced keeps channels quiet about metrics or labels for a time; pages show it.
type Silenced struct {
	// Metric is a metric id, or a list of them, of which nobody is notified.
	Metric model.Names `yaml:"metric"`
	// Label is a label, or a list of them, of which nobody is notified.
	Label model.Names `yaml:"label"`
	// Until is the last day of the silence, inclusive, in UTC. Required.
	Until model.Date `yaml:"until"`
	// Reason says why nobody needs to be notified. Required.
	Reason string `yaml:"reason"`
	// Who is the person who decided it. Required.
	Who string `yaml:"who"`
}

// maxReason is how long a reason may be, in bytes.
const maxReason = 200

// Validate finds what is wrong with a silence.
func (s Silenced) Validate(known Known) []diag.Mistake {
	var found []diag.Mistake
	for _, n := range []struct {
		key, kind    string
		given, known []string
	}{{"metric", "metric", s.Metric, known.Metrics}, {"label", "label", s.Label, known.Labels}} {
		for i, name := range n.given {
			if contains(n.known, name) {
				continue
			}
			path := []any{n.key, i}
			if len(n.given) == 1 {
				path = path[:1]
			}
			found = append(found, diag.At(path, "%s", diag.Unknown(n.kind, name, n.known)))
		}
	}
	if len(s.Metric)+len(s.Label) == 0 {
		found = append(found, diag.At(nil, "a silence needs `metric` or `label`: what is silenced"))
	}
	if s.Until.IsZero() || s.Reason == "" || s.Who == "" {
		found = append(found, diag.At(nil, "a silence needs `until`, `reason` and `who`"))
	}
	if len(s.Reason) > maxReason {
		found = append(found, diag.At([]any{"reason"}, "must be at most %d bytes", maxReason))
	}
	return found
}

// IsOver reports whether the last day of the silence has passed.
func (s Silenced) IsOver(now time.Time) bool { return !now.Before(s.Until.AddDate(0, 0, 1)) }

// Silences are those of rules.yaml.
type Silences []Silenced

// Active returns those that hold at a time.
func (all Silences) Active(now time.Time) Silences {
	return slices.DeleteFunc(slices.Clone(all), func(s Silenced) bool { return s.IsOver(now) })
}

// OfMetrics leaves out the news of silenced metrics. What a silence held back is
// told when it is over, where it still lasts; that something is over is told at once.
func (all Silences) OfMetrics(news []MetricNews, now time.Time) []MetricNews {
	active := all.Active(now)
	return slices.DeleteFunc(slices.Clone(news), func(n MetricNews) bool {
		return n.Notice == nil && n.Kind != Recovered && slices.ContainsFunc(active, func(s Silenced) bool { return contains(s.Metric, n.Metric) })
	})
}

// Ends returns when the first of the silences is over that hold now for one of an
// issue's labels; zero where none does.
func (all Silences) Ends(labels []string, now time.Time) time.Time {
	var first time.Time
	for _, s := range all.Active(now) {
		if slices.ContainsFunc(labels, func(label string) bool { return contains(s.Label, label) }) {
			first = Earlier(first, s.Until.AddDate(0, 0, 1))
		}
	}
	return first
}

// Labels leaves out the silenced labels of an issue.
func (all Silences) Labels(labels []string, now time.Time) []string {
	active := all.Active(now)
	return slices.DeleteFunc(slices.Clone(labels), func(label string) bool {
		return slices.ContainsFunc(active, func(s Silenced) bool { return contains(s.Label, label) })
	})
}
