package alert

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Inhibition keeps alerts quiet while another one explains them.
type Inhibition struct {
	// While is the metric whose alert explains the others. Required.
	While string `yaml:"while"`
	// Level is the least level of that alert: warning or critical; default: critical.
	Level string `yaml:"level" jsonschema:"enum=warning,enum=critical"`
	// Quiet is a metric id, or a list of them, of which nobody is notified meanwhile. What still lasts
	// afterwards is sent then. Required.
	Quiet model.Names `yaml:"quiet"`
}

// Inhibitions are those of rules.yaml.
type Inhibitions []Inhibition

// Inhibited is a metric that fires, and of which nobody is notified.
type Inhibited struct{ Metric, While string }

// Validate finds metrics that do not exist, and inhibitions in a circle: each would
// keep the other quiet, and nobody would be notified of either.
func (all Inhibitions) Validate(metrics []string) []diag.Mistake {
	var found []diag.Mistake
	for i, in := range all {
		add := func(path []any, format string, args ...any) {
			found = append(found, diag.At(append([]any{i}, path...), format, args...))
		}
		if in.While == "" || len(in.Quiet) == 0 {
			add(nil, "an inhibition needs `while`, the metric that explains the others, and `quiet`, the others")
			continue
		}
		if in.Level != "" && in.Level != "warning" && in.Level != "critical" {
			add([]any{"level"}, "%s", diag.Unknown("level", in.Level, []string{"warning", "critical"}))
		}
		if !contains(metrics, in.While) {
			add([]any{"while"}, "%s", diag.Unknown("metric", in.While, metrics))
		}
		for j, id := range in.Quiet {
			path := []any{"quiet", j}
			if len(in.Quiet) == 1 {
				path = path[:1]
			}
			switch circle := all[:i+1].path(id, in.While, nil); {
			case !contains(metrics, id):
				add(path, "%s", diag.Unknown("metric", id, metrics))
			case id == in.While:
				add(path, "%s cannot keep itself quiet", id)
			case circle != nil:
				add(path, "a circle: %s keeps quiet %s: each would keep the next one quiet, and nobody would be notified", strings.Join(circle, " keeps quiet "), id)
			}
		}
	}
	return found
}

// path is how one metric keeps another quiet, over others where need be; nil where it
// does not.
func (all Inhibitions) path(from, to string, seen []string) []string {
	if slices.Contains(seen, from) {
		return nil
	}
	seen = append(seen, from)
	if from == to {
		return seen
	}
	for _, in := range all {
		if in.While != from {
			continue
		}
		for _, next := range in.Quiet {
			if found := all.path(next, to, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

// Active are the metrics that something keeps quiet now, and fire, with the first
// that does.
func (all Inhibitions) Active(m Memory) []Inhibited {
	var active []Inhibited
	for _, in := range all {
		e, fires := m.Firing(in.While)
		if !fires || e.Level != verdict.Critical && in.Level != string(verdict.Warning) {
			continue
		}
		for _, id := range in.Quiet {
			_, also := m.Firing(id)
			if also && !slices.ContainsFunc(active, func(i Inhibited) bool { return i.Metric == id }) {
				active = append(active, Inhibited{id, in.While})
			}
		}
	}
	return active
}

// Over returns the metric whose alert kept another one quiet that fired, by the alerts
// of the same time, and reports whether there is one.
func (all Inhibitions) Over(f Fired, fired []Fired) (while string, found bool) {
	for _, in := range all {
		if f.Notice != nil || !contains(in.Quiet, f.Metric) {
			continue
		}
		if slices.ContainsFunc(fired, func(other Fired) bool {
			return other.Metric == in.While && other.overlaps(f) && (other.Level == verdict.Critical || in.Level == string(verdict.Warning))
		}) {
			return in.While, true
		}
	}
	return "", false
}

// overlaps reports whether two alerts lasted at one time.
func (f Fired) overlaps(other Fired) bool {
	return (f.open() || f.Ended.After(other.Began)) && (other.open() || other.Ended.After(f.Began))
}

// OfMetrics leaves out the news of what is kept quiet. That something is over is told
// at once.
func (all Inhibitions) OfMetrics(news []MetricNews, m Memory) []MetricNews {
	active := all.Active(m)
	return slices.DeleteFunc(slices.Clone(news), func(n MetricNews) bool {
		return n.Notice == nil && n.Kind != Recovered && slices.ContainsFunc(active, func(i Inhibited) bool { return i.Metric == n.Metric })
	})
}
