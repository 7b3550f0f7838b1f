package report

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The worst alert without a response comes first, then mail that waits, then an alert that
// lasts, then what is off target, then a source with an error.
func TestNext_NamesWhatIsMostUrgent(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	told := alert.MetricTold{At: since, Kind: alert.Firing, State: alert.Sent, By: "slack", Ref: "1", Respond: 4 * time.Hour}
	waiting := alert.Fired{Metric: yanked, Episode: alert.Episode{Began: since, Since: since, Level: verdict.Critical, Told: []alert.MetricTold{told}}}
	taken := waiting
	taken.Answered, taken.Answerer = since.Add(time.Minute), "lena"
	mail := alert.Fired{Metric: "mail:1", Notice: &alert.Notice{Labels: []string{"privacy"}}, Episode: alert.Episode{Began: since, Since: since, Told: []alert.MetricTold{told}}}
	mail.Told[0].Respond = time.Hour
	one := 1.0
	withdrawn := Entry{Definition: metric.Definition{ID: yanked}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: yanked, Level: verdict.OK, Number: verdict.Number{Value: &one}}}
	waits := Entry{Definition: metric.Definition{ID: "unanswered_issues"}.Whole(), Reading: metric.Reading{Value: &one, From: now, Until: now}, Verdict: verdict.Verdict{Metric: "unanswered_issues", Level: verdict.Watch, Number: verdict.Number{Value: &one}}}
	broken := []model.Gap{{Source: "surveys", Reason: "the file cannot be read", Hint: "save it as UTF-8."}}
	clock := func(t time.Time) string { return t.Format("2 Jan 15:04") + " UTC" }
	for name, c := range map[string]struct {
		day  Day
		want string
	}{
		"an alert waits": {Day{Fired: []alert.Fired{mail, waiting}, Entries: []Entry{withdrawn, waits}},
			"Respond to Yanked versions (due " + clock(since.Add(4*time.Hour)) + "): Find who withdrew the version, and publish one that replaces it"},
		"a mail waits": {Day{Fired: []alert.Fired{taken, mail}, Entries: []Entry{withdrawn, waits}},
			"Respond to the mail of " + clock(since) + ": Mail labelled privacy (late, due " + clock(since.Add(time.Hour)) + ")"},
		"an alert lasts":    {Day{Fired: []alert.Fired{taken}, Entries: []Entry{withdrawn, waits}}, "Follow up with lena on Yanked versions"},
		"one is off target": {Day{Entries: []Entry{withdrawn, waits}, Gaps: broken}, "Triage the issues that wait for a first response (Unanswered issues (over 24h): 1)"},
		"a source fails":    {Day{Entries: []Entry{withdrawn}, Gaps: broken}, "Repair the source surveys: save it as UTF-8"},
		"all is well":       {Day{Entries: []Entry{withdrawn}}, "None: no alert is active, and every metric with data is on target"},
		"nothing is known":  {Day{}, "Connect a source of data: no metric tells how the release does yet"},
		"measured later":    {Day{Fired: []alert.Fired{waiting}, Afterwards: "2 Feb"}, ""},
	} {
		c.day.Now = now
		if got := c.day.next(); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
