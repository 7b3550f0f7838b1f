package notify

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// scripted is an SMTP server that answers each verb with the next of its replies,
// and then with the last; CONNECT is the greeting.
type scripted struct {
	listener net.Listener
	mu       sync.Mutex
	replies  map[string][]string
	verbs    []string
}

func serveSMTP(t *testing.T, replies map[string][]string) *scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{listener: l, replies: maps.Clone(replies)}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.talk(c)
		}
	}()
	return s
}

func (s *scripted) reply(verb string) string {
	queue := s.replies[verb]
	if len(queue) == 0 {
		return map[string]string{"CONNECT": "220 test ESMTP", "EHLO": "250-test\r\n250 AUTH PLAIN LOGIN CRAM-MD5", "DATA": "354 go on", "QUIT": "221 bye"}[verb]
	}
	if len(queue) > 1 {
		s.replies[verb] = queue[1:]
	}
	return queue[0]
}

// talk is one conversation; a letter is taken up to its dot.
func (s *scripted) talk(c net.Conn) {
	defer c.Close()
	say := func(verb string) bool {
		s.mu.Lock()
		s.verbs = append(s.verbs, verb)
		line := s.reply(verb)
		s.mu.Unlock()
		if line == "" {
			line = "250 ok"
		}
		fmt.Fprintf(c, "%s\r\n", line)
		return !strings.HasPrefix(line, "421")
	}
	in := bufio.NewScanner(c)
	if !say("CONNECT") {
		return
	}
	data := false
	for in.Scan() {
		verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " ")
		switch {
		case data && in.Text() == ".":
			data, verb = false, "DOT"
		case data:
			continue
		case verb == "DATA":
			data = true
		}
		if !say(verb) || verb == "QUIT" {
			return
		}
	}
}

func (s *scripted) count(verb string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, v := range s.verbs {
		if v == verb {
			n++
		}
	}
	return n
}

func sendBy(t *testing.T, url string) error {
	t.Helper()
	dial, err := ParseSMTP(url)
	if err != nil {
		t.Fatal(err)
	}
	e := &Email{To: []string{"ann@caro.example"}, From: dial.From, Date: time.Now(), Dial: dial, Sleep: func(context.Context, time.Duration) error { return nil }}
	_, err = e.Send(t.Context(), message())
	return err
}

// TestSMTP_RetriesTemporaryAnswersBeforeMAIL holds that a server which is busy when
// it greets or when we log in is asked again, as one that is busy at MAIL is.
func TestSMTP_RetriesTemporaryAnswersBeforeMAIL(t *testing.T) {
	for name, replies := range map[string]map[string][]string{
		"421 in the greeting": {"CONNECT": {"421 too many connections", "421 too many connections", "220 test"}},
		"421 at EHLO":         {"EHLO": {"421 shutting down", "250-test\r\n250 AUTH CRAM-MD5"}, "HELO": {"421 shutting down"}},
		"454 at AUTH":         {"AUTH": {"454 4.7.0 Temporary authentication failure", "235 welcome"}},
		"451 at MAIL":         {"MAIL": {"451 4.3.0 try again", "250 ok"}},
		"421 at MAIL":         {"MAIL": {"421 4.3.2 going down", "250 ok"}},
		"450 at RCPT":         {"RCPT": {"450 4.2.1 greylisted", "250 ok"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveSMTP(t, replies)
			user := ""
			if replies["AUTH"] != nil {
				user = "ann:hunter2@"
			}
			if err := sendBy(t, "smtp://"+user+s.listener.Addr().String()+"?tls=none&from=a@caro.example"); err != nil || s.count("DOT") != 1 {
				t.Errorf("%v, delivered %d times, %v", err, s.count("DOT"), s.verbs)
			}
		})
	}
}

// TestSMTP_SaysWhatIsWrong holds that each usual mistake of a mail setup has its
// sentence and what to do, and that no password is printed.
func TestSMTP_SaysWhatIsWrong(t *testing.T) {
	secure := httptest.NewTLSServer(nil) // only its certificate is used
	defer secure.Close()
	untrusted, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: secure.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer untrusted.Close()
	go func() {
		for {
			c, err := untrusted.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake()
			_ = c.Close()
		}
	}()
	for _, c := range []struct {
		name, scheme, user, query string
		replies                   map[string][]string
		says, hint                string
	}{
		{"a wrong password", "smtp", "ann:hunter2@", "&tls=none", map[string][]string{"AUTH": {"535 5.7.8 Bad credentials"}}, "refuses the user name or the password", "app password"},
		{"TLS on a plain port", "smtps", "", "", nil, "does not speak TLS from the start", "use smtp://"},
		{"a server without TLS", "smtp", "", "", nil, "offers no TLS on this port", "?tls=none"},
		{"PLAIN in the clear", "smtp", "ann:hunter2@", "&tls=none", map[string][]string{"EHLO": {"250-test\r\n250 AUTH PLAIN LOGIN"}}, "only as readable text", "remove ?tls=none"},
		{"a way to log in that is refused", "smtp", "ann:hunter2@", "&tls=none", map[string][]string{"AUTH": {"504 5.5.4 Unrecognized authentication type"}}, "none of the ways to log in", "app password"},
		{"a login that needs TLS", "smtp", "ann:hunter2@", "&tls=none", map[string][]string{"AUTH": {"538 5.7.11 Encryption required"}}, "demands TLS", "remove ?tls=none"},
		{"mail that needs a login", "smtp", "", "&tls=none", map[string][]string{"EHLO": {"530 5.7.0 Must issue a STARTTLS command first"}, "HELO": {"530 5.7.0 Must issue a STARTTLS command first"}}, "demands TLS", "remove ?tls=none"},
		{"no login at all", "smtp", "ann:hunter2@", "&tls=none", map[string][]string{"EHLO": {"250 test"}}, "offers no login", "port for submission"},
		{"a certificate that nobody trusts", "smtps", "", "", nil, "certificate is not valid", "name the host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := serveSMTP(t, c.replies).listener.Addr().String()
			if strings.Contains(c.name, "certificate") {
				address = untrusted.Addr().String()
			}
			err := sendBy(t, c.scheme+"://"+c.user+address+"?from=a@caro.example"+c.query)
			var hinting interface{ Hint() string }
			if err == nil || !strings.Contains(err.Error(), c.says) || !errors.As(err, &hinting) || !strings.Contains(hinting.Hint(), c.hint) {
				t.Fatalf("got %v (%+v), want %q and the hint %q", err, hinting, c.says, c.hint)
			}
			if strings.Contains(err.Error()+hinting.Hint(), "hunter2") {
				t.Errorf("the password is in %q", err)
			}
			var unsure *UnsureError
			if errors.As(err, &unsure) {
				t.Errorf("nothing was sent, and the error is %v", err)
			}
		})
	}
}
