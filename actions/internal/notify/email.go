package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"
	"github.com/yuin/goldmark"

	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// Email reaches the addresses of one channel by SMTP.
type Email struct {
	To    []string
	From  string
	Date  time.Time // of the message
	Dial  SMTP
	Sleep func(context.Context, time.Duration) error
}

// Send mails the message as text and HTML. Where the server refuses some of the
// addresses, the others get it one by one, and the error is a *PartError.
func (e *Email) Send(ctx context.Context, m change.Message) (string, error) {
	id, err := e.try(ctx, m)
	if len(e.To) < 2 || !refusesAddress(err) {
		return id, err
	}
	return e.each(ctx, m)
}

// each mails every address by itself.
func (e *Email) each(ctx context.Context, m change.Message) (string, error) {
	id, missed := "", &PartError{}
	for _, address := range e.To {
		one := *e
		one.To = []string{address}
		got, err := one.try(ctx, m)
		var unsure *UnsureError
		switch {
		case errors.As(err, &unsure) || ctx.Err() != nil:
			return "", perhaps(err, true)
		case err != nil:
			missed.Missed = append(missed.Missed, fmt.Sprintf("%s (%v)", redact.Text(address), err))
		default:
			id = got
		}
	}
	if id == "" {
		return "", missed
	}
	return id, missed.orNil()
}

func refusesAddress(err error) bool {
	var sent *mail.SendError
	return errors.As(err, &sent) && sent.Reason == mail.ErrSMTPRcptTo
}

// try mails one envelope. A server that is busy is tried again; a connection
// that breaks after the text went out is unsure.
func (e *Email) try(ctx context.Context, m change.Message) (string, error) {
	for try := 1; ; try++ {
		id, err := e.once(ctx, m)
		if err == nil {
			return id, nil
		}
		unsure := afterData(err)
		if !unsure && !isTemporary(err) || try == slackTries {
			return "", e.mailError(err, unsure || m.Repeat)
		}
		m.Repeat = m.Repeat || unsure
		if err := e.Sleep(ctx, time.Second<<try); err != nil {
			return "", perhaps(err, m.Repeat)
		}
	}
}

// Look cannot: mail is not read back.
func (e *Email) Look(context.Context, change.Message, time.Time) (string, bool, error) {
	return "", false, ErrUnreadable
}

func (e *Email) once(ctx context.Context, m change.Message) (string, error) {
	msg, id, err := e.compose(m)
	if err != nil {
		return "", err
	}
	client, err := e.Dial.client()
	if err != nil {
		return "", err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return id, nil // what failed was the goodbye
	}
	return id, err
}

func (e *Email) compose(m change.Message) (*mail.Msg, string, error) {
	msg := mail.NewMsg()
	if err := msg.From(e.From); err != nil {
		return nil, "", fmt.Errorf("the sender of our mails: %w", err)
	}
	if err := msg.To(e.To...); err != nil {
		return nil, "", fmt.Errorf("the addresses of the channel: %w", err)
	}
	sum := sha256.Sum256([]byte(m.Key))
	_, domain, _ := strings.Cut(e.From, "@")
	id := hex.EncodeToString(sum[:16]) + "@" + strings.TrimSuffix(domain, ">")
	text := MailText(m)
	html, err := MailHTML(m)
	if err != nil {
		return nil, "", err
	}
	msg.SetMessageIDWithValue(id)
	msg.SetDateWithValue(e.Date)
	msg.Subject(header(m.Title))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.List != "" {
		msg.SetGenHeader("List-Id", fmt.Sprintf("<%s.%s>", listName(m.List), strings.TrimSuffix(domain, ">")))
	}
	msg.SetBodyString(mail.TypeTextPlain, text)
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	return msg, id, nil
}

// header is a text on one line, masked, so that it cannot add headers.
func header(s string) string {
	return cut(strings.Join(strings.Fields(clean(s)), " "), 200)
}

// MailText is the message as plain text.
func MailText(m change.Message) string {
	var b strings.Builder
	if note := m.RepeatNote(); note != "" {
		b.WriteString(note + "\n\n")
	}
	fmt.Fprintf(&b, "%s\n\n", header(m.Title))
	if m.Summary != "" {
		fmt.Fprintf(&b, "%s\n\n", clean(m.Summary))
	}
	if m.Body != "" {
		b.WriteString(bodyText(m.Body) + "\n")
	}
	for _, f := range m.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, strings.ReplaceAll(clean(f.Value), "\n", "\n    "))
	}
	if m.Link != "" {
		fmt.Fprintf(&b, "\n%s\n", m.Link)
	}
	if m.Runbook != "" {
		fmt.Fprintf(&b, "Runbook: %s\n", m.Runbook)
	}
	return b.String()
}

// MailHTML is the message as a page, by way of Markdown in which every text is
// escaped, so that nothing of a stranger's becomes markup.
func MailHTML(m change.Message) (string, error) {
	var md strings.Builder
	if note := m.RepeatNote(); note != "" {
		md.WriteString("*" + note + "*\n\n")
	}
	fmt.Fprintf(&md, "## %s\n\n%s\n\n", literally(header(m.Title)), literally(m.Summary))
	for _, f := range m.Facts {
		fmt.Fprintf(&md, "- **%s**: %s\n", literally(f.Name), literally(strings.ReplaceAll(f.Value, "\n", " · ")))
	}
	if m.Link != "" {
		fmt.Fprintf(&md, "\n[%s](<%s>)", m.Leads(), inAngles(m.Link))
	}
	if m.Runbook != "" {
		fmt.Fprintf(&md, " · [Runbook](<%s>)", inAngles(m.Runbook))
	}
	var body bytes.Buffer
	if err := goldmark.Convert([]byte(md.String()), &body); err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	long, err := bodyHTML(m.Body)
	if err != nil {
		return "", err
	}
	return mailHead + body.String() + long + mailFoot, nil
}

const (
	mailHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body style="font:16px/1.5 system-ui,sans-serif;color:#1f2328;max-width:40em;margin:1em auto;padding:0 1em">` + "\n"
	mailFoot = "</body></html>\n"
)

// literally escapes each sign that Markdown could read, and puts the text on
// one line.
func literally(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(clean(s)), " ") {
		if r < 0x80 && strings.ContainsRune("\\`*_{}[]()<>#+-.!|~&:/@=\"'$%^,;?", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func inAngles(address string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "", "\r", "", " ", "%20").Replace(address)
}

// afterData tells errors of the moment in which the server takes the message.
func afterData(err error) bool {
	var sent *mail.SendError
	if !errors.As(err, &sent) || sent.ErrorCode() != 0 {
		return false // the server answered with a code: it refused
	}
	return sent.Reason == mail.ErrSMTPDataClose || sent.Reason == mail.ErrAmbiguous
}
