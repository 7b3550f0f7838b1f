package notify

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// held is a register of one message, and what was settled.
type held struct {
	claimed []Claimed
	err     error
	settled []Delivery
}

func (h *held) Claim(context.Context) ([]Claimed, error) { return h.claimed, h.err }

func (h *held) Settle(_ context.Context, all []Delivery) error {
	h.settled = all
	return nil
}

// mute is a channel that answers as it is told, and notes what was sent.
type mute struct {
	found     bool
	look      error
	send      error
	delivered []change.Message
}

func (m *mute) Look(context.Context, change.Message, time.Time) (string, bool, error) {
	return "old", m.found, m.look
}

func (m *mute) Send(_ context.Context, message change.Message) (string, error) {
	m.delivered = append(m.delivered, message)
	if m.send != nil {
		return "", m.send
	}
	return "new", nil
}

// What becomes of a message depends on who may have sent it before, on whether the
// channel can be searched, on how long the claim lasts, and on how sending ends.
func TestDeliver(t *testing.T) {
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	history := &HistoryError{errors.New("forbidden")}
	for name, c := range map[string]struct {
		doubt   Doubt
		left    time.Duration // of the claim
		channel mute
		state   alert.State
		sent    string // "" is not sent; "sent", "repeat", "unrecorded"
		ref     string
	}{
		"no doubt":                           {NoDoubt, time.Hour, mute{found: true}, alert.Sent, "sent", "new"},
		"late, and found":                    {Late, time.Hour, mute{found: true}, alert.Sent, "", "old"},
		"late, and not there":                {Late, time.Hour, mute{}, alert.Sent, "sent", "new"},
		"late, in a channel for writing":     {Late, time.Hour, mute{look: ErrUnreadable}, alert.Sent, "sent", "new"},
		"late, of a run that acted":          {LateActed, time.Hour, mute{look: ErrUnreadable}, alert.Sent, "unrecorded", "new"},
		"the same, in a readable channel":    {LateActed, time.Hour, mute{}, alert.Sent, "sent", "new"},
		"claimed, and found":                 {ClaimRanOut, time.Hour, mute{found: true}, alert.Sent, "", "old"},
		"claimed, and not there":             {ClaimRanOut, time.Hour, mute{}, alert.Sent, "repeat", "new"},
		"claimed, and the history is shut":   {ClaimRanOut, time.Hour, mute{look: history}, alert.Sent, "repeat", "new"},
		"claimed, and the channel is down":   {ClaimRanOut, time.Hour, mute{look: errors.New("502")}, alert.Pending, "", ""},
		"no record, and unreadable":          {NoRecord, time.Hour, mute{look: ErrUnreadable}, alert.Sent, "unrecorded", "new"},
		"no record, and the channel is down": {NoRecord, time.Hour, mute{look: errors.New("502")}, alert.Sent, "unrecorded", "new"},
		"the claim is about to end":          {NoDoubt, 59 * time.Second, mute{}, alert.Failed, "", ""},
		"refused":                            {NoDoubt, time.Hour, mute{send: errors.New("no such channel")}, alert.Failed, "sent", ""},
		"nobody knows":                       {NoDoubt, time.Hour, mute{send: &UnsureError{errors.New("cut")}}, alert.Pending, "sent", ""},
	} {
		message := change.Message{Channel: "alerts", By: "slack", Title: "x"}
		r := &held{claimed: []Claimed{{Message: message, Until: now.Add(c.left), Doubt: c.doubt, Since: now.Add(-time.Hour)}}}
		besides := 0
		all, err := Messengers{Place("alerts", "slack"): &c.channel}.Deliver(t.Context(), r, func() time.Time { return now }, func() error { besides++; return nil })
		if err != nil || len(all) != 1 || len(r.settled) != 1 || besides != 1 {
			t.Errorf("%s: %d deliveries, %d settled, %d besides, %v", name, len(all), len(r.settled), besides, err)
			continue
		}
		sent := ""
		for _, m := range c.channel.delivered {
			switch sent = "sent"; {
			case m.Repeat:
				sent = "repeat"
			case m.Unrecorded:
				sent = "unrecorded"
			}
		}
		if d := all[0]; d.State != c.state || d.Ref != c.ref || sent != c.sent || len(c.channel.delivered) > 1 {
			t.Errorf("%s: %s %q, %q (%d times); want %s %q, %q", name, d.State, d.Ref, sent, len(c.channel.delivered), c.state, c.ref, c.sent)
		}
	}
}

// Without a claim nothing is sent, and what goes beside it is done all the same.
func TestDeliver_WithoutAClaim(t *testing.T) {
	channel, done := &mute{}, false
	r := &held{err: errors.New("403")}
	_, err := Messengers{Place("alerts", "slack"): channel}.Deliver(t.Context(), r, time.Now, func() error { done = true; return nil })
	if err == nil || !done || len(channel.delivered) > 0 || r.settled != nil {
		t.Errorf("%v; besides: %t; sent %d", err, done, len(channel.delivered))
	}
}
