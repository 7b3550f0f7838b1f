package collect

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// A reaction changes no time of an issue, and is counted in the next run all the
// same; a bounded number of requests asks for it.
func TestSync_ReadsVotesAnew(t *testing.T) {
	world := fake.New(fake.Options{})
	defer world.Close()
	repo := world.GitHub.Repository
	wish := repo.OpenIssue("ann", "Add support for nushell", "", "enhancement")
	other := repo.OpenIssue("ann", "Add support for elvish", "", "Type: Feature")
	for range 620 {
		repo.OpenIssue("ann", "Another wish", "", "enhancement")
	}
	repo.Comment("ben", wish, "I would use it.")
	k := newKeeper()
	run := func(votes ...string) int {
		world.Advance(time.Hour)
		before := len(world.Requests())
		s := newSync(t, world, k, &http.Client{})
		s.Votes = votes
		if _, gaps := s.Run(t.Context()); len(gaps) > 0 {
			t.Fatalf("gaps %+v", gaps)
		}
		asked := 0
		for _, r := range world.Requests()[before:] {
			if strings.Contains(r.Query, "labels=") {
				asked++
			}
		}
		return asked
	}
	run("enhancement")
	repo.React(wish, "+1", 4)
	repo.React(wish, "-1", 2)
	repo.React(other, "+1", 3)
	if asked := run(); asked != 0 || k.issues[wish].Upvotes != 0 {
		t.Errorf("a run that does not ask for votes made %d requests, and knows of %d", asked, k.issues[wish].Upvotes)
	}
	if asked := run("type: feature", "enhancement"); asked != maxVotePages || k.issues[other].Upvotes != 3 || k.issues[wish].Upvotes != 4 || k.issues[wish].Reactions != 6 {
		t.Errorf("%d requests; %d of %d reactions wish it", asked, k.issues[wish].Upvotes, k.issues[wish].Reactions)
	}
}
