package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// homebrew is the core tap of Homebrew. It tells how often a formula was installed
// in the last 30, 90 and 365 days by those who let it count; of a day it tells
// nothing, so the mean of 30 days stands for each.
var homebrew = Registry{
	Name: "homebrew", Title: "Homebrew", Example: "caro",
	Tells:   "installs of the last 30 days, whose mean is the figure of a day",
	Metrics: []string{"downloads_per_day"},
	Valid:   lazyregexp.New(`^[a-z0-9][a-z0-9@+._-]{0,99}$`).MatchString,
	Hosts:   []Host{{"https://formulae.brew.sh", "AFTERCARE_HOMEBREW_URL"}},
	read:    readHomebrew,
}

// homebrewDays is the span that is read, in days.
const homebrewDays = 30

func readHomebrew(ctx context.Context, r *reading) error {
	var about struct {
		Generated string `json:"generated_date"`
		Analytics struct {
			Install struct {
				Month map[string]int64 `json:"30d"` // by the formula with its options
			} `json:"install"`
		} `json:"analytics"`
	}
	switch err := r.get(ctx, 0, "/api/formula/"+url.PathEscape(r.name)+".json", &about); {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	}
	until, err := time.Parse(time.DateOnly, about.Generated)
	if err != nil || until.Year() < 1990 || until.After(r.Now.Add(oneDay)) {
		return fmt.Errorf("the registry: generated_date cannot be %q", short(about.Generated))
	}
	var sum int64
	for _, n := range about.Analytics.Install.Month {
		sum += n
	}
	r.addSpan("", until.AddDate(0, 0, -homebrewDays), until, sum)
	return nil
}
