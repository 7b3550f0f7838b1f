package alert

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Peak is the worst figure that a metric had in an episode. Runs between two readings
// of a day measure too, so that no reading may have it.
type Peak struct {
	At    time.Time     `json:"at"` // when it was measured
	From  time.Time     `json:"from,omitzero"`
	Until time.Time     `json:"until,omitzero"` // with From the window; equal for a state as of At
	Level verdict.Level `json:"level"`
	Value float64       `json:"value"`
	Part  *float64      `json:"part,omitempty"` // of a rate, with Whole; nil for all else
	Whole *float64      `json:"whole,omitempty"`
	Names []string      `json:"names,omitempty"` // what it counts by name; nil where nothing is named
}

// Reached takes in a figure of a metric that is past a threshold. It is kept with the
// episode that lasts where it is worse than what is kept: by its level, then by its
// value, and the first of equal ones. Of a metric that does not fire nothing is kept.
func (m Memory) Reached(metric string, p Peak, t verdict.Thresholds) Memory {
	episode, fires := m.Firing(metric)
	if !fires || p.Level != verdict.Warning && p.Level != verdict.Critical || p.At.Before(episode.Since) {
		return m
	}
	if before := episode.Peak; before != nil && !p.Level.Worse(before.Level) && (p.Level != before.Level || !t.Farther(&p.Value, &before.Value)) {
		return m
	}
	m = m.clone()
	if e := m.episode(metric, episode.Began); e != nil {
		p.Names = slices.Clone(p.Names)
		e.Peak = &p
	}
	return m
}
