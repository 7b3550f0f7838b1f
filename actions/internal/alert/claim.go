package alert

import (
	"slices"
	"sort"
	"time"
)

func sortMarkers(all []Marker) {
	sort.SliceStable(all, func(i, j int) bool { return all[i].Comment < all[j].Comment })
}

// Hold is how long a claim keeps others from sending: longer than any job of
// ours may run.
const Hold = 10 * time.Minute

// Claim is the marker that claims tellings for a run, until now plus Hold.
func Claim(told []Told, run string, now time.Time) Marker {
	return Marker{Run: run, At: now, Until: now.Add(Hold), Told: told}
}

// Taken is how far another run is with a part of a claim: Sent, Pending while its
// own older claim holds, or empty where the part is the claimant's to send. A
// channel goes to the oldest live claim for the same telling.
func Taken(mine Marker, t Told, all []Marker, now time.Time) State {
	taken := State("")
	for _, other := range all {
		if other.Comment >= mine.Comment {
			continue
		}
		for _, o := range other.Told {
			switch {
			case !same(o, t):
			case o.State == Sent:
				return Sent
			case o.State == Pending && other.Holds(mine.Run, now):
				taken = Pending
			}
		}
	}
	return taken
}

// same tells two records of one telling: the channel, at least the episode,
// and at least as urgent.
func same(o, t Told) bool {
	return o.Channel == t.Channel && o.By == t.By && o.Kind == t.Kind && o.Episode >= t.Episode && urgency(o.Respond) >= urgency(t.Respond)
}

// Unconfirmed is an earlier claim of the same telling that ran out while it was
// pending: its message may have gone out. The second answer is false where
// there is none.
func Unconfirmed(mine Marker, t Told, all []Marker, now time.Time) (Marker, bool) {
	for _, other := range all {
		if other.Comment == mine.Comment || other.Holds(mine.Run, now) {
			continue
		}
		for _, o := range other.Told {
			if same(o, t) && o.State == Pending {
				return other, true
			}
		}
	}
	return Marker{}, false
}

// Settled is what a marker records as sent, without what it left open.
func (m Marker) Settled() Marker {
	var sent []Told
	for _, t := range m.Told {
		if t.State == Sent {
			sent = append(sent, t)
		}
	}
	m.Told = sent
	return m
}

// SettledBy returns a marker with what it left open set to what records elsewhere
// say was sent, and reports whether that changed it. A claim that another run may
// still be working on stays as it is.
func (m Marker) SettledBy(filed []Marker, now time.Time) (Marker, bool) {
	changed := false
	told := slices.Clone(m.Told)
	for i, t := range told {
		if t.State == Sent || t.State == Pending && m.Holds("", now) {
			continue
		}
		for _, f := range filed {
			at := slices.IndexFunc(f.Told, func(o Told) bool { return o.State == Sent && same(o, t) })
			if at >= 0 {
				told[i], changed = f.Told[at], true
			}
		}
	}
	m.Told = told
	return m, changed
}

// Fold takes earlier markers into the claimant's that left something open
// which the claimant has taken up: what they sent stays on record in the one
// marker, and they are spent. A marker that is all sent stands as it is, and
// so does one that another run may still be working on.
func Fold(mine Marker, all []Marker, now time.Time) (Marker, []Marker) {
	var spent []Marker
	var kept []Told
	for _, other := range all {
		if other.Comment == mine.Comment || !takenUp(other, mine, now) {
			continue
		}
		spent = append(spent, other)
		kept = append(kept, other.Settled().Told...)
	}
	mine.Told = append(kept, mine.Told...)
	return mine, spent
}

// takenUp tells a marker with something open, all of which is mine now.
func takenUp(old, mine Marker, now time.Time) bool {
	left := false
	for _, o := range old.Told {
		if o.State == Sent {
			continue
		}
		if o.State == Pending && old.Holds(mine.Run, now) || !names(mine, o) {
			return false
		}
		left = true
	}
	return left
}

func names(m Marker, t Told) bool {
	for _, other := range m.Told {
		if other.Channel == t.Channel && other.By == t.By && other.Kind == t.Kind {
			return true
		}
	}
	return false
}
