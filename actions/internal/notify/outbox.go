package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// Outbox tells people about issues: it claims on the issue, sends, and
// records. Killed at any point it leaves a state from which a later run goes
// on: before the claim nothing was said; after it the claim runs out and the
// next run looks in the channel, adopts what it finds there, or sends again
// with a word that it may be a repeat.
type Outbox struct {
	GitHub     *GitHub
	Messengers Messengers
	Run        string
	Clock      func() time.Time // the time as it passes
}

// Receipt says what became of the messages of one telling.
type Receipt struct {
	Sent    []change.Message
	Left    []change.Message // another run has claimed them, or sent them meanwhile
	Adopted []change.Message // found in the channel: an earlier run had sent them
	Refused []string         // addresses that the mail server does not take, each with its reason
}

// Tell carries out the step, given the markers that the issue already has;
// meanwhile is done as soon as the claim stands, beside the sending.
func (o *Outbox) Tell(ctx context.Context, step change.Tell, before []alert.Marker, meanwhile func() error) (Receipt, error) {
	start := o.Clock()
	mine, err := o.GitHub.claim(ctx, step.Issue, o.newClaim(step), step.Claiming)
	if err != nil {
		return Receipt{}, errors.Join(err, meanwhile())
	}
	all, err := o.GitHub.markers(ctx, step.Issue, o.oldest(before))
	if err != nil {
		return Receipt{}, errors.Join(err, o.giveUp(ctx, step, mine), meanwhile())
	}
	done := make(chan error, 1)
	go func() { done <- meanwhile() }()
	receipt, told, errSend := o.sendAll(ctx, step, mine, all, start)
	errBeside := <-done
	// What was sent is recorded even where the run has been told to stop.
	errRecord := o.settle(context.WithoutCancel(ctx), step.Issue, mine, told, all)
	return receipt, errors.Join(errSend, errBeside, errRecord)
}

// giveUp frees a claim of which nothing was sent, so that the next run need
// not wait for it to run out.
func (o *Outbox) giveUp(ctx context.Context, step change.Tell, mine alert.Marker) error {
	for i := range mine.Told {
		mine.Told[i].State = alert.Failed
	}
	return o.GitHub.record(context.WithoutCancel(ctx), step.Issue, mine)
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

func (o *Outbox) sendAll(ctx context.Context, step change.Tell, mine alert.Marker, all []alert.Marker, start time.Time) (Receipt, []alert.Told, error) {
	var receipt Receipt
	var told []alert.Told
	var errs []error
	won := alert.Won(mine, all, o.Clock())
	for _, m := range step.Messages {
		if !owns(won, m) {
			receipt.Left = append(receipt.Left, m)
			continue
		}
		record, adopted, err := o.send(ctx, m, mine, all, start)
		told = append(told, record)
		var part *PartError
		if record.State == alert.Sent && errors.As(err, &part) {
			receipt.Refused, err = append(receipt.Refused, fmt.Sprintf("%s: %v", m.Channel, part)), nil
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("tell %s of #%d by %s: %w", m.Channel, step.Issue, m.By, err))
			continue
		}
		if adopted {
			receipt.Adopted = append(receipt.Adopted, m)
			continue
		}
		receipt.Sent = append(receipt.Sent, m)
	}
	return receipt, told, errors.Join(errs...)
}

func owns(won []alert.Told, m change.Message) bool {
	for _, t := range won {
		if t.Channel == m.Channel && t.By == m.By {
			return true
		}
	}
	return false
}

// send delivers one message of a claim that was won. The record says failed
// only where nothing went out for certain.
func (o *Outbox) send(ctx context.Context, m change.Message, mine alert.Marker, all []alert.Marker, start time.Time) (alert.Told, bool, error) {
	record := toldOf(m, alert.Pending)
	if earlier, unsure := alert.Unconfirmed(mine, record, all, o.Clock()); unsure {
		ref, found, err := o.Messengers.Look(ctx, m, earlier.At)
		if err != nil && !errors.Is(err, ErrUnreadable) {
			return record, false, err
		}
		if found {
			return sent(m, ref), true, nil
		}
		m.Repeat = true
	}
	if o.Clock().Sub(start) > alert.Hold-time.Minute {
		record.State = alert.Failed
		return record, false, fmt.Errorf("the claim ran out before it could be sent")
	}
	ref, err := o.Messengers.Send(ctx, m)
	var unsure *UnsureError
	var part *PartError
	switch {
	case err == nil, ref != "" && errors.As(err, &part):
		return sent(m, ref), false, err
	case !errors.As(err, &unsure):
		record.State = alert.Failed
	}
	return record, false, err
}

func sent(m change.Message, ref string) alert.Told {
	t := toldOf(m, alert.Sent)
	t.Ref = ref
	return t
}

// settle records what became of a claim, in one comment with what earlier
// claims had left open, and takes theirs away.
func (o *Outbox) settle(ctx context.Context, issue int, mine alert.Marker, told []alert.Told, all []alert.Marker) error {
	if len(told) == 0 {
		return o.GitHub.withdraw(ctx, issue, mine)
	}
	mine.Told = told
	folded, spent := alert.Fold(mine, all, o.Clock())
	if err := o.GitHub.record(ctx, issue, folded); err != nil {
		return err
	}
	var errs []error
	for _, old := range spent {
		errs = append(errs, o.GitHub.withdraw(ctx, issue, old))
	}
	return errors.Join(errs...)
}
