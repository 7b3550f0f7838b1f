package snapshot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/store"
)

const day = 24 * time.Hour

// lose takes away the facts, as a cache that was not asked for is lost.
func (s *stage) lose(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(s.dir, ".aftercare")); err != nil {
		t.Fatal(err)
	}
}

// heard tells how often each channel was told of something for the first time.
func (s *stage) heard() (alerts, monitoring int) {
	for _, said := range s.said("#caro-alerts") {
		if !strings.Contains(said, "no response") {
			alerts++
		}
	}
	return alerts, len(s.said("#caro-monitoring"))
}

// However long no run came, and whether or not the facts were lost meanwhile, what
// is urgent is told, and once.
func TestAnOutageLosesNothingUrgent(t *testing.T) {
	for i, c := range []struct {
		name   string
		outage time.Duration
		lost   bool
	}{{"eight days", 8 * day, false}, {"eight days, and the facts are lost", 8 * day, true}, {"fifty days", 50 * day, false}, {"fifty days, and the facts are lost", 50 * day, true}} {
		if testing.Short() && i%3 > 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			s := talkingStage(t)
			s.must(t)
			s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
			s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
			s.world.Advance(c.outage)
			if c.lost {
				s.lose(t)
			}
			for range 3 {
				s.must(t)
				s.world.Advance(time.Hour)
				s.must(t, "-priority", "P0")
			}
			s.world.Advance(91 * day) // the memory has forgotten it
			s.must(t)
			s.lose(t)
			s.must(t)
			if alerts, monitoring := s.heard(); alerts != 1 || monitoring != 1 {
				t.Errorf("alerts heard %q, monitoring %q", s.said("#caro-alerts"), s.said("#caro-monitoring"))
			}
		})
	}
}

// A run dies between reading and telling, and none comes for ten days.
func TestARunThatDiesBeforeAnOutageLosesNothing(t *testing.T) {
	s := talkingStage(t)
	s.must(t)
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	s.world.Fail(fake.Fault{On: "github", Path: "/git/", Do: fake.Unavailable})
	if got := s.run(t); got.code == 0 {
		t.Fatal("the run should have failed")
	}
	s.world.Heal()
	s.world.Advance(10 * day)
	s.must(t, "-priority", "P0") // it reads no mentions, and loses none
	s.must(t)
	s.must(t)
	if alerts, monitoring := s.heard(); alerts != 1 || monitoring != 1 {
		t.Errorf("alerts heard %q, monitoring %q", s.said("#caro-alerts"), s.said("#caro-monitoring"))
	}
}

// What was there before anybody looked is no news: not at first, not when the
// facts are lost, and not when the routes change. What grows after that is.
func TestWhatWasThereBeforeIsNoNews(t *testing.T) {
	s := talkingStage(t)
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	small := s.world.Social.Say("hackernews", "ben", "Caro CLI again", "", 60)
	s.world.Advance(8 * day)
	quiet := func(when string) {
		t.Helper()
		s.must(t)
		s.world.Advance(time.Hour)
		s.must(t)
		if alerts, monitoring := s.heard(); alerts != 0 || monitoring != 0 {
			t.Fatalf("%s alerts heard %q, monitoring %q", when, s.said("#caro-alerts"), s.said("#caro-monitoring"))
		}
	}
	quiet("at first")
	s.lose(t)
	quiet("after the facts were lost")
	s.put(t, "rules.yaml", strings.Replace(talking, "score: 100", "score: 50", 1))
	quiet("after a route was changed")
	s.world.Social.Score(small, 70)
	s.must(t)
	s.must(t)
	if alerts, monitoring := s.heard(); alerts != 0 || monitoring != 1 {
		t.Errorf("alerts heard %q, monitoring %q", s.said("#caro-alerts"), s.said("#caro-monitoring"))
	}
}

// A source that is named later begins with what is young.
func TestASourceThatIsNamedLater(t *testing.T) {
	s := newStage(t, strings.Replace(talking, "hackernews: caro cli, ", "", 1))
	s.telemetry(t, 40, 0)
	s.must(t)
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	s.world.Advance(9 * day)
	s.world.Social.Say("hackernews", "ann", "Caro CLI, a week later", "", 200)
	s.must(t)
	s.put(t, "rules.yaml", talking)
	s.must(t)
	s.must(t)
	if said := s.said("#caro-monitoring"); len(said) != 1 || !strings.Contains(said[0], "200 points") {
		t.Errorf("monitoring heard %q", said)
	}
}

// Another key names mails otherwise, and tells nothing again.
func TestAnotherKeyTellsNothingAgain(t *testing.T) {
	s := talkingStage(t)
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	for _, key := range []string{"", "first", "second first", "second,first"} {
		s.env["AFTERCARE_KEY"] = key
		s.must(t)
		s.world.Advance(time.Hour)
		s.lose(t)
	}
	if alerts, _ := s.heard(); alerts != 1 {
		t.Errorf("alerts heard %q", s.said("#caro-alerts"))
	}
}

// However much came before, what comes is told.
func TestAFullMailboxIsGoneThrough(t *testing.T) {
	facts, _, err := store.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = facts.Close() })
	w := &world{store: facts, App: &app.App{Env: &runner.Env{}}}
	const many = 2*atOnce + 10
	rows := make([]model.Row, many)
	for n := range rows {
		rows[n] = model.MailRow{ID: fmt.Sprintf("%016x", n), At: time.Unix(0, 0), Labels: []string{"bug"}}
	}
	if err := facts.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	seen := map[any]bool{}
	if err := w.each(t.Context(), "SELECT id FROM mail ORDER BY id", func(row []any) { seen[row[0]] = true }); err != nil || len(seen) != many {
		t.Errorf("%d of %d, %v", len(seen), many, err)
	}
}
