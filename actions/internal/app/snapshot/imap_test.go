package snapshot

import (
	"bufio"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// imapProxy stands before the simulated mailbox. A mail whose text holds "stalls"
// is never sent to its end; one whose text holds "grows" is sent 51 MiB larger
// than the server said.
func (s *stage) imapProxy(t *testing.T) {
	t.Helper()
	u, err := url.Parse(s.env["IMAP_URL"])
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	address, stop, err := fake.Relay(u.Host, func(client io.Writer, behind io.Reader) { spoil(client, behind, over) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close(over); stop() })
	u.Host = address
	s.env["IMAP_URL"] = u.String()
}

var literalEnd = regexp.MustCompile(`\{(\d+)\}\r\n$`)

const grown = 51 << 20

// spoil passes on what an IMAP server says, but for the mails of imapProxy.
func spoil(client io.Writer, behind io.Reader, over <-chan struct{}) {
	for from := bufio.NewReader(behind); ; {
		line, err := from.ReadString('\n')
		if err != nil {
			return
		}
		said := literalEnd.FindStringSubmatch(line)
		if said == nil {
			_, _ = io.WriteString(client, line)
			continue
		}
		size, _ := strconv.Atoi(said[1])
		literal := make([]byte, size)
		if _, err := io.ReadFull(from, literal); err != nil {
			return
		}
		switch {
		case strings.Contains(string(literal), "stalls"):
			_, _ = io.WriteString(client, line+string(literal[:size/2]))
			<-over
			return
		case strings.Contains(string(literal), "grows"):
			_, _ = io.WriteString(client, literalEnd.ReplaceAllString(line, "{"+strconv.Itoa(size+grown)+"}\r\n")+string(literal)+strings.Repeat("x", grown))
		default:
			_, _ = io.WriteString(client, line+string(literal))
		}
	}
}

// A mail that the server does not send within the limit, or sends far larger than
// it said, is given up, named with its number and time, and counted. The next run
// reads what came behind it, and does not come back to it.
func TestMail_WhatTheServerDoesNotSendIsGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		text, log, kind string
		fetch           time.Duration
	}{
		"a fetch that stalls":     {"it stalls", "a mail could not be read and was passed over (UID 1 of 2026-01-24 ", "`unread` 1", time.Second},
		"a literal that is large": {"it grows", "a mail is over 25 MiB: its subject alone was read (UID 1 of 2026-01-24 ", "`report` 1", time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := talkingStage(t)
			s.imapProxy(t)
			s.world.Social.Say("hackernews", "ann", "Show HN: Caro CLI", "", 500)
			s.world.Inbox.Deliver(mailOf("hello", c.text))
			s.world.Inbox.Deliver(mailOf("my address was leaked", "x"))
			s.world.Advance(time.Minute)
			small := limits{mailFetch: c.fetch, mailWait: 20 * time.Second, mailLate: 20 * time.Second}
			first := s.runLimited(t, small, reads{})
			if monitoring := s.said("#caro-monitoring"); first.code != 0 || len(monitoring) != 1 {
				t.Errorf("exit %d, monitoring heard %q: %s", first.code, monitoring, first.stdout)
			}
			contains(t, "the log", first.stdout, c.log)
			for range 2 {
				s.world.Advance(time.Minute)
				if got := s.runLimited(t, small, reads{}); got.code != 0 || strings.Contains(got.stdout, "UID 1 of") {
					t.Errorf("exit %d, or the mail is read again: %s", got.code, got.stdout)
				}
			}
			if alerts, monitoring := s.said("#caro-alerts"), s.said("#caro-monitoring"); len(alerts) != 1 || len(monitoring) != 1 {
				t.Errorf("alerts heard %q, monitoring %q", alerts, monitoring)
			}
			contains(t, "the page", s.report("README.md"), "`privacy-leak` 1", c.kind)
		})
	}
}
