package main

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// sweeps runs the sweep of P0 at the first quarter of an hour after each mail, and after
// each time by which somebody had to respond, up to a time. The shipped workflow sweeps
// each quarter of an hour; the sweeps between have nothing to do that another does not.
func (s *stage) sweeps(ctx context.Context, until time.Time) error {
	for {
		next := time.Time{}
		for _, at := range append(s.deadlines(), s.mails...) {
			if at = sweepAfter(at); at.After(s.world.Now()) && at.Before(until) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if next.IsZero() {
			return nil
		}
		s.world.SetNow(next)
		if err := quietly(ctx, s); err != nil {
			return err
		}
	}
}

// sweepAfter is the first time after another at which the shipped workflow sweeps: 4,
// 19, 34 and 49 minutes past the hour.
func sweepAfter(at time.Time) time.Time {
	return at.Add(-4 * time.Minute).Truncate(15 * time.Minute).Add(19 * time.Minute)
}

// deadlines are the times by which somebody must respond to what people were told of
// issues that are open and of alerts that last.
func (s *stage) deadlines() []time.Time {
	var all []time.Time
	// What cannot be read has no deadlines: the programs say what is wrong with it.
	memory, _ := alert.Decode(s.repo.Files("main")["reports/data/alerts.json"])
	for _, a := range memory.Alerts {
		for _, e := range a.Episodes {
			for _, t := range e.Told {
				if e.Ended.IsZero() && e.Answered.IsZero() && t.State == alert.Sent && t.Respond > 0 {
					all = append(all, t.At.Add(t.Respond))
				}
			}
		}
	}
	seal := alert.Seal{Login: "github-actions[bot]"}
	for _, i := range s.repo.Issues() {
		if i.State != "open" {
			continue
		}
		for _, c := range i.Comments {
			marker, _ := seal.Read(model.Comment{ID: c.ID, Issue: i.Number, Author: c.Author, Body: c.Body})
			for _, t := range marker.Told {
				if t.State == alert.Sent && t.Kind == "" && t.Respond > 0 {
					all = append(all, marker.At.Add(t.Respond))
				}
			}
		}
	}
	return all
}
