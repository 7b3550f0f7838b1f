package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/audit"
)

// No two pages of one commit give different values or levels for the same metric
// and window, the headline counts what the tables show, and action items follow
// the same verdicts: for histories that are drawn at random.
func TestPagesAgree(t *testing.T) {
	seeds, days := 4, 9
	if testing.Short() {
		seeds, days = 1, 3
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s, err := open(&teller{out: &bytes.Buffer{}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.close)
			draw := rand.New(rand.NewPCG(uint64(seed), 17))
			s.world.Crates.Publish("caro", "1.0.0")
			s.world.Crates.Publish("caro", "1.1.0-beta")
			from := draw.IntN(7) // so that weeks begin at other days of the release
			for n := from; n < from+days; n++ {
				if err := chance(t, s, draw, n); err != nil {
					t.Fatal(err)
				}
			}
			audited(t, s, "value", "level", "sample", "interval", "share", "count", "off target", "status")
			agreed(t, s)
		})
	}
}

// texts are what people open issues with; what they are labelled is triage's
// matter.
var texts = []string{
	"Installation fails on Fedora", "It crashes: thread 'main' panicked", "Add support for elvish", "How do I update?", "All my files were deleted", "It works well",
	"The export contains my password", "Wrong commands since the update", "Typo in the docs",
}

// chance is one day of a random history: issues, answers, use of any quality,
// downloads, mail, yanks, and then the runs of the day.
func chance(t *testing.T, s *stage, draw *rand.Rand, n int) error {
	t.Helper()
	morning := shipped.AddDate(0, 0, n)
	s.world.SetNow(morning.Add(6 * time.Hour))
	for i := range draw.IntN(4) {
		s.world.Advance(time.Duration(1+draw.IntN(90)) * time.Minute)
		author := fmt.Sprintf("user-%d-%d", n, i)
		if err := s.opened(t.Context(), author, texts[draw.IntN(len(texts))], "Seen today."); err != nil {
			return err
		}
		for _, do := range []func(){
			func() { s.repo.Comment("omar", s.issues[author], "Thank you.") }, func() { s.repo.CloseIssue("omar", s.issues[author]) }, func() { s.repo.React(s.issues[author], "+1", 1+draw.IntN(5)) },
		} {
			if draw.IntN(2) == 0 {
				do()
			}
		}
	}
	if draw.IntN(4) == 0 {
		s.world.Inbox.Deliver(fmt.Sprintf("From: a%d@mail.example\nTo: beta@caro.example\nSubject: %s\n\nSeen today.\n", n, texts[draw.IntN(len(texts))]))
	}
	if draw.IntN(5) == 0 {
		s.world.Crates.Yank("caro", "1.1.0-beta")
	} else {
		s.world.Crates.Unyank("caro", "1.1.0-beta")
	}
	evening := morning.Add(18*time.Hour + 17*time.Minute)
	s.world.SetNow(evening)
	s.world.Crates.Download("caro", "1.1.0-beta", evening, draw.IntN(400))
	w := &writer{from: morning, until: evening, draw: draw, n: n}
	use := day{people: draw.IntN(60), success: draw.Float64(), crashes: draw.Float64() * draw.Float64() / 4, version: []string{"1.1.0-beta", "1.1.1-beta"}[draw.IntN(2)]}
	for i := range use.people {
		w.person(i, use)
	}
	if err := s.put(exportName(n), w.out.Bytes()); err != nil {
		return err
	}
	if err := s.put("surveys/beta.csv", survey(n)); err != nil {
		return err
	}
	return runsOf(t, s, n)
}

// runsOf are the runs of a day: the snapshot of the evening, at times a sweep or
// the gate, and on Mondays the digest.
func runsOf(t *testing.T, s *stage, n int) error {
	t.Helper()
	if err := s.snapshot(t.Context()); err != nil {
		return err
	}
	if n%3 == 0 {
		s.world.Advance(2 * time.Hour)
		if err := s.snapshot(t.Context(), "-priority", "P0"); err != nil {
			return err
		}
	}
	if n%2 == 0 {
		s.world.Advance(time.Hour)
		if err := s.gate(t.Context()); err != nil {
			return err
		}
	}
	if shipped.AddDate(0, 0, n+1).Weekday() != time.Monday {
		return nil
	}
	s.world.SetNow(shipped.AddDate(0, 0, n+1).Add(17 * time.Minute))
	if err := s.snapshot(t.Context()); err != nil {
		return err
	}
	s.world.Advance(6 * time.Hour)
	return s.digest(t.Context())
}

