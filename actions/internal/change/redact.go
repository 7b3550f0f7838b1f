package change

import "slices"

// Redacted is the message with a function applied to all that people read in
// it. What finds it again stays: its key, channel and thread.
func (m Message) Redacted(redact func(string) string) Message {
	m.Title, m.Summary, m.Body = redact(m.Title), redact(m.Summary), redact(m.Body)
	m.Link, m.Runbook = redact(m.Link), redact(m.Runbook)
	m.Record, m.Failing = redact(m.Record), redact(m.Failing)
	m.Facts = slices.Clone(m.Facts)
	for i, f := range m.Facts {
		m.Facts[i] = Fact{redact(f.Name), redact(f.Value)}
	}
	return m
}
