// Package notify delivers messages: one file for each way, such as Slack or mail.
// It decides nothing but the order of its calls, in which a crash loses nothing and
// notifies nobody twice. Every text that leaves is redacted and escaped here, for
// the format that it leaves in.
package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// Messenger is a way to reach people.
type Messenger interface {
	// Send delivers a message and answers with the channel's own id of it,
	// empty where there is none. An error that is an *UnsureError means that
	// the message may have gone out all the same.
	Send(ctx context.Context, m change.Message) (ref string, err error)
	// Look searches the channel for a message with the key that went out
	// since. Where the channel cannot be read it answers ErrUnreadable.
	Look(ctx context.Context, m change.Message, since time.Time) (ref string, found bool, err error)
}

// ErrUnreadable is the answer of a channel that can be written only.
var ErrUnreadable = errors.New("this channel cannot be read back")

// HistoryError is a channel whose history could not be read to its end: whether a
// message is in it is unknown, as where the channel cannot be read back.
type HistoryError struct{ Err error }

func (e *HistoryError) Error() string {
	return "the channel cannot be read to its end: " + e.Err.Error()
}
func (e *HistoryError) Unwrap() []error { return []error{ErrUnreadable, e.Err} }

// UnsureError is a delivery of which nobody knows whether it arrived.
type UnsureError struct{ Err error }

func (e *UnsureError) Error() string { return "delivery unconfirmed: " + e.Err.Error() }
func (e *UnsureError) Unwrap() error { return e.Err }

// PartError is a delivery that reached some of a channel's addresses, or none;
// Send answers with an id where it reached one at least.
type PartError struct{ Missed []string }

func (e *PartError) Error() string {
	return "the mail server does not take " + strings.Join(e.Missed, ", ")
}

func (e *PartError) orNil() error {
	if len(e.Missed) == 0 {
		return nil
	}
	return e
}

// Messengers finds the way that a message takes, by Place.
type Messengers map[string]Messenger

// Place is the key of a channel and a way that leads to it.
func Place(channel, by string) string { return channel + "/" + by }

// Reaches reports whether a way to the channel is set up.
func (ms Messengers) Reaches(channel, by string) bool { return ms[Place(channel, by)] != nil }

// Send delivers a message by its way.
func (ms Messengers) Send(ctx context.Context, m change.Message) (string, error) {
	if !ms.Reaches(m.Channel, m.By) {
		return "", fmt.Errorf("nothing is set up that reaches it")
	}
	return ms[Place(m.Channel, m.By)].Send(ctx, m)
}

// Look searches for a message where it would have gone.
func (ms Messengers) Look(ctx context.Context, m change.Message, since time.Time) (string, bool, error) {
	if !ms.Reaches(m.Channel, m.By) {
		return "", false, ErrUnreadable
	}
	return ms[Place(m.Channel, m.By)].Look(ctx, m, since)
}

// Responded tells when somebody took on what a message is about, and who, by an
// answer in its thread or a reaction to it; zero where nobody has. Where the channel
// cannot be read the error is ErrUnreadable.
func (ms Messengers) Responded(ctx context.Context, channel, by, ref string, now time.Time) (Response, error) {
	s, is := ms.bare(Place(channel, by)).(*Slack)
	if !is || ref == "" {
		return Response{}, ErrUnreadable
	}
	return s.Responded(ctx, ref, now)
}
