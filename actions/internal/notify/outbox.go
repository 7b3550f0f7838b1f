package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/publish"
)

// Outbox notifies people about issues: it claims on the issue, sends, and
// records. Killed at any point it leaves a state from which a later run goes
// on: before the claim nothing was sent; after it the claim runs out and the
// next run looks in the channel, adopts what it finds there, or sends again
// and says that it may be a repeat.
//
// An issue that takes no comment (locked, archived, a token without permission)
// keeps nobody uninformed: the claim goes to Fallback, and where that refuses it
// too, the message is sent all the same and says that it may repeat.
type Outbox struct {
	GitHub     *publish.GitHub
	Messengers Messengers
	Fallback   publish.Comments // for claims that the issue does not take; nil for none
	Run        string
	Clock      func() time.Time // the time as it passes
	// Late says that an earlier run may have sent without a record, so that a channel
	// that can be read is searched before anything is sent to it.
	Late bool
	// Acted says that an earlier run has labelled the issue and left no record, so
	// that a message to a channel that cannot be read says that it may be a repeat.
	Acted bool
}

// Receipt says what became of the messages of one step.
type Receipt struct {
	Sent       []change.Message
	Left       []change.Message // another run has claimed them
	Elsewhere  []change.Message // another run has sent them meanwhile
	Adopted    []change.Message // found in the channel: an earlier run had sent them
	Told       []alert.Told     // what is known of each message
	Unread     []string         // channels that could not be searched for an earlier delivery, each with its reason
	Refused    []string         // addresses that the mail server does not take, each with its reason
	Unrecorded error            // why the issue did not take the record; nil where it did
	Filed      bool             // the fallback has taken the record instead
}

func (r *Receipt) add(more Receipt) {
	r.Sent, r.Left, r.Elsewhere = append(r.Sent, more.Sent...), append(r.Left, more.Left...), append(r.Elsewhere, more.Elsewhere...)
	r.Adopted, r.Refused = append(r.Adopted, more.Adopted...), append(r.Refused, more.Refused...)
	r.Unread, r.Told = append(r.Unread, more.Unread...), append(r.Told, more.Told...)
	if more.Unrecorded != nil {
		r.Unrecorded, r.Filed = more.Unrecorded, more.Filed
	}
}

// Tell carries out the step, given the markers that the issue already has;
// meanwhile is done as soon as the claim stands, beside the sending. A record has
// a limited size, so many messages are claimed part by part.
func (o *Outbox) Tell(ctx context.Context, step change.Tell, before []alert.Marker, meanwhile func() error) (Receipt, error) {
	var receipt Receipt
	var errs []error
	for _, part := range o.parts(step) {
		got, err := o.tell(ctx, part, before, meanwhile)
		receipt.add(got)
		errs = append(errs, err)
		meanwhile = func() error { return nil }
	}
	return receipt, errors.Join(errs...)
}

// tell claims, sends and records one part.
func (o *Outbox) tell(ctx context.Context, step change.Tell, before []alert.Marker, meanwhile func() error) (Receipt, error) {
	d := delivery{Outbox: o, under: o.GitHub, step: step, start: o.Clock()}
	err := d.claim(ctx)
	if github.Deleted(err) {
		return Receipt{}, err // nobody needs to hear of it
	}
	if github.Refused(err) {
		d.fallBack(ctx, err)
		err = nil
	}
	if err == nil && d.claimed {
		err = d.look(ctx, before)
	}
	if err != nil {
		return Receipt{}, errors.Join(err, meanwhile())
	}
	done := make(chan error, 1)
	go func() { done <- meanwhile() }()
	errSend := d.sendAll(ctx)
	errBeside := <-done
	// What was sent is recorded even where the run has been told to stop.
	errRecord := d.settle(context.WithoutCancel(ctx))
	return d.receipt, errors.Join(errSend, errBeside, errRecord)
}

// delivery is one part of a step on its way.
type delivery struct {
	*Outbox
	under   *publish.GitHub // where the claim and the record are kept
	step    change.Tell
	start   time.Time
	claimed bool
	mine    alert.Marker
	all     []alert.Marker // all claims and records that there are, ours among them
	told    []alert.Told
	receipt Receipt
}

