package report

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

// The digest tells what the notifications of the week cost of the time planned,
// and counts neither those of other weeks nor alerts that no channel was told of.
func TestWeek_LoadAgainstTheTimePlanned(t *testing.T) {
	from := time.Date(2026, 1, 26, 0, 0, 0, 0, time.UTC)
	told := []alert.MetricTold{{Channel: "engineering", State: alert.Sent, Kind: alert.Firing}}
	began := func(hours int, told []alert.MetricTold) alert.Fired {
		at := from.Add(time.Duration(hours) * time.Hour)
		return alert.Fired{Metric: "crash_rate", Episode: alert.Episode{Since: at, Began: at, Told: told}}
	}
	w := Week{From: from, Until: from.AddDate(0, 0, 7), Days: 7, Fired: []alert.Fired{began(1, told), began(30, told), began(40, told), began(50, nil), began(-2, told), began(200, told)}}
	want := "Alert load: 3 notifications of metrics, mail and mentions, about 45m if each takes 15 minutes; the team plans 2–3 hours a week for the whole watch. Urgent issues are not among them."
	if got := w.load(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if page := Digest(w); !strings.Contains(page, "\n"+want+"\n") {
		t.Errorf("the digest lacks the load:\n%s", page)
	}
	if got := (Week{From: from, Until: w.Until}).load(); got != "" {
		t.Errorf("a quiet week says %q", got)
	}
	month := Month{From: from, Days: 28, Fired: w.Fired[:3]}
	if got, want := month.load(), ", about 15m a week if each takes 15 minutes; the team plans 2–3 hours a week for the whole watch."; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want the end %q", got, want)
	}
}

// The page of a metric says what to keep in mind beside its bands.
func TestMetricPage_BandsWithNote(t *testing.T) {
	opt, _ := metric.Find("telemetry_opt_out_rate")
	e := Entry{Definition: opt}
	page := MetricPage(Day{Entries: []Entry{e}}, opt.ID)
	for _, want := range []string{"concerning &lt;= 50%", "Security engineers are expected to opt out."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
