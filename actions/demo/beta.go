package main

import (
	"context"
	"fmt"
	"time"
)

// scene is one thing of the story: when, and what.
type scene struct {
	day          int // after the release; 0 is its day
	hour, minute int
	do           func(context.Context, *stage) error
}

// beta plays the three weeks from the launch to the decision about general
// availability.
func beta(ctx context.Context, s *stage) error { return betaUntil(ctx, s, lastDay) }

// betaUntil plays the beta up to a day after the release.
func betaUntil(ctx context.Context, s *stage, last int) error {
	s.tale.first = shipped
	s.tale.title("Three weeks of Caro v1.1.0-beta, on a simulated GitHub.",
		"The clock is fast; triage, snapshot, digest and gate are the programs that run in production.")
	s.repo.Role("lena", "OWNER")
	s.repo.Role("omar", "MEMBER")
	s.world.Crates.Publish("caro", "1.0.0")
	for _, one := range merged(scenes, rhythm()) {
		if one.day > last {
			break
		}
		at := shipped.AddDate(0, 0, one.day).Add(time.Duration(one.hour)*time.Hour + time.Duration(one.minute)*time.Minute)
		if err := s.sweeps(ctx, at); err != nil {
			return err
		}
		s.world.SetNow(at)
		if err := one.do(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// gateDay is the day of the decision, 14 February, and lastDay that on which the
// watch is judged, 16 February.
const gateDay, lastDay = 21, 23

// rhythm is what happens by itself: the use of a day, sweeps, the snapshot of
// each evening, and on Mondays that of the week that is over and its digest.
// The shipped workflows run at these times. Of their runs the snapshots of 00:17, 06:17
// and 12:17 on other days are left out: they would take longer than all else, and the
// evening's take the place of their readings and pages. So is the gate of Monday
// mornings: people ask it here.
func rhythm() []scene {
	var all []scene
	for n := range lastDay + 1 {
		all = append(all, scene{n, 18, 16, used}, scene{n, 18, 17, func(ctx context.Context, s *stage) error { return s.snapshot(ctx) }})
		all = append(all, scene{n, 22, 19, quietly}, scene{n, 10, 4, quietly})
		if n%7 == 2 {
			all = append(all, scene{n, 0, 16, midnight}, scene{n, 0, 17, func(ctx context.Context, s *stage) error { return s.snapshot(ctx) }}, scene{n, 6, 23, func(ctx context.Context, s *stage) error { return s.digest(ctx) }})
		}
	}
	return all
}

// merged is two lists of scenes as one, in the order of time; what the first
// tells goes before what the second does at the same minute.
func merged(a, b []scene) []scene {
	all := append(append([]scene(nil), a...), b...)
	sortScenes(all)
	return all
}

// tootsOf are what people say of it on Mastodon.
var tootsOf = []string{"#caro is lovely, I use it each day", "tried #caro: it works well", "#caro crashed on me twice, that is annoying", "#caro saves me so much time, thanks"}

// used puts into the checkout what a day has brought by now: telemetry, answers,
// downloads, stars.
func used(_ context.Context, s *stage) error {
	now := s.world.Now()
	n := int(now.Sub(shipped).Hours() / 24)
	for i := max(0, n-1); i <= n; i++ {
		if err := s.put(exportName(i), export(i, now, s.cleaned)); err != nil {
			return err
		}
	}
	for version, some := range fetched(n) {
		s.world.Crates.Download("caro", version, now, some)
	}
	if n%2 == 0 && n > 0 {
		s.world.Social.Say("mastodon", fmt.Sprint("friend-", n), "", tootsOf[n/2%len(tootsOf)], n)
	}
	for i := range 8 + n%4 {
		s.repo.Star(fmt.Sprintf("reader-%d-%d", n, i))
	}
	if n%2 == 0 {
		s.repo.Fork(fmt.Sprintf("hand-%d", n))
	}
	return s.put("surveys/beta.csv", survey(n))
}

// midnight puts into the checkout what the evening of Sunday brought, so that the
// week is whole when it is measured.
func midnight(_ context.Context, s *stage) error {
	now := s.world.Now()
	n := int(now.Sub(shipped).Hours()/24) - 1
	return s.put(exportName(n), export(n, now, s.cleaned))
}

// fetched is how often each version was downloaded on the n-th day: people move
// on from the last one, a part of them each day.
func fetched(n int) map[string]int {
	all := map[string]int{"1.0.0": max(20, 90-5*n), "1.1.0-beta": 120 + 18*n}
	switch newest := all["1.1.0-beta"]; {
	case n == 11 || n == 12:
		all["1.1.0-beta"], all["1.1.1-beta"] = newest/3, newest-newest/3
	case n > gateDay:
		all["1.1.0-beta"], all["1.1.2-beta"], all["1.1.0"] = newest/8, newest/4, newest-newest/4-newest/8
	case n > 12:
		all["1.1.0-beta"], all["1.1.2-beta"] = newest/6, newest-newest/6
	}
	return all
}
