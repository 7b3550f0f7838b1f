package collect

import (
	"fmt"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/github"
)

func TestPast(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	repo := world.GitHub.Repository
	for i := range 250 {
		world.Advance(time.Minute)
		repo.OpenIssue("ann", fmt.Sprintf("issue %d", i+1), "text", "bug")
	}
	repo.Unlabel("bob", 250, "bug")
	repo.Label("github-actions[bot]", 250, "P0")
	for _, c := range []struct {
		most, want, oldest, requests int
		told                         string
	}{{120, 120, 131, 2, "100/120 120/120 "}, {1000, 250, 1, 3, "100/250 200/250 250/250 "}, {1, 1, 250, 1, "1/1 "}} {
		before, told := len(world.Requests()), ""
		issues, events, err := Past(t.Context(), hub, c.most, func(done, total int) { told += fmt.Sprintf("%d/%d ", done, total) })
		if told != c.told {
			t.Errorf("at most %d: the progress was %s, want %s", c.most, told, c.told)
		}
		if err != nil || len(issues) != c.want || issues[0].Number != 250 || issues[len(issues)-1].Number != c.oldest {
			t.Fatalf("at most %d: %d issues, %v", c.most, len(issues), err)
		}
		if asked := len(world.Requests()) - before; asked != c.requests {
			t.Errorf("at most %d: %d requests, want %d", c.most, asked, c.requests)
		}
		first := issues[0]
		if first.Title != "issue 250" || first.Body != "text" || first.Author != "ann" || fmt.Sprint(first.Labels) != "[P0]" || first.State != "open" {
			t.Errorf("the newest is %+v", first)
		}
		last := events[2]
		if events[1].Added || events[1].Actor != "bob" || last.Label != "P0" || !last.Added || !last.IsBot || last.Actor != "github-actions[bot]" {
			t.Errorf("its labels: %+v", events[:3])
		}
	}
}