func (d *delivery) claim(ctx context.Context) error {
	mine, err := d.under.Claim(ctx, d.step.Issue, d.newClaim(d.step), d.step.Claiming)
	d.mine, d.claimed = mine, err == nil
	return err
}

// fallBack claims elsewhere what the issue did not take. Where that fails too,
// nothing is claimed, and the messages go out without a record.
func (d *delivery) fallBack(ctx context.Context, why error) {
	d.receipt.Unrecorded = why
	if d.Fallback == nil {
		return
	}
	under := *d.GitHub
	under.Under = d.Fallback
	d.under = &under
	d.receipt.Filed = d.claim(ctx) == nil
}

// look reads the claims that there are. A claim of which nothing was sent is
// freed, so that the next run need not wait for it to run out.
func (d *delivery) look(ctx context.Context, before []alert.Marker) error {
	all, err := d.under.Markers(ctx, d.step.Issue, d.oldest(before))
	if err == nil {
		d.all = all
		return nil
	}
	for i := range d.mine.Told {
		d.mine.Told[i].State = alert.Failed
	}
	return errors.Join(err, d.under.Record(context.WithoutCancel(ctx), d.step.Issue, d.mine))
}

func (o *Outbox) newClaim(step change.Tell) alert.Marker {
	var told []alert.Told
	for _, m := range step.Messages {
		told = append(told, toldOf(m, alert.Pending))
	}
	return alert.Claim(told, o.Run, o.Clock())
}

// oldest is when the earliest marker was written, so that the listing reaches
// back to it.
func (o *Outbox) oldest(before []alert.Marker) time.Time {
	at := o.Clock()
	for _, m := range before {
		if m.At.Before(at) {
			at = m.At
		}
	}
	return at
}

// sendAll sends what the claim has won, and everything where nothing could be
// claimed.
func (d *delivery) sendAll(ctx context.Context) error {
	var errs []error
	for _, m := range d.step.Messages {
		switch d.taken(m) {
		case alert.Sent:
			d.receipt.Elsewhere = append(d.receipt.Elsewhere, m)
			continue
		case alert.Pending:
			d.receipt.Left = append(d.receipt.Left, m)
			continue
		}
		if err := d.sendOne(ctx, m); err != nil {
			errs = append(errs, fmt.Errorf("tell %s of #%d by %s: %w", m.Channel, d.step.Issue, m.By, err))
		}
	}
	return errors.Join(errs...)
}

// taken is how far another run is with a message.
func (d *delivery) taken(m change.Message) alert.State {
	if !d.claimed {
		return ""
	}
	return alert.Taken(d.mine, toldOf(m, alert.Pending), d.all, d.Clock())
}

// sendOne sends a message, and notes what became of it.
func (d *delivery) sendOne(ctx context.Context, m change.Message) error {
	record, adopted, err := d.send(ctx, m)
	d.told, d.receipt.Told = append(d.told, record), append(d.receipt.Told, record)
	var part *PartError
	switch {
	case record.State == alert.Sent && errors.As(err, &part):
		d.receipt.Refused = append(d.receipt.Refused, fmt.Sprintf("%s: %v", m.Channel, part))
	case err != nil:
		return err
	}
	if adopted {
		d.receipt.Adopted = append(d.receipt.Adopted, m)
		return nil
	}
	d.receipt.Sent = append(d.receipt.Sent, m)
	return nil
}

