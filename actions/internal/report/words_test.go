package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func TestNewsInAFewWords(t *testing.T) {
	for _, c := range []struct {
		news alert.MetricNews
		want string
	}{
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Firing, Level: verdict.Critical}, "p0_bugs is critical"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Reminder, Level: verdict.Critical}, "nobody has answered: p0_bugs"},
		{alert.MetricNews{Metric: "p0_bugs", Kind: alert.Recovered}, "p0_bugs has recovered"},
		{alert.MetricNews{Metric: "nps", Kind: alert.Blind, With: []alert.Silence{{Metric: "satisfaction"}}}, "nps, satisfaction: unknown for more than a day"},
		{alert.MetricNews{Metric: "mention:hackernews:46000000", Kind: alert.Firing, Notice: &alert.Notice{Score: 286}}, "286 points on Hacker News"},
		{alert.MetricNews{Metric: "mail:7", Kind: alert.Reminder, Notice: &alert.Notice{Labels: []string{"P0", "privacy-leak"}}}, "nobody has answered: a mail, P0, privacy-leak"},
	} {
		if got := News(c.news); got != c.want {
			t.Errorf("%+v: %q, want %q", c.news, got, c.want)
		}
	}
}

// A number that misses its bound does not look like it.
func TestAFigureIsToldApartFromItsBound(t *testing.T) {
	bound, err := verdict.ParseBound(">= 3")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[float64]string{2.96: "2.96 commands", 2.9999: "2.9999 commands", 3: "3 commands", 2.94: "2.9 commands", -0.004: "0 commands"} {
		if got := Figure(verdict.Verdict{Number: verdict.Number{Value: &value}, Unit: "commands", Bound: bound}); got != want {
			t.Errorf("%g: %q, want %q", value, got, want)
		}
	}
}

// A day past the warning is none past critical.
func TestWhatHappenedCountsEachLevel(t *testing.T) {
	monday := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	var history []metric.Reading
	for i, level := range []verdict.Level{verdict.OK, verdict.OK, verdict.Warning, verdict.Critical, verdict.OK} {
		history = append(history, metric.Reading{At: monday.AddDate(0, 0, i), Verdict: string(level), Reason: "so it is"})
	}
	var b strings.Builder
	happened(&b, Week{Last: []Entry{{Definition: metric.Definition{ID: "crash_rate"}, History: history}}})
	if want := "**crash_rate** was critical on 1 day and past its warning on 1 more day, and is over: so it is on Thursday"; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant %s", b.String(), want)
	}
}
