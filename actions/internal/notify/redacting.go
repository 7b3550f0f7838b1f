package notify

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/change"
)

// redacting is a way that redacts what it sends.
type redacting struct {
	Messenger
	redact func(string) string
}

func (r redacting) Send(ctx context.Context, m change.Message) (string, error) {
	return r.Messenger.Send(ctx, m.Redacted(r.redact))
}

func (r redacting) Look(ctx context.Context, m change.Message, since time.Time) (string, bool, error) {
	return r.Messenger.Look(ctx, m.Redacted(r.redact), since)
}

// Redacting are the same ways, each with a function applied to what it sends.
func (ms Messengers) Redacting(redact func(string) string) Messengers {
	all := Messengers{}
	for place, m := range ms {
		all[place] = redacting{m, redact}
	}
	return all
}

// bare is a way without what wraps it.
func (ms Messengers) bare(place string) Messenger {
	if r, wrapped := ms[place].(redacting); wrapped {
		return r.Messenger
	}
	return ms[place]
}