// send delivers one message, unless it is found in the channel. The record says
// failed only where nothing went out for certain.
func (d *delivery) send(ctx context.Context, m change.Message) (alert.Told, bool, error) {
	record := toldOf(m, alert.Pending)
	since, maybe := d.unconfirmed(record)
	if maybe || d.Late {
		ref, found, err := d.Messengers.Look(ctx, m, since)
		d.receipt.noteUnread(m, err)
		switch {
		case found:
			return sent(m, ref), true, nil
		case !maybe && (err == nil || errors.Is(err, ErrUnreadable)):
			m.Unrecorded = d.Acted && err != nil
		case d.receipt.Unrecorded != nil:
			m.Unrecorded = errors.Is(err, ErrUnreadable) || err != nil
		case err != nil && !errors.Is(err, ErrUnreadable):
			return record, false, err
		default:
			m.Repeat = true
		}
	}
	if d.Clock().Sub(d.start) > alert.Hold-time.Minute {
		record.State, record.Words = alert.Failed, m.Failing
		return record, false, fmt.Errorf("the claim ran out before it could be sent")
	}
	ref, err := d.Messengers.Send(ctx, m)
	var unsure *UnsureError
	var part *PartError
	switch {
	case err == nil, ref != "" && errors.As(err, &part):
		return sent(m, ref), false, err
	case errors.As(err, &unsure):
		record.Words = m.Unsure
	default:
		record.State, record.Words = alert.Failed, m.Failing
	}
	return record, false, err
}

// noteUnread notes a channel that could not be searched to its end.
func (r *Receipt) noteUnread(m change.Message, err error) {
	var history *HistoryError
	if errors.As(err, &history) {
		r.Unread = append(r.Unread, fmt.Sprintf("%s: whether an earlier run has sent the message is unknown, so it may be a repeat: %v", m.Channel, history))
	}
}

// unconfirmed reports whether a message may have been sent before, and since
// when: an earlier claim ran out, or earlier runs could not record it either.
func (d *delivery) unconfirmed(record alert.Told) (time.Time, bool) {
	if earlier, unsure := alert.Unconfirmed(d.mine, record, d.all, d.Clock()); d.claimed && unsure {
		return earlier.At, true
	}
	return d.start.Add(-maxLookBack), d.receipt.Unrecorded != nil
}

// maxLookBack is how far back a channel is searched for a message of which there
// is not a record.
const maxLookBack = 7 * 24 * time.Hour

func sent(m change.Message, ref string) alert.Told {
	t := toldOf(m, alert.Sent)
	t.Ref = ref
	return t
}

// settle records what became of a claim, in one comment with what earlier
// claims had left open, and takes theirs away. Where the issue does not take the
// record any more, the fallback does.
func (d *delivery) settle(ctx context.Context) error {
	if !d.claimed {
		return nil
	}
	if len(d.told) == 0 {
		return d.under.Withdraw(ctx, d.step.Issue, d.mine)
	}
	d.mine.Told = d.told
	folded, spent := d.fold()
	err := d.under.Record(ctx, d.step.Issue, folded)
	if github.Refused(err) && d.receipt.Unrecorded == nil {
		return d.settleElsewhere(ctx, err)
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, old := range spent {
		errs = append(errs, d.spend(ctx, old))
	}
	return errors.Join(errs...)
}

// settleElsewhere files the record of a claim that the issue took and cannot
// change any more: it was locked in between.
func (d *delivery) settleElsewhere(ctx context.Context, why error) error {
	d.receipt.Unrecorded = why
	if d.Fallback == nil {
		return nil
	}
	_, err := d.Fallback.Write(ctx, d.step.Issue, d.under.Seal.Comment(d.step.Issue, d.mine, ""))
	d.receipt.Filed = err == nil
	return nil
}

// fold takes earlier claims into the record, where the comment has room for them.
func (d *delivery) fold() (alert.Marker, []alert.Marker) {
	folded, spent := alert.Fold(d.mine, d.all, d.Clock())
	if len(d.under.Seal.Comment(d.step.Issue, folded, "")) > maxRecord {
		return d.mine, spent
	}
	for i := range spent {
		spent[i].Told = nil
	}
	return folded, spent
}

// spend leaves of an earlier claim what it sent, if that is recorded nowhere else.
func (d *delivery) spend(ctx context.Context, old alert.Marker) error {
	if settled := old.Settled(); len(settled.Told) > 0 {
		return d.under.Record(ctx, d.step.Issue, settled)
	}
	return d.under.Withdraw(ctx, d.step.Issue, old)
}
