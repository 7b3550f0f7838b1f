package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// ageOf is the release's age with its phase and the date planned for general
// availability: "day 22 · phase Pre-GA · GA planned 15 Feb (tomorrow)".
func ageOf(r model.Release, now time.Time) string {
	shipped := r.Shipped.Time
	if shipped.IsZero() {
		return ""
	}
	if now.Before(shipped) {
		return fmt.Sprintf("%s ships on %s", r.Version, humanize.Day(shipped))
	}
	parts := []string{fmt.Sprintf("day %d", int(now.Sub(shipped)/day)+1)}
	if newest := newestWords(r); newest != "" {
		parts = append(parts, newest)
	}
	if p, ok := r.PhaseAt(now); ok {
		parts = append(parts, "phase "+Cell(p.Name))
	}
	if ga := gaWords(r, now); ga != "" {
		parts = append(parts, ga)
	}
	return strings.Join(parts, " · ")
}

// newestWords names the newest version of the release: "newest version v1.1.2-beta
// (5 Feb)"; empty where that is the watched one.
func newestWords(r model.Release) string {
	newest := r.Newest()
	if model.SameVersion(newest.Version, r.Version) {
		return ""
	}
	return fmt.Sprintf("newest version %s (%s)", Cell(newest.Version), humanize.Day(newest.At))
}

// gaWords is the date planned for general availability, and how far off it is.
func gaWords(r model.Release, now time.Time) string {
	ga := r.GA.Time
	if ga.IsZero() {
		return ""
	}
	switch days := int(ga.Sub(now.UTC().Truncate(day)) / day); {
	case days > 1:
		return fmt.Sprintf("GA planned %s (in %d days)", humanize.Day(ga), days)
	case days == 1:
		return fmt.Sprintf("GA planned %s (tomorrow)", humanize.Day(ga))
	case days == 0:
		return "GA planned today"
	}
	return fmt.Sprintf("GA was planned for %s", humanize.Day(ga))
}