// first is the figure with which a cell begins.
var first = regexp.MustCompile(`^[^\n,]*`)

// agreed compares the pages of each commit with one another, whatever the readings
// say: those of today, of the day, and the charts.
func agreed(t *testing.T, s *stage) {
	t.Helper()
	metrics, compared := plannedMetrics(t, s), 0
	for _, c := range s.repo.Log("main") {
		folder := reportsOf(s, c.SHA)
		got, err := audit.Readings(folder, metrics)
		if err != nil {
			continue // before the first snapshot
		}
		today := ""
		for name := range folder {
			if strings.HasPrefix(name, "20") && strings.Count(name, "-") == 2 && name > today {
				today = name // the newest page of a day, which is as old as that of today
			}
		}
		for _, name := range []string{"README.md", today} {
			counted(t, c.At.Format("2 Jan 15:04")+": "+name, string(folder[name].Data))
		}
		shown := map[string]audit.Figure{}
		for _, f := range got.Figures {
			if f.Page != "README.md" && f.Page != "index.html" && f.Page != today || f.What != "value" && f.What != "level" || f.Window == "" && f.What == "value" {
				continue
			}
			key := f.Title + "/" + f.Window + "/" + f.Key + "/" + f.What
			before, seen := shown[key]
			if !seen {
				shown[key] = f
				continue
			}
			compared++
			if f.What == "value" && strings.ContainsAny(f.Shown[:1], "0123456789-") && first.FindString(f.Shown) != first.FindString(before.Shown) && strings.ContainsAny(before.Shown[:1], "0123456789-") && f.Page != before.Page {
				t.Errorf("%s: %s shows %s (%s) as %q, and %s as %q", c.At.Format("2 Jan 15:04"), f.Page, f.Title, f.Window, f.Shown, before.Page, before.Shown)
			}
			if f.What == "level" && levelNames[f.Shown] != levelNames[before.Shown] {
				t.Errorf("%s: %s says of %s (%s) %q, and %s %q", c.At.Format("2 Jan 15:04"), f.Page, f.Title, f.Window, f.Shown, before.Page, before.Shown)
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d figures that stand on two pages were compared", compared)
	}
}

var levelNames = map[string]string{
	"🔴": "critical", "critical": "critical", "🟠": "warning", "warning": "warning", "🟡": "off target", "off target": "off target",
	"🟢": "on target", "on target": "on target", "⚪": "no data", "no data": "no data", "–": "–", "no comparison": "–",
}

// signOf is the level of a row of a table of metrics.
var (
	signOf    = regexp.MustCompile(`^\| (🔴|🟠|🟡|🟢|⚪|–) \| \[?[^*|]`)
	tallied   = map[string]*regexp.Regexp{"🔴": regexp.MustCompile(`(\d+) critical`), "🟠": regexp.MustCompile(`(\d+) warnings?`), "🟡": regexp.MustCompile(`(\d+)(?: more)? of \d+ metrics off target`)}
	tallyLine = regexp.MustCompile(`(?m)^.*\d+(?: more)? of \d+ metrics? .*$|^.*\d+ (?:critical|warnings?) · .*$`)
)

// counted holds the headline of a page to its tables of all metrics: as many rows have
// each level as it counts. A window beside a metric's own has no level.
func counted(t *testing.T, where, page string) {
	t.Helper()
	_, tables, found := strings.Cut(page, "<details")
	if !found {
		return
	}
	rows := map[string]int{}
	for line := range strings.Lines(tables) {
		if m := signOf.FindStringSubmatch(line); m != nil {
			rows[m[1]]++
		}
	}
	first := tallyLine.FindString(page)
	for sign, form := range tallied {
		n := 0
		if m := form.FindStringSubmatch(first); m != nil {
			fmt.Sscan(m[1], &n)
		}
		if n != rows[sign] {
			t.Errorf("%s: %d rows are %s, and the headline says %q", where, rows[sign], sign, first)
		}
	}
}
