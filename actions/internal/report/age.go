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
	if final, found := finalOf(r, now); found {
		switch text := fmt.Sprintf("GA: %s on %s", Cell(final.Version), humanize.Day(final.At)); {
		case ga.IsZero():
			return text
		case final.At.UTC().Truncate(day).Equal(ga.UTC().Truncate(day)):
			return text + ", as planned"
		default:
			return text + ", planned for " + humanize.Day(ga)
		}
	}
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

// finalOf returns the first final version of a release whose watched version is a
// preview, as known at a time, and reports whether there is one.
func finalOf(r model.Release, now time.Time) (model.Published, bool) {
	if !isPreview(r.Version) {
		return model.Published{}, false
	}
	for _, p := range (Day{Release: r}).published() {
		if !isPreview(p.Version) && !p.At.After(now) {
			return p, true
		}
	}
	return model.Published{}, false
}
