package notify

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"

	"github.com/aftercare/aftercare/actions/internal/redact"
)

// SMTP is a mail server, as SMTP_URL names it.
type SMTP struct {
	Host, User, Password string
	Port                 int
	TLS                  bool // from the start; else by STARTTLS
	Clear                bool // no TLS at all: mail goes in the clear
	From                 string
}

// ParseSMTP reads smtp://user:password@host:587?from=release@example.org, or
// smtps:// for TLS from the start. With smtp:// the server must offer STARTTLS,
// unless ?tls=none says that mail may go in the clear. Its errors do not repeat
// the URL, which holds a password.
func ParseSMTP(raw string) (SMTP, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return SMTP{}, fmt.Errorf("SMTP_URL: expected smtp://user:password@host:port?from=address, or smtps://")
	}
	s := SMTP{Host: u.Hostname(), User: u.User.Username(), TLS: u.Scheme == "smtps", From: u.Query().Get("from")}
	s.Password, _ = u.User.Password()
	s.Port = 587
	if s.TLS {
		s.Port = 465
	}
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil {
			return SMTP{}, fmt.Errorf("SMTP_URL: the port must be a number")
		}
	}
	switch mode := u.Query().Get("tls"); {
	case mode == "none" && s.TLS:
		return SMTP{}, fmt.Errorf("SMTP_URL: ?tls=none contradicts smtps://; use smtp:// for mail in the clear")
	case mode == "none":
		s.Clear = true
	case mode != "":
		return SMTP{}, fmt.Errorf("SMTP_URL: tls must be none, or left out")
	}
	if s.From == "" && strings.Contains(s.User, "@") {
		s.From = s.User
	}
	if s.From == "" {
		return SMTP{}, fmt.Errorf("SMTP_URL: add ?from=address, the sender of our mails")
	}
	return s, nil
}

func (s SMTP) client() (*mail.Client, error) {
	policy := mail.TLSMandatory
	if s.Clear {
		policy = mail.NoTLS
	}
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(30 * time.Second), mail.WithHELO("localhost"), mail.WithTLSPolicy(policy)}
	if s.TLS {
		options = append(options, mail.WithSSL())
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, options...)
}

// isTemporary reports whether another try may succeed: the server answered with
// a code from 400 to 499, at whatever command, or could not be reached.
func isTemporary(err error) bool {
	var sent *mail.SendError
	if errors.As(err, &sent) {
		return sent.IsTemp()
	}
	code := smtpCode(err)
	return code >= 400 && code < 500 || neverConnected(err)
}

// smtpCode is the server's answer before the message was sent; 0 for any other error.
func smtpCode(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

func (e *Email) mailError(err error, unsure bool) error {
	r := &refusal{err: err}
	what, hint := e.Dial.diagnose(err)
	r.text, r.hint = strings.Join(strings.Fields(redact.Text(err.Error())), " "), hint
	if what != "" {
		r.text = what + " (" + r.text + ")"
	}
	if unsure {
		return &UnsureError{r}
	}
	return r
}

// diagnose says in plain words what is wrong with the connection, and what to do
// about it; both are empty where the server's own words have to do.
func (s SMTP) diagnose(err error) (what, hint string) {
	var plain tls.RecordHeaderError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	code := smtpCode(err)
	switch {
	case errors.As(err, &plain):
		return fmt.Sprintf("port %d of the mail server does not speak TLS from the start", s.Port),
			"use smtp:// in SMTP_URL, which switches to TLS by STARTTLS, usually on port 587"
	case errors.As(err, &unknown), errors.As(err, &name):
		return "the mail server's certificate is not valid for it", "name the host in SMTP_URL as its certificate does"
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		return "the mail server offers no TLS on this port",
			"use smtps:// in SMTP_URL, usually with port 465; or add ?tls=none if mail may go in the clear"
	case code == 535:
		return "the mail server refuses the user name or the password", "check both in SMTP_URL; many providers want an app password here, and signs such as @ or / must be percent-encoded"
	case code == 530 || code == 538 || code == 523:
		return "the mail server demands TLS or a login first", "remove ?tls=none from SMTP_URL, or give it a user name and password"
	case code == 504 || code == 534 || errors.Is(err, mail.ErrPlainAuthNotSupported), errors.Is(err, mail.ErrNoSupportedAuthDiscovered) && !s.Clear:
		return "the mail server takes none of the ways to log in that are known here", "create a password for SMTP at the provider (an app password), or use another server"
	case errors.Is(err, mail.ErrNoSupportedAuthDiscovered):
		return "the mail server would take the password only as readable text, and the connection is not encrypted", "remove ?tls=none from SMTP_URL, so that the password is sent over TLS"
	case strings.Contains(err.Error(), "does not support SMTP AUTH"):
		return "the mail server offers no login on this port", "use the provider's port for submission (587 or 465), or leave user name and password out"
	case !s.TLS && s.Port == 465:
		return "", "port 465 speaks TLS from the start: use smtps:// in SMTP_URL"
	}
	return "", ""
}

// refusal is what the mail server said, fit to be printed.
type refusal struct {
	text string
	hint string
	err  error
}

func (r *refusal) Error() string { return "mail: " + r.text }
func (r *refusal) Unwrap() error { return r.err }

// Hint says what to do about it; empty where nothing is known.
func (r *refusal) Hint() string { return r.hint }
