package notify

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzSlackShape holds that only an answer that says ok, or names its error,
// passes for one of Slack's.
func FuzzSlackShape(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"ok":true,"channel":"C0123ABCD","ts":"1.2"}`, `{"ok":false,"error":"invalid_auth"}`, `{"ok":"true"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if slackShape("chat.postMessage", body) != nil {
			return
		}
		var said map[string]any
		if err := json.Unmarshal(body, &said); err != nil {
			t.Fatal(err)
		}
		named, _ := said["error"].(string)
		ts, _ := said["ts"].(string)
		if said["ok"] != true && named == "" || said["ok"] == true && ts == "" {
			t.Errorf("passes: %s", body)
		}
	})
}

// FuzzWebhookAnswer holds that an incoming webhook confirms a delivery with status
// 200 and "ok" alone, and that no error repeats the webhook's address.
func FuzzWebhookAnswer(f *testing.F) {
	f.Add(200, "ok", "", "")
	f.Add(302, "", "https://other.example/T0000/canary", "")
	f.Add(429, "rate_limited", "", "99999999999999999999")
	f.Add(200, "<html>canary</html>", "", "")
	f.Add(500, "ok", "", "-1")
	f.Fuzz(func(t *testing.T, status int, body, location, after string) {
		if status < 100 || status > 999 {
			return
		}
		req := httptest.NewRequest(http.MethodPost, "https://hooks.example/services/T0000/canary", nil)
		answer := &http.Response{StatusCode: status, Request: req, Header: http.Header{"Location": {location}, "Retry-After": {after}}}
		err := hookAnswer(answer, body, nil)
		if (err == nil) != (status == http.StatusOK && body == "ok") {
			t.Errorf("status %d, %q: %v", status, body, err)
		}
		if err == nil {
			return
		}
		if wait, _ := retryIn(err, 1); wait < 0 {
			t.Errorf("a wait of %s", wait)
		}
		if said := err.Error(); strings.Contains(said, "services/T0000/canary") && !strings.Contains(body+location, "services/T0000/canary") {
			t.Errorf("the address is repeated: %s", said)
		}
	})
}

// FuzzSMTPAnswers holds that whatever a mail server answers, a send ends, and is
// taken for a delivery only where the server took the message.
func FuzzSMTPAnswers(f *testing.F) {
	f.Add("220 x", "250 x", "250 x", "250 x", "354 x", "250 x")
	f.Add("421 x", "", "", "", "", "")
	f.Add("220-x", "250-\r\n250 STARTTLS", "454 x", "550 x", "354", "451 x")
	f.Add("220 x", "250 AUTH CRAM-MD5", "250 x", "250 x", "354 x", "\x00")
	f.Fuzz(func(t *testing.T, greeting, ehlo, from, rcpt, data, dot string) {
		s := briefSMTP(t, map[string][]string{"CONNECT": {greeting}, "EHLO": {ehlo}, "HELO": {ehlo}, "MAIL": {from}, "RCPT": {rcpt}, "DATA": {data}, "DOT": {dot}})
		host, port, err := net.SplitHostPort(s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		dial, err := ParseSMTP("smtp://" + net.JoinHostPort(host, port) + "?tls=none&from=aftercare@caro.example")
		if err != nil {
			t.Fatal(err)
		}
		e := &Email{To: []string{"release@caro.example"}, From: dial.From, Date: time.Unix(1_770_000_000, 0), Dial: dial, Sleep: func(context.Context, time.Duration) error { return context.Canceled }}
		began := time.Now()
		_, err = e.Send(t.Context(), message())
		if time.Since(began) > 20*time.Second {
			t.Errorf("it took %s", time.Since(began))
		}
		if err == nil && s.count("DOT") == 0 {
			t.Errorf("taken for delivered, and no message was sent: %v", s.verbs)
		}
		if err == nil && !strings.HasPrefix(dot, "2") && dot != "" {
			t.Errorf("taken for delivered after %q", dot)
		}
	})
}

// briefSMTP is a scripted server that hangs up after a moment, so that an answer
// without an end costs no more.
func briefSMTP(t *testing.T, replies map[string][]string) *scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{listener: l, replies: replies}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(100 * time.Millisecond))
			s.talk(c)
		}
	}()
	return s
}
