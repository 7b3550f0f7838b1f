package notify

import (
	"encoding/json"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// The limits of a record. A comment holds 65,536 characters; a record that
// exceeds it is refused, and everybody would be notified again.
const (
	maxRecord       = 60_000 // bytes of a comment that keeps a record
	maxRecordBase   = 1_000  // of these, what is not about a single message
	maxRecordRef    = 200    // room for the channel's id of a message
	maxRecordWords  = 1_000  // characters of what it says of one message
	maxRecordLabels = 10     // labels that it names of one message
)

// told is the record of a delivery.
func (d Delivery) told() alert.Told {
	t := toldOf(d.Message, d.State)
	t.Ref = d.Ref
	return t
}

// toldOf is the record of a message in a state, of a limited size.
func toldOf(m change.Message, state alert.State) alert.Told {
	t := alert.Told{Channel: m.Channel, By: m.By, Episode: m.Episode, Kind: m.Kind, Respond: m.Respond, State: state, Labels: m.Labels, Words: m.Unsure}
	switch state {
	case alert.Sent:
		t.Words = m.Record
	case alert.Failed:
		t.Words = m.Failing
	}
	t.Words = cut(t.Words, maxRecordWords)
	t.Labels = t.Labels[:min(len(t.Labels), maxRecordLabels)]
	return t
}

// parts splits a step into such as have a record that fits into one comment.
func (o *Outbox) parts(step change.Tell) []change.Tell {
	var parts []change.Tell
	room := 0
	for _, m := range step.Messages {
		size := recordSize(m)
		if len(parts) == 0 || size > room {
			parts = append(parts, change.Tell{Issue: step.Issue, Claiming: step.Claiming})
			room = maxRecord - maxRecordBase
		}
		last := &parts[len(parts)-1]
		last.Messages = append(last.Messages, m)
		room -= size
	}
	return parts
}

// recordSize is how long the record of a message can become, in bytes: its words
// are in the record, and below it for people to read.
func recordSize(m change.Message) int {
	most := 0
	for _, words := range []string{m.Record, m.Failing, m.Unsure} {
		t := toldOf(m, alert.Pending)
		t.Words = cut(words, maxRecordWords)
		src, _ := json.Marshal(t) // these types always marshal
		most = max(most, len(src)+len(t.Words)+len(", "))
	}
	return most + maxRecordRef
}
