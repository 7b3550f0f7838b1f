package snapshot

import (
	"cmp"
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
)

// limits are the times that reading from strangers may take. Zero is the usual one.
type limits struct {
	mail      time.Duration // the words of one mail, and its exports
	mailFetch time.Duration // how long the server may take for one mail
	mailWait  time.Duration // how long the others wait for the mailbox
	mailLate  time.Duration // how long the run waits for it once the others were told
}

func (l limits) orUsual() limits {
	return limits{
		mail:      cmp.Or(l.mail, 10*time.Second),
		mailFetch: cmp.Or(l.mailFetch, 2*time.Minute),
		mailWait:  cmp.Or(l.mailWait, 30*time.Second),
		mailLate:  cmp.Or(l.mailLate, 4*time.Minute),
	}
}

// reads are the functions that read mails; tests put slow ones in their place.
type reads struct {
	words   func(context.Context, collect.Mail) (understood, error)
	exports func(ctx context.Context, exports [][]byte, now time.Time) (collect.Mailed, error)
}
