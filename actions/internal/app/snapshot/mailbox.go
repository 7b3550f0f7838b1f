package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/letter"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// The notes that the facts keep of the mailbox.
const (
	mailCursor   = "mailbox/cursor"
	mailExports  = "mailbox/export/"
	mailFindings = "mailbox/finding/"
)

const (
	mailSource = "mailbox"
	mailNotice = "mail:" // begins the name of a mail among the notices
)

// mailReach is how far back mail is read when it is read for the first time, and
// where the mailbox has been made anew: as far as a metric looks back.
const mailReach = collect.MailedFor

// mailboxSource is the mail that comes to the project's address.
type mailboxSource struct{ *world }

// Name is mailbox.
func (mailboxSource) Name() string { return mailSource }

// Collect reads the mail. Mail that takes long is not waited for: nothing may keep
// a run from what it has to tell.
func (w mailboxSource) Collect(ctx context.Context, _ collect.Writer) []model.Gap {
	p := w.startMail(ctx)
	if !waits(ctx, p.done, w.limits.mailWait) {
		w.late = p
		return []model.Gap{{Source: w.Name(), Reason: fmt.Sprintf("it takes longer than %s: what is urgent in it is notified of as soon as it is read, the rest counts in the next report", w.limits.mailWait)}}
	}
	w.endMail(ctx, p)
	return nil
}

// startMail begins to read what has come since the last run. Of a mail its kind and
// the labels that its words earn are kept, and the events of an export, without
// those that hold personal data.
func (w *world) startMail(ctx context.Context) *postbox {
	box, address := w.Env.Getenv("IMAP_URL"), w.Config.Sources.Mailbox.Address
	ctx, stop := context.WithCancel(ctx)
	p := &postbox{world: w, done: make(chan struct{}), stop: stop, count: mailCount{attachments: refusals{}, events: refusals{}}}
	from := collect.Mailbox{URL: box, Address: address, Seen: w.Config.Sources.Mailbox.Seen && !w.Env.DryRun(), Keys: w.keys(), MaxFetch: w.limits.mailFetch}
	go func() {
		defer close(p.done)
		defer stop()
		p.err = p.read(ctx, from)
	}()
	return p
}

