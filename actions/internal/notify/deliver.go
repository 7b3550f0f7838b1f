package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// Register keeps claims and records of messages where every run sees them: in
// comments of an issue, or in the memory of alerts among the reports.
type Register interface {
	// Claim claims the messages, and returns those that are this run's to send.
	Claim(ctx context.Context) ([]Claimed, error)
	// Settle records what became of them. It must do so even where the run has been
	// told to stop.
	Settle(ctx context.Context, all []Delivery) error
}

// Claimed is a message that this run has claimed.
type Claimed struct {
	change.Message
	Until time.Time // when the claim ends
	Doubt Doubt
	Since time.Time // since when an earlier run may have sent it, of one that is in doubt
}

// Doubt is whether an earlier run may have sent the same message. One that is in
// doubt is looked for in its channel, and taken for sent where it is found.
type Doubt int

const (
	// NoDoubt is of a message that no earlier run can have sent.
	NoDoubt Doubt = iota
	// Late is of a message that an earlier run should have sent, and of which it left
	// no claim.
	Late
	// LateActed is Late, where that run has left something else behind: the message
	// says that it may repeat where the channel cannot be read.
	LateActed
	// ClaimRanOut is of a message that an earlier run has claimed and not recorded: it
	// says that it repeats.
	ClaimRanOut
	// NoRecord is of a message of which no run can keep a record: it says that it may
	// repeat where the channel cannot be read.
	NoRecord
)

// Delivery is what became of a claimed message.
type Delivery struct {
	Message change.Message
	// State is Sent, also of one that was found; Failed where nothing went out for
	// certain; Pending where nobody knows.
	State   alert.State
	Ref     string    // the channel's own id of it, where it was sent
	At      time.Time // when it was sent or found
	Adopted bool      // it was found in the channel: an earlier run had sent it
	Unread  string    // why the channel could not be searched to its end; empty where it was
	Refused string    // which addresses the mail server does not take; empty where it took all
	Err     error     // why it is not known to be sent; nil where it is
}

// Deliver is the way of every notification: it claims, looks for what an earlier run
// has sent, sends the rest and settles. Killed at any point it leaves a state from
// which a later run goes on: before the claim nothing was sent; after it the claim
// runs out, and the next run adopts what it finds in the channel, or sends again and
// says that it may be a repeat. beside is done as soon as the claim stands; nil is
// nothing. The error is that of the claim, of beside and of the record: each
// delivery has its own.
func (ms Messengers) Deliver(ctx context.Context, r Register, clock func() time.Time, beside func() error) ([]Delivery, error) {
	if beside == nil {
		beside = func() error { return nil }
	}
	claimed, err := r.Claim(ctx)
	if github.Deleted(err) {
		return nil, err // nobody needs to hear of it
	}
	if err != nil {
		return nil, errors.Join(err, beside())
	}
	done := make(chan error, 1)
	go func() { done <- beside() }()
	var all []Delivery
	for _, c := range claimed {
		all = append(all, ms.deliver(ctx, c, clock))
	}
	errBeside := <-done
	return all, errors.Join(errBeside, r.Settle(context.WithoutCancel(ctx), all))
}

// deliver finds or sends one message.
func (ms Messengers) deliver(ctx context.Context, c Claimed, clock func() time.Time) Delivery {
	d := Delivery{Message: c.Message, State: alert.Pending}
	m := c.Message
	if c.Doubt != NoDoubt {
		ref, found, err := ms.Look(ctx, m, c.Since)
		d.Unread = unread(m, err)
		switch {
		case found:
			d.State, d.Ref, d.At, d.Adopted = alert.Sent, ref, clock(), true
			return d
		case c.Doubt == NoRecord:
			m.Unrecorded = err != nil
		case err != nil && !errors.Is(err, ErrUnreadable):
			d.Err = err
			return d
		case c.Doubt == ClaimRanOut:
			m.Repeat = true
		case c.Doubt == LateActed:
			m.Unrecorded = err != nil
		}
	}
	if d.Err = alert.InTime(c.Until, clock()); d.Err != nil {
		d.State = alert.Failed
		return d
	}
	ref, err := ms.Send(ctx, m)
	var unsure *UnsureError
	var part *PartError
	switch {
	case ref != "" && errors.As(err, &part):
		d.Refused = fmt.Sprintf("%s: %v", m.Channel, part)
		fallthrough
	case err == nil:
		d.State, d.Ref, d.At = alert.Sent, ref, clock()
		return d
	case !errors.As(err, &unsure):
		d.State = alert.Failed
	}
	d.Err = err
	return d
}

// unread says of which channel nobody knows whether a message is in it; empty where
// that is known, or where no channel of its kind can be read.
func unread(m change.Message, err error) string {
	var history *HistoryError
	if !errors.As(err, &history) {
		return ""
	}
	return fmt.Sprintf("%s: whether an earlier run has sent the message is unknown, so it may be a repeat: %v", m.Channel, history)
}
