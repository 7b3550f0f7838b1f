// Package model holds what was observed: the window that was looked at, the
// issues and people in it, and the gaps where a source did not answer. It is
// the lowest room of the house: it decides nothing, imports no other room, and
// every room may speak its words.
package model

import (
	"cmp"
	"slices"
	"time"
)

// Window is a span of time, From inclusive and Until exclusive.
type Window struct {
	From, Until time.Time
}

// Last is the window of length d that ends at now.
func Last(d time.Duration, now time.Time) Window {
	return Window{From: now.Add(-d), Until: now}
}

// Before is the window of the same length that ends where w begins.
func (w Window) Before() Window {
	return Window{From: w.From.Add(-w.Length()), Until: w.From}
}

// Length is the time between From and Until.
func (w Window) Length() time.Duration { return w.Until.Sub(w.From) }

// Gap is a source, or one table of it, that did not answer. What depends on it
// is unknown: never zero, and never the figure of an earlier run.
type Gap struct {
	Source string // github, or as named in rules.yaml: telemetry, registries, surveys, mentions, mailbox
	Table  string // the one part that is missing, such as a table or a registry; empty for the whole source
	Reason string // a sentence for people
	Hint   string // what to do about it; may be empty
	Off    bool   // nobody has switched it on: its metrics say so, and nothing warns of it
}

// DownloadsPart ends the part of a gap of a registry that tells its versions, and
// not its downloads: "npm downloads".
const DownloadsPart = " downloads"

// SortGaps orders gaps by every field that is shown, so that a page is the same
// whichever source was the first not to answer, and drops repeated ones.
func SortGaps(gaps []Gap) []Gap {
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Hint, b.Hint))
	})
	return slices.Compact(gaps)
}
