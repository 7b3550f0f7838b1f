package snapshot

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
)

// runLimited runs the program with limits and readers of a test's own.
func (s *stage) runLimited(t *testing.T, l limits, r reads) outcome {
	t.Helper()
	p := shipped
	p.limits, p.reads = l, r
	return s.program(t, "snapshot", p.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"})
}

// slowly is how mails are read, but for those whose subject is slow: they wait.
func slowly(wait func(context.Context)) func(context.Context, collect.Mail) (understood, error) {
	w := &world{limits: limits{}.orUsual()}
	return func(ctx context.Context, m collect.Mail) (understood, error) {
		l, err := m.Letter(ctx, w.limits.mail)
		if err != nil {
			return understood{}, err
		}
		if strings.Contains(l.Subject, "slow") {
			wait(ctx)
			return understood{}, ctx.Err()
		}
		u := understood{letter: l}
		if strings.Contains(l.Subject, "leaked") {
			u.labels = []string{"privacy-leak"}
		}
		return u, nil
	}
}

// A mail that takes too long to read is named, counted and passed over, whether or
// not its reading can be stopped, and what came behind it is heard.
func TestMail_TooSlowIsPassedOver(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	for name, c := range map[string]struct {
		wait func(context.Context)
		runs int // until the mail behind it is heard
	}{
		"and stops when told to": {func(ctx context.Context) { <-ctx.Done() }, 1},
		"and cannot be stopped":  {func(context.Context) { <-hang }, 2},
		"and breaks its reader":  {func(context.Context) { panic("a fault") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := talkingStage(t)
			s.world.Inbox.Deliver(mailOf("slow", "x"))
			s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
			s.world.Advance(time.Minute)
			var said string
			for n := range c.runs {
				if told := s.said("#caro-alerts"); len(told) != 0 {
					t.Fatalf("run %d: alerts heard %q", n, told)
				}
				got := s.runLimited(t, limits{mail: 100 * time.Millisecond}, reads{words: slowly(c.wait)})
				if got.code != 0 {
					t.Fatalf("exit %d: %s", got.code, got.stderr)
				}
				said += got.stdout
			}
			if told := s.said("#caro-alerts"); len(told) != 1 {
				t.Errorf("alerts heard %q", told)
			}
			contains(t, "the log", said, "a mail could not be read and was passed over (UID 1 of 2026-")
			contains(t, "the page", s.report("README.md"), "`unread` 1")
			again := s.runLimited(t, limits{}, reads{})
			if again.code != 0 || strings.Contains(again.stdout, "passed over") {
				t.Errorf("it is read again: %s", again.stdout)
			}
		})
	}
}

// An export that takes too long does not keep what its sender wrote from being heard.
func TestMail_SlowExportKeepsItsWords(t *testing.T) {
	s := talkingStage(t)
	s.world.Inbox.Deliver(enclosed("Subject: my address was leaked\n", "see the export", [2]string{s.mailedEvents(3, map[string]string{"session_start": `"version":"1"`}), asJSON}))
	got := s.runLimited(t, limits{mail: 100 * time.Millisecond}, reads{exports: func(ctx context.Context, _ [][]byte, _ time.Time) (collect.Mailed, error) {
		<-ctx.Done()
		return collect.Mailed{}, ctx.Err()
	}})
	if told := s.said("#caro-alerts"); got.code != 0 || len(told) != 1 {
		t.Errorf("exit %d, alerts heard %q", got.code, told)
	}
	contains(t, "the log", got.stdout, "the telemetry of a mail could not be read in time and was passed over (UID 1 of 2026-")
	contains(t, "the page", s.report("README.md"), "<br><sub>24 hours</sub> | 40<br>")
}

// While a mail is read for long, others are told; what it says is told in the same
// run all the same.
func TestMail_LongReadingKeepsNobodyWaiting(t *testing.T) {
	s := talkingStage(t)
	s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
	s.world.Inbox.Deliver(mailOf("slow", "x"))
	s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
	waited := false
	got := s.runLimited(t, limits{mail: time.Minute, mailWait: 50 * time.Millisecond}, reads{words: slowly(func(context.Context) {
		for n := 0; len(s.said("#caro-monitoring")) == 0; n++ {
			if waited = n > 400; waited {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
	})})
	if waited {
		t.Error("others waited for the mail")
	}
	if alerts, monitoring := s.said("#caro-alerts"), s.said("#caro-monitoring"); got.code != 0 || len(alerts) != 1 || len(monitoring) != 1 {
		t.Errorf("exit %d, alerts heard %q, monitoring %q", got.code, alerts, monitoring)
	}
	contains(t, "the log", got.stdout, "mailbox: it takes longer than 50ms")
	for range 2 {
		s.world.Advance(time.Minute)
		s.must(t)
	}
	if alerts, monitoring := s.said("#caro-alerts"), s.said("#caro-monitoring"); len(alerts) != 1 || len(monitoring) != 1 {
		t.Errorf("told again: alerts heard %q, monitoring %q", alerts, monitoring)
	}
}

// A small attachment that unpacks to megabytes of what finders look for is refused,
// and keeps neither its mail nor others from being heard.
func TestMail_PackedRepetitionIsRefused(t *testing.T) {
	s := talkingStage(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range 3 {
		_, _ = io.WriteString(z, `{"id":"1","session_id":"1","timestamp":"2026-01-24T08:00:00Z","type":"session_start","version":"`+strings.Repeat("token=", 1<<20/6)+"\"}\n")
	}
	_ = z.Close()
	s.world.Inbox.Deliver(enclosed("Subject: my address was leaked\n", "see the export", [2]string{packed.String(), "Content-Type: application/gzip; name=a.json.gz"}))
	s.world.Advance(time.Minute)
	got := s.must(t)
	if told := s.said("#caro-alerts"); len(told) != 1 || packed.Len() > 16<<10 {
		t.Errorf("alerts heard %q (%d bytes were sent)", told, packed.Len())
	}
	contains(t, "the log", got.stdout, "3 records of telemetry that came by mail were refused: 3 that are not events")
}
