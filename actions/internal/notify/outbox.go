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

// Outbox notifies people about issues: it delivers what it claims on the issue.
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
	Elsewhere  []change.Message // another run has sent them beside
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
// beside is done as soon as the claim stands, beside the sending. A record has
// a limited size, so many messages are claimed part by part.
func (o *Outbox) Tell(ctx context.Context, step change.Tell, before []alert.Marker, beside func() error) (Receipt, error) {
	var receipt Receipt
	var errs []error
	for _, part := range o.parts(step) {
		got, err := o.tell(ctx, part, before, beside)
		receipt.add(got)
		errs = append(errs, err)
		beside = func() error { return nil }
	}
	return receipt, errors.Join(errs...)
}

// tell delivers one part.
func (o *Outbox) tell(ctx context.Context, step change.Tell, before []alert.Marker, beside func() error) (Receipt, error) {
	r := onIssue{Outbox: o, under: o.GitHub, step: step, before: before, start: o.Clock()}
	all, err := o.Messengers.Deliver(ctx, &r, o.Clock, beside)
	var errs []error
	for _, d := range all {
		if d.Err != nil {
			errs = append(errs, fmt.Errorf("tell %s of #%d by %s: %w", d.Message.Channel, step.Issue, d.Message.By, d.Err))
		}
		r.receipt.note(d)
	}
	return r.receipt, errors.Join(append(errs, err)...)
}

// note adds what became of a message.
func (r *Receipt) note(d Delivery) {
	r.Told = append(r.Told, d.told())
	if d.Unread != "" {
		r.Unread = append(r.Unread, d.Unread)
	}
	if d.Refused != "" {
		r.Refused = append(r.Refused, d.Refused)
	}
	switch {
	case d.Err != nil:
	case d.Adopted:
		r.Adopted = append(r.Adopted, d.Message)
	default:
		r.Sent = append(r.Sent, d.Message)
	}
}

// onIssue keeps the claims and records of one part of a step: in comments on its
// issue, or in the fallback.
type onIssue struct {
	*Outbox
	under   *publish.GitHub // where the claim and the record are kept
	step    change.Tell
	before  []alert.Marker
	start   time.Time
	claimed bool
	mine    alert.Marker
	all     []alert.Marker // all claims and records that there are, ours among them
	receipt Receipt
}

// Claim claims the messages, and leaves out what another run has sent or is sending.
func (d *onIssue) Claim(ctx context.Context) ([]Claimed, error) {
	err := d.claim(ctx)
	if github.Refused(err) && !github.Deleted(err) {
		d.fallBack(ctx, err)
		err = nil
	}
	if err == nil && d.claimed {
		err = d.look(ctx)
	}
	if err != nil {
		d.receipt = Receipt{}
		return nil, err
	}
	var won []Claimed
	for _, m := range d.step.Messages {
		switch d.taken(m) {
		case alert.Sent:
			d.receipt.Elsewhere = append(d.receipt.Elsewhere, m)
		case alert.Pending:
			d.receipt.Left = append(d.receipt.Left, m)
		default:
			doubt, since := d.doubt(m)
			won = append(won, Claimed{Message: m, Until: d.start.Add(alert.Hold), Doubt: doubt, Since: since})
		}
	}
	return won, nil
}

func (d *onIssue) claim(ctx context.Context) error {
	mine, err := d.under.Claim(ctx, d.step.Issue, d.newClaim(d.step), d.step.Claiming)
	d.mine, d.claimed = mine, err == nil
	return err
}

// fallBack claims elsewhere what the issue did not take. Where that fails too,
// nothing is claimed, and the messages go out without a record.
func (d *onIssue) fallBack(ctx context.Context, why error) {
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
func (d *onIssue) look(ctx context.Context) error {
	all, err := d.under.Markers(ctx, d.step.Issue, d.oldest(d.before))
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

// taken is how far another run is with a message.
func (d *onIssue) taken(m change.Message) alert.State {
	if !d.claimed {
		return ""
	}
	return alert.Taken(d.mine, toldOf(m, alert.Pending), d.all, d.Clock())
}

// doubt is whether an earlier run may have sent a message, and since when.
func (d *onIssue) doubt(m change.Message) (Doubt, time.Time) {
	if d.claimed {
		earlier, ranOut := alert.Unconfirmed(d.mine, toldOf(m, alert.Pending), d.all, d.Clock())
		switch {
		case ranOut && d.receipt.Unrecorded != nil:
			return NoRecord, earlier.At
		case ranOut:
			return ClaimRanOut, earlier.At
		}
	}
	since := d.start.Add(-maxLookBack)
	switch {
	case d.receipt.Unrecorded != nil:
		return NoRecord, since
	case d.Late && d.Acted:
		return LateActed, since
	case d.Late:
		return Late, since
	}
	return NoDoubt, since
}

// maxLookBack is how far back a channel is searched for a message of which there
// is not a record.
const maxLookBack = 7 * 24 * time.Hour

// Settle records what became of a claim, in one comment with what earlier
// claims had left open, and takes theirs away. Where the issue does not take the
// record any more, the fallback does.
func (d *onIssue) Settle(ctx context.Context, all []Delivery) error {
	if !d.claimed {
		return nil
	}
	if len(all) == 0 {
		return d.under.Withdraw(ctx, d.step.Issue, d.mine)
	}
	d.mine.Told = nil
	for _, one := range all {
		d.mine.Told = append(d.mine.Told, one.told())
	}
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
func (d *onIssue) settleElsewhere(ctx context.Context, why error) error {
	d.receipt.Unrecorded = why
	if d.Fallback == nil {
		return nil
	}
	_, err := d.Fallback.Write(ctx, d.step.Issue, d.under.Seal.Comment(d.step.Issue, d.mine, ""))
	d.receipt.Filed = err == nil
	return nil
}

// fold takes earlier claims into the record, where the comment has room for them.
func (d *onIssue) fold() (alert.Marker, []alert.Marker) {
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
func (d *onIssue) spend(ctx context.Context, old alert.Marker) error {
	if settled := old.Settled(); len(settled.Told) > 0 {
		return d.under.Record(ctx, d.step.Issue, settled)
	}
	return d.under.Withdraw(ctx, d.step.Issue, old)
}
