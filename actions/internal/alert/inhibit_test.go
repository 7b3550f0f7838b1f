package alert

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// While the cause is critical, its consequences are quiet; what still lasts when it is
// over is told then, and what is over is told at once.
func TestInhibitions_KeepQuietWhileTheCauseIsCritical(t *testing.T) {
	all := Inhibitions{{While: "m0", Quiet: model.Names{"m1", "m2"}}}
	m, routes := Memory{}, []Route{{Level: "warning", To: model.Names{"monitoring"}}}
	at := now
	for _, step := range []struct{ levels, want string }{
		{"warn warn ok", "firing m0 monitoring/slack; firing m1 monitoring/slack"}, // a warning keeps nobody quiet
		{"crit warn warn", "worse m0 monitoring/slack in ref"},
		{"crit ok warn", "recovered m1 monitoring/slack in ref"},
		{"ok ok warn", "recovered m0 monitoring/slack in ref; firing m2 monitoring/slack"},
	} {
		at = at.Add(25 * time.Hour)
		m = fired(m, at, levelsOf(strings.Fields(step.levels))...)
		due, _ := m.Due(routes, metricChannels, "1/1", at)
		news := all.OfMetrics(due, m)
		if got := said(news); got != step.want {
			t.Errorf("%s: %q, want %q", step.levels, got, step.want)
		}
		m, news = m.Claim(news, "1/1", at)
		for _, n := range news {
			m = m.Sent(n, "1/1", "ref", at)
		}
	}
	quiet := fired(Memory{}, now, levelsOf([]string{"crit", "warn", "ok"})...)
	if got := all.Active(quiet); len(got) != 1 || got[0] != (Inhibited{"m1", "m0"}) {
		t.Errorf("active: %+v", got)
	}
	// It is over and began again: the end is told, the beginning waits.
	news := []MetricNews{{Metric: "m1", Kind: Recovered}, {Metric: "m1", Kind: Firing}}
	if got := all.OfMetrics(news, quiet); len(got) != 1 || got[0].Kind != Recovered {
		t.Errorf("of what ended and began: %+v", got)
	}
}