// waits reports whether something is done within a time.
func waits(ctx context.Context, done <-chan struct{}, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// endMail says what became of the mail, once it is read, and hands over what may
// be urgent.
func (w *world) endMail(ctx context.Context, p *postbox) {
	if p.err != nil {
		w.gap(model.Gap{Source: "mailbox", Reason: p.err.Error(), Hint: "see that IMAP_URL is right, and that the server lets this runner in"})
	}
	for _, said := range p.count.sentences() {
		w.note("%s", said)
	}
	w.noticeMail(ctx)
}

// tellLate tells of mail that was not read before the others were told, and files
// that it was.
func (w *world) tellLate(ctx context.Context, m measured) (telling, error) {
	p := w.late
	if p == nil {
		return telling{}, nil
	}
	if !waits(ctx, p.done, w.limits.mailLate) {
		w.note("the mailbox is left to the next run: it is not read after %s more", w.limits.mailLate)
		p.stop()
		waits(ctx, p.done, w.limits.mail) // the facts are about to be closed
		return telling{}, nil
	}
	w.endMail(ctx, p)
	if w.Env.DryRun() || app.LooksBack(w.Env) {
		return telling{}, nil
	}
	view, err := w.History.Open(ctx)
	if err != nil {
		return telling{}, err
	}
	t := w.tell(ctx, view, m)
	_, err = w.file(ctx, t, m)
	if err == nil {
		w.heardAll(ctx)
	}
	return t, errors.Join(err, t.err)
}

// keys are the secrets of AFTERCARE_KEY, the newest first.
func (w *world) keys() []string {
	return slices.DeleteFunc(slices.Clone(w.Issues.Seal.Keys), func(key string) bool { return key == alert.Unsealed })
}

// key is the newest of them; empty where there is none.
func (w *world) key() string { return strings.Join(w.keys()[:min(1, len(w.keys()))], "") }

// postbox keeps what comes by mail in one run. It is read in the background, and
// may be asked what became of it once it is done.
type postbox struct {
	*world
	done  chan struct{}
	stop  func() // ends the reading
	err   error
	count mailCount
	held  map[string]int // the exports that are kept: their size by the mail's id; nil while nobody asked
}

func (p *postbox) read(ctx context.Context, from collect.Mailbox) error {
	var after collect.Cursor
	if noted := p.store.State(mailCursor); noted != "" {
		if _, err := fmt.Sscanf(noted, "%d/%d", &after.Validity, &after.UID); err != nil {
			return err
		}
	}
	end, err := from.Read(ctx, after, p.Env.Now.Add(-mailReach), func(m collect.Mail) error { return p.keep(ctx, m) })
	if end != after { // how far the reading came is kept even where it broke off
		p.store.SetState(mailCursor, fmt.Sprintf("%d/%d", end.Validity, end.UID))
	}
	return err
}

// keep keeps what is kept of a mail, and that it was read, at once. One that was
// read before, from a mailbox that was made anew since or sent twice, is the same
// mail. One that cannot be read is counted, and passed over.
func (p *postbox) keep(ctx context.Context, m collect.Mail) error {
	id, before, err := p.idOf(ctx, m)
	if err != nil {
		return err
	}
	var u understood
	if !before {
		if u, err = p.understand(ctx, m); err != nil {
			return err
		}
		p.count.add(m, u)
	}
	dropped := p.room(id, len(u.mailed.Kept))
	err = p.store.Change(ctx, func(c *store.Change) error {
		if !before {
			if err := p.keepMail(c, id, m, u); err != nil {
				return err
			}
		}
		for _, other := range dropped {
			if err := c.ForgetStates(mailExports + other); err != nil {
				return err
			}
		}
		c.SetState(mailCursor, fmt.Sprintf("%d/%d", m.Validity, m.UID))
		return nil
	})
	if err == nil && u.running {
		// What could not be stopped costs a processor; a second one would cost all.
		return fmt.Errorf("a mail could not be read in time: %w", collect.ErrHalt)
	}
	return err
}

// understood is what a mail says to us.
type understood struct {
	letter  letter.Letter
	labels  []string
	mailed  collect.Mailed
	failed  error // why its words could not be read
	slow    bool  // its exports could not be read in time
	running bool  // something that was given up goes on
}

// understand reads a mail within its time. The words come first: an export that
// takes too long does not keep what a person wrote from being heard. The error is
// that of a run that ends.
func (p *postbox) understand(ctx context.Context, m collect.Mail) (understood, error) {
	u, err := budget.Do(ctx, p.limits.mail, func(ctx context.Context) (understood, error) { return p.reads.words(ctx, m) })
	if ctx.Err() != nil && err != nil {
		return u, ctx.Err()
	}
	if err != nil {
		return understood{failed: err, running: budget.IsRunning(err)}, nil
	}
	now := p.Env.Clock() // a run that looks back reads what has come since, too
	u.mailed, err = budget.Do(ctx, p.limits.mail, func(ctx context.Context) (collect.Mailed, error) {
		return p.reads.exports(ctx, u.letter.Exports, now)
	})
	if ctx.Err() != nil && err != nil {
		return u, ctx.Err()
	}
	u.slow, u.running = err != nil, budget.IsRunning(err)
	return u, nil
}

// words reads what a mail says, and the labels that it earns.
func (w *world) words(ctx context.Context, m collect.Mail) (understood, error) {
	l, err := m.Letter(ctx, w.limits.mail)
	if err != nil {
		return understood{}, err
	}
	return understood{letter: l, labels: w.earnedBy(l)}, nil
}

func (p *postbox) keepMail(c *store.Change, id string, m collect.Mail, u understood) error {
	if len(u.labels) > 0 && !m.At.Before(p.hearing.since[mailSource]) {
		p.notYet(c, mailNotice+id)
	}
	if len(u.mailed.Personal) > 0 {
		found := p.Env.Now // not when the mail came: after an outage that is long ago, and nobody has heard of it
		if app.LooksBack(p.Env) {
			found = m.At
		}
		kinds, _ := json.Marshal(finding{found, u.mailed.Personal}) // these types always marshal
		c.SetState(mailFindings+id, string(kinds))
	}
	if len(u.mailed.Kept) > 0 {
		c.SetState(mailExports+id, m.At.UTC().Format(time.RFC3339)+"\n"+string(u.mailed.Kept))
	}
	return c.Put([]model.Row{model.MailRow{At: m.At, ID: id, Kind: u.kind(), Labels: u.labels}})
}

// idOf names a mail: by the name that it was kept or told of by, or else by the
// newest key. It reports whether it was kept before.
func (p *postbox) idOf(ctx context.Context, l collect.Mail) (id string, before bool, err error) {
	// Names are hexadecimal digits.
	answer, err := p.store.Query(ctx, "SELECT min(id) AS id FROM mail WHERE id IN ('"+strings.Join(l.Names, "', '")+"')", model.Window{From: p.Env.Now, Until: p.Env.Now})
	if err != nil {
		return "", false, err
	}
	if id, before = answer.Rows[0][0].(string); before {
		return id, true, nil
	}
	for _, id := range l.Names {
		if p.hearing.told[mailNotice+id] {
			return id, false, nil
		}
	}
	return l.Names[0], false, nil
}

// maxMailed is how much all exports that came by mail may hold, in bytes.
const maxMailed = 16 << 20

// room makes room for an export: where all hold too much, the largest are let go,
// for what one person exports is small.
func (p *postbox) room(id string, size int) (dropped []string) {
	if size == 0 {
		return nil
	}
	if p.held == nil {
		p.held = map[string]int{}
		for key, content := range p.store.States(mailExports) {
			p.held[strings.TrimPrefix(key, mailExports)] = len(content)
		}
	}
	p.held[id] = size
	for {
		all, largest := 0, id
		for other, n := range p.held {
			all += n
			if n > p.held[largest] || n == p.held[largest] && other > largest {
				largest = other
			}
		}
		if all <= maxMailed {
			return dropped
		}
		delete(p.held, largest)
		dropped = append(dropped, largest)
		p.count.dropped++
	}
}

// finding is the personal data of the exports of a mail.
type finding struct {
	At    time.Time      `json:"at"`
	Kinds map[string]int `json:"kinds"`
}

func (u understood) kind() string {
	switch {
	case u.failed != nil:
		return "unread"
	case u.letter.Automatic:
		return "automatic"
	case len(u.letter.Exports) > 0:
		return "export"
	}
	return "report"
}

// earnedBy are the labels that the words of a mail earn; those of a program earn
// none.
func (w *world) earnedBy(l letter.Letter) []string {
	if l.Automatic {
		return nil
	}
	issue := model.Issue{Title: l.Topic, Body: l.Markdown(), State: "open", Association: "NONE"}
	var labels []string
	for _, f := range w.labeler.Words(issue).Earned {
		labels = append(labels, f.Label)
	}
	return labels
}

// mailed are the exports that came by mail, as they were kept, and puts the
// findings in them among the facts; what came too long ago to count is let go.
func (w *world) mailed(ctx context.Context) (files map[string][]byte, findings int, err error) {
	var old []string
	files = map[string][]byte{}
	for key, kept := range w.store.States(mailExports) {
		at, events, _ := strings.Cut(kept, "\n")
		if came, err := time.Parse(time.RFC3339, at); err != nil || w.Env.Now.Sub(came) >= collect.MailedFor {
			old = append(old, key)
			continue
		}
		files["mail/"+strings.TrimPrefix(key, mailExports)] = []byte(events)
	}
	var rows []model.Row
	for key, note := range w.store.States(mailFindings) {
		var f finding
		if err := json.Unmarshal([]byte(note), &f); err != nil || w.Env.Now.Sub(f.At) >= collect.MailedFor {
			old = append(old, key)
			continue
		}
		for kind, n := range f.Kinds {
			rows = append(rows, model.FindingRow{At: f.At, Until: f.At, File: "mail", Kind: kind, Count: n})
		}
	}
	return files, len(rows), w.store.Change(ctx, func(c *store.Change) error {
		for _, key := range old {
			if err := c.ForgetStates(key); err != nil {
				return err
			}
		}
		return c.Put(rows)
	})
}

// noticeMail hands over the mails whose labels may be urgent. They are taken from
// the facts, so that one is told whose run died.
func (w *world) noticeMail(ctx context.Context) {
	err := w.each(ctx, "SELECT m.id, m.at, array_to_string(m.labels, chr(10)) AS labels FROM mail m WHERE len(m.labels) > 0 ORDER BY m.id", func(row []any) {
		id, _ := row[0].(string)
		at, _ := row[1].(time.Time)
		labels, _ := row[2].(string)
		w.hear(mailSource, alert.Notice{Name: mailNotice + id, Labels: strings.Split(labels, "\n"), At: at}, report.Heard{Source: "mail"})
	})
	if err != nil {
		w.note("urgent mail cannot be told of: %v", err)
	}
}
