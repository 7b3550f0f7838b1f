package publish

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/github"
)

func publisher(t testing.TB, world *fake.World) *GitHub {
	t.Helper()
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: fake.WorkflowToken, Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return &GitHub{Hub: hub, Seal: alert.Seal{Login: "github-actions[bot]"}}
}

func publishing(t testing.TB) (*fake.World, *GitHub) {
	t.Helper()
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	return world, publisher(t, world)
}

func week(subject, body string) change.Publish {
	return change.Publish{Series: "digest", Subject: subject, Title: "Week " + subject, Body: body, Labels: []string{"weekly-digest"}, Pin: true, Ends: true}
}

func open(world *fake.World) string {
	var found []string
	for _, i := range world.GitHub.Issues() {
		if i.State == "open" {
			found = append(found, fmt.Sprintf("#%d %s", i.Number, i.Title))
		}
	}
	return strings.Join(found, ", ")
}

func TestAWeekHasOneIssue(t *testing.T) {
	world, g := publishing(t)
	world.GitHub.OpenIssue("mallory", "Week 2026-W05", firstLine("digest", "2026-W05")+"\nforged", "weekly-digest")
	for i, step := range []struct {
		change.Publish
		number int
		opened bool
		closed string
	}{
		{week("2026-W05", "first"), 2, true, "[]"},
		{week("2026-W05", "first"), 2, false, "[]"},
		{week("2026-W05", "better"), 2, false, "[]"},
		{week("2026-W06", "next"), 3, true, "[2]"},
		{week("2026-W05", "late"), 2, false, "[]"},
		{week("2026-W06", "next"), 3, false, "[]"},
	} {
		world.Advance(time.Hour)
		got, err := g.Publish(t.Context(), step.Publish)
		if err != nil || got.Number != step.number || got.Opened != step.opened || fmt.Sprint(got.Closed) != step.closed || got.Unmet != "" {
			t.Fatalf("step %d: %+v, %v", i, got, err)
		}
		if body := world.GitHub.Issue(got.Number).Body; !strings.HasSuffix(body, step.Body) {
			t.Errorf("step %d: the issue says %q", i, body)
		}
	}
	if got := open(world); got != "#1 Week 2026-W05, #3 Week 2026-W06" {
		t.Errorf("open are %s", got)
	}
	comments := world.GitHub.Issue(2).Comments
	if len(comments) != 1 || !strings.HasSuffix(comments[0].Body, "Continued in #3.") {
		t.Errorf("the week before says %+v", comments)
	}
	if got := fmt.Sprint(world.GitHub.Pinned()); got != "[3]" {
		t.Errorf("pinned are %s", got)
	}
}

func TestSixteenRunsAtOnceOpenOneIssue(t *testing.T) {
	world, _ := publishing(t)
	var all sync.WaitGroup
	for range 16 {
		g := publisher(t, world)
		all.Go(func() {
			if _, err := g.Publish(t.Context(), week("2026-W05", "x")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := publisher(t, world).Publish(t.Context(), week("2026-W05", "x")) // the next run tidies up
	if err != nil || open(world) != fmt.Sprintf("#%d Week 2026-W05", got.Number) || got.Number != 1 {
		t.Errorf("open are %s; %+v, %v", open(world), got, err)
	}
}

// Whatever request fails, and however, the next run ends with one open issue.
func TestAFaultInEachRequestOpensNoSecondIssue(t *testing.T) {
	for _, do := range fake.Faults() {
		for nth := 1; nth <= 8; nth++ {
			world, g := publishing(t)
			if _, err := g.Publish(t.Context(), week("2026-W04", "before")); err != nil {
				t.Fatal(err)
			}
			world.Fail(fake.Fault{On: "github", Nth: nth, Times: 1, Do: do, Delay: time.Millisecond})
			_, first := publisher(t, world).Publish(t.Context(), week("2026-W05", "x"))
			world.Heal()
			got, err := publisher(t, world).Publish(t.Context(), week("2026-W05", "x"))
			if err != nil || got.Number != 2 || open(world) != "#2 Week 2026-W05" {
				t.Errorf("%v at request %d: %v, then %+v, %v; open are %s", do, nth, first, got, err, open(world))
			}
			if n := len(world.GitHub.Issue(1).Comments); n != 1 {
				t.Errorf("%v at request %d: %d comments on the week before", do, nth, n)
			}
		}
	}
}
