package program

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/source"
	"github.com/aftercare/aftercare/actions/internal/store"
	"github.com/aftercare/aftercare/actions/internal/text"
	"github.com/aftercare/aftercare/actions/internal/triage"
)

// The notes that the facts keep of the mailbox.
const (
	mailCursor   = "mailbox/cursor"
	mailExports  = "mailbox/export/"
	mailFindings = "mailbox/finding/"
)

// mailReach is how far back mail is read when it is read for the first time, and
// where the mailbox has been made anew.
const mailReach = 35 * 24 * time.Hour

// collectMailAndTelemetry reads the mail before the telemetry, some of which
// came by it.
func (w *world) collectMailAndTelemetry(ctx context.Context) {
	w.collectMail(ctx)
	w.collectTelemetry(ctx)
}

// collectMail reads what has come since the last run. Of a mail its kind and the
// labels that its words earn are kept, and the events of an export, without
// those that hold personal data.
func (w *world) collectMail(ctx context.Context) {
	box, address := w.env.Getenv("IMAP_URL"), w.book.Sources.Mailbox.Address
	switch {
	case address == "":
		w.switchedOff("mailbox", "no address is named in rules.yaml")
		return
	case box == "":
		w.switchedOff("mailbox", "it is not set up: set IMAP_URL")
		return
	}
	var after source.Cursor
	noted, err := w.store.State(ctx, mailCursor)
	if err == nil && noted != "" {
		_, err = fmt.Sscanf(noted, "%d/%d", &after.Validity, &after.UID)
	}
	if err != nil {
		w.gap(fact.Gap{Source: "mailbox", Reason: err.Error()})
		return
	}
	mailbox := source.Mailbox{URL: box, Address: address, Seen: w.book.Sources.Mailbox.Seen && !w.env.DryRun()}
	validity := after.Validity
	end, err := mailbox.Read(ctx, after, w.env.Now.Add(-mailReach), func(l source.Letter) error {
		anew := l.Validity != validity
		validity = l.Validity
		return w.keepLetter(ctx, l, anew)
	})
	if err == nil && end != after {
		err = w.store.SetState(ctx, mailCursor, fmt.Sprintf("%d/%d", end.Validity, end.UID))
	}
	if err != nil {
		w.gap(fact.Gap{Source: "mailbox", Reason: err.Error(), Hint: "see that IMAP_URL is right, and that the server lets this runner in"})
	}
}

// keepLetter keeps what is kept of a mail, and that it was read, at once. What
// an older mailbox held is forgotten where it was made anew.
func (w *world) keepLetter(ctx context.Context, l source.Letter, anew bool) error {
	id := fmt.Sprintf("%d:%d", l.Validity, l.UID)
	row := fact.MailRow{At: l.At, ID: id, Kind: kindOf(l), Labels: earnedBy(w.rules, l)}
	for _, why := range l.Refused {
		w.note("a mail of %s: %s", l.At.UTC().Format(time.DateOnly), why)
	}
	return w.store.Change(ctx, func(c *store.Change) error {
		if anew {
			for _, prefix := range []string{mailExports, mailFindings} {
				if err := c.ForgetStates(prefix); err != nil {
					return err
				}
			}
			if err := c.Clear("mail"); err != nil {
				return err
			}
		}
		for i, a := range l.Exports {
			if err := w.keepExport(c, fmt.Sprintf("%s:%d", id, i), a, l.At); err != nil {
				return err
			}
		}
		if err := c.Put([]fact.Row{row}); err != nil {
			return err
		}
		return c.SetState(mailCursor, fmt.Sprintf("%d/%d", l.Validity, l.UID))
	})
}

// keepExport keeps the events of an export, and what personal data it held by
// its kinds.
func (w *world) keepExport(c *store.Change, name string, a source.Attachment, at time.Time) error {
	scanned := source.Scan("mail "+name, a.Content, w.env.Now)
	w.refused("records of telemetry that came by mail", scanned.Count, scanned.Refused)
	if len(scanned.Personal) > 0 {
		w.note("an export that came by mail holds personal data in some events: they were not taken in")
		kinds, _ := json.Marshal(finding{at, scanned.Personal}) // these types always marshal
		if err := c.SetState(mailFindings+name, string(kinds)); err != nil {
			return err
		}
	}
	if len(scanned.Kept) == 0 {
		return nil
	}
	return c.SetState(mailExports+name, string(scanned.Kept))
}

// finding is the personal data of one export.
type finding struct {
	At    time.Time      `json:"at"`
	Kinds map[string]int `json:"kinds"`
}

func kindOf(l source.Letter) string {
	switch {
	case l.Automatic:
		return "automatic"
	case len(l.Exports) > 0:
		return "export"
	}
	return "report"
}

// earnedBy are the labels that the words of a mail earn; those of a program earn
// none.
func earnedBy(rules *triage.Rules, l source.Letter) []string {
	if l.Automatic {
		return nil
	}
	issue := fact.Issue{Title: l.Subject, Body: l.Markdown(), State: "open", Association: "NONE"}
	reading := rules.Read(text.Read(issue.Title, issue.Body, nil), issue)
	var labels []string
	for _, f := range triage.Decide(reading, issue, triage.History{}).Earned {
		labels = append(labels, f.Label)
	}
	return labels
}

// mailed are the exports that came by mail, as they were kept, and puts the
// findings in them among the facts.
func (w *world) mailed(ctx context.Context) (map[string][]byte, error) {
	exports, err := w.store.States(ctx, mailExports)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for key, content := range exports {
		files["mail/"+strings.TrimPrefix(key, mailExports)] = []byte(content)
	}
	findings, err := w.store.States(ctx, mailFindings)
	if err != nil {
		return nil, err
	}
	var rows []fact.Row
	for key, noted := range findings {
		var f finding
		if err := json.Unmarshal([]byte(noted), &f); err != nil {
			return nil, fmt.Errorf("the note %s: %w", key, err)
		}
		for kind, n := range f.Kinds {
			rows = append(rows, fact.FindingRow{At: f.At, File: "mail", Kind: kind, Count: n})
		}
	}
	return files, w.store.Put(ctx, rows)
}

// noticeMail notes the mails of the last days whose labels may be urgent. They
// are taken from the facts, so that one is told whose run died.
func (w *world) noticeMail(ctx context.Context) {
	answer, err := w.store.Query(ctx, `SELECT m.id, m.at, array_to_string(m.labels, chr(10)) AS labels FROM mail m WHERE m.at >= $1 AND len(m.labels) > 0 ORDER BY m.at, m.id`,
		fact.Window{From: w.env.Now.AddDate(0, 0, -7), Until: w.env.Now})
	if err != nil {
		w.note("urgent mail cannot be told of: %v", err)
		return
	}
	for _, row := range answer.Rows {
		id, _ := row[0].(string)
		at, _ := row[1].(time.Time)
		labels, _ := row[2].(string)
		w.hear(alert.Notice{Name: "mail:" + id, Labels: strings.Split(labels, "\n"), At: at}, report.Heard{Source: "mail"})
	}
}
