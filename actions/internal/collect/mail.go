package collect

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/letter"
)

// Mail is one mail of a mailbox, as it came.
type Mail struct {
	Validity, UID uint32
	// Names are what it is known by for all time, wherever it is read again: by the
	// newest key, by older ones, and without a key. They tell nothing of it.
	Names  []string
	At     time.Time // when the server got it
	Large  bool      // too large to be read: its header alone was
	Failed error     // why the server's copy could not be read; nil where it was

	header letter.Header
	body   []byte
}

// ErrHalt is in the error of a function that wants no further mails, though it
// has kept the one that it was given.
var ErrHalt = errors.New("the reading ends here")

// Letter reads the mail within a limit of time.
func (m Mail) Letter(ctx context.Context, limit time.Duration) (letter.Letter, error) {
	if m.Failed != nil {
		return letter.Letter{}, m.Failed
	}
	return budget.Do(ctx, limit, func(context.Context) (letter.Letter, error) { return letter.Read(m.header, m.body), nil })
}

// listedFields are the fields that tell whom a mail is for, and what it is known by.
var listedFields = append([]string{"Message-Id", "Date"}, letter.Addressed...)

func (m Mailbox) fetchTime() time.Duration { return cmp.Or(m.MaxFetch, maxFetch) }
