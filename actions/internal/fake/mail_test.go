package fake_test

import (
	"net/smtp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

const letter = "From: a@example.com\r\nTo: b@example.com\r\nSubject: =?utf-8?q?It_is_down=E2=80=A6?=\r\n" +
	"Content-Type: multipart/alternative; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nIt is =\r\ndown=E2=80=A6\r\n" +
	"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+ZG93bjwvYj4=\r\n--x--\r\n..dots\r\n"

func send(w *fake.World, auth smtp.Auth) error {
	return smtp.SendMail(strings.TrimPrefix(w.Mail.URL, "smtp://"), auth, "a@example.com", []string{"b@example.com", "c@example.com"}, []byte(letter))
}

func TestMailComesWithItsParts(t *testing.T) {
	w := world(t)
	if err := send(w, nil); err != nil {
		t.Fatal(err)
	}
	got := w.Mail.Messages()
	if len(got) != 1 || got[0].From != "a@example.com" || len(got[0].To) != 2 || string(got[0].Raw) != letter {
		t.Fatalf("got %+v", got)
	}
	if got[0].Header("Subject") != "It is down…" || got[0].Text("text/plain") != "It is down…" || got[0].Text("text/html") != "<b>down</b>" {
		t.Errorf("got the subject %q and the parts %q", got[0].Header("Subject"), got[0].Parts)
	}
}

func TestMailWantsItsPassword(t *testing.T) {
	w := world(t)
	w.Mail.Require("bot", "secret")
	if err := send(w, nil); err == nil || !strings.Contains(err.Error(), "530") {
		t.Errorf("without a name: %v", err)
	}
	if err := send(w, smtp.PlainAuth("", "bot", "wrong", "127.0.0.1")); err == nil || !strings.Contains(err.Error(), "535") {
		t.Errorf("with a wrong password: %v", err)
	}
	if err := send(w, smtp.PlainAuth("", "bot", "secret", "127.0.0.1")); err != nil {
		t.Errorf("with the right one: %v", err)
	}
	for _, r := range w.Requests() {
		if r.Method == "AUTH" && r.Path != "PLAIN" {
			t.Errorf("the record keeps %q of a password", r.Path)
		}
	}
}

func TestMailFails(t *testing.T) {
	for _, c := range []struct {
		verb  string
		do    fake.Do
		word  string // in the client's error
		taken bool
	}{
		{"RCPT", fake.Forbidden, "550", false},
		{"RCPT", fake.Secondary, "450", false},
		{"DATA", fake.ServerError, "554", false},
		{"MAIL", fake.Unavailable, "421", false},
		{"DATA", fake.Cut, "EOF", false},
		{"DATA", fake.LostReply, "EOF", true},
	} {
		w := world(t)
		w.Fail(fake.Fault{On: "mail", Method: c.verb, Nth: 1, Do: c.do})
		err := send(w, nil)
		if err == nil || !strings.Contains(err.Error(), c.word) || (len(w.Mail.Messages()) == 1) != c.taken {
			t.Errorf("%s, %s: got %v, %d letters; want %s, taken %v", c.verb, c.do, err, len(w.Mail.Messages()), c.word, c.taken)
		}
		if err := send(w, nil); err != nil {
			t.Errorf("%s, %s: the next one: %v", c.verb, c.do, err)
		}
	}
}
