package collect

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

func TestWhatIsLongIsReadToItsEnd(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	repo, k := world.GitHub.Repository, newKeeper()
	for i := range 3 {
		repo.OpenIssue("ann", fmt.Sprintf("issue %d", i+1), "")
	}
	for range 60 {
		repo.Label("bob", 1, "bug")
		repo.Unlabel("bob", 1, "bug")
		repo.Label("bob", 2, "bug")
		repo.Unlabel("bob", 2, "bug")
		repo.Comment("zoe", 2, "me too")
		repo.Comment("zoe", 2, "and me")
	}
	thread := repo.Discuss("ann", "Ideas", "an idea", "")
	for range 170 {
		repo.Reply("bob", thread, "yes")
	}
	for i := range 130 {
		repo.VulnerableDependency(fmt.Sprintf("left-pad-%d", i), "high")
	}
	if _, gaps := k.sync(t, world); len(gaps) > 0 {
		t.Fatalf("gaps %+v", gaps)
	}
	if len(k.labels[1]) != 120 || len(k.labels[2]) != 120 || len(k.comments) != 120 || k.other["security_alerts"] != 130 {
		t.Errorf("%d and %d label events, %d comments, %d alerts; want 120, 120, 120, 130", len(k.labels[1]), len(k.labels[2]), len(k.comments), k.other["security_alerts"])
	}
	if k.other["discussion_posts"] != 170 {
		t.Errorf("%d posts of a discussion, want 170", k.other["discussion_posts"])
	}
}

// Which categories are for questions GitHub says, whatever they are called.
func TestAThreadTellsWhetherItCanBeAnswered(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	repo, k := world.GitHub.Repository, newKeeper()
	want := map[int]bool{repo.Discuss("ann", "Ideas", "an idea", ""): false, repo.Discuss("ann", "Help", "how?", ""): true, repo.Discuss("ann", "Q&A", "why?", ""): true}
	if _, gaps := k.sync(t, world); len(gaps) > 0 {
		t.Fatalf("gaps %+v", gaps)
	}
	for number, answerable := range want {
		if got := k.threads[number]; got.Answerable != answerable {
			t.Errorf("%s can be answered: got %t, want %t", got.Category, got.Answerable, answerable)
		}
	}
}

// An issue that is transferred or deleted between its page and the rest of it
// does no harm to the others.
func TestAnIssueThatGoesMeanwhileDoesNoHarm(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	repo, k := world.GitHub.Repository, newKeeper()
	for i := range 2 {
		repo.OpenIssue("ann", fmt.Sprintf("issue %d", i+1), "")
		for range 150 {
			repo.Comment("zoe", i+1, "me too")
		}
	}
	s := newSync(t, world, k, &http.Client{Transport: gone{}})
	if _, gaps := s.Run(t.Context()); len(gaps) > 0 {
		t.Fatalf("gaps %+v", gaps)
	}
	if len(k.issues) != 2 || len(k.comments) != 100+150 {
		t.Errorf("%d issues and %d comments; want 2, and 100 of the one that went with 150 of the other", len(k.issues), len(k.comments))
	}
}

// gone asks for a number that is not there instead of 1, as if 1 had gone.
type gone struct{}

func (gone) RoundTrip(req *http.Request) (*http.Response, error) {
	return http.DefaultTransport.RoundTrip(rewritten(req, "issue(number: 1)", "issue(number: 9)"))
}

func TestAdvisoriesAreReadWhereAlertsMayNotBe(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	world.GitHub.PublishAdvisory("ann", "hole", "high")
	world.Fail(fake.Fault{On: "github", Path: "/dependabot/alerts", Do: fake.Forbidden})
	k := newKeeper()
	if _, gaps := k.sync(t, world); len(gaps) != 1 || !strings.Contains(gaps[0].Hint, "AFTERCARE_TOKEN") || k.other["security_alerts"] != 1 {
		t.Errorf("gaps %+v, %d advisories", gaps, k.other["security_alerts"])
	}
}

// A fork dated in the future does not hide those that come before it.
func TestAClockThatIsAheadHidesNothing(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	k := newKeeper()
	now := world.Now()
	world.Advance(24 * time.Hour)
	world.GitHub.Fork("zoe")
	world.SetNow(now)
	k.sync(t, world)
	world.Advance(time.Hour)
	world.GitHub.Fork("cy")
	before := k.other["forks"]
	k.sync(t, world)
	if k.other["forks"]-before < 1 {
		t.Error("the fork after the one of tomorrow is not read")
	}
}

// Sixteen issues change between two pages; after the next run all is as it is.
func TestWhatChangesBetweenPagesIsReadByTheNextRun(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	repo, k := world.GitHub.Repository, newKeeper()
	for i := range 250 {
		world.Advance(time.Second)
		repo.OpenIssue("ann", fmt.Sprintf("issue %d", i+1), "")
	}
	var pages atomic.Int32
	var once sync.Once
	world.After = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/graphql") && pages.Add(1) == 3 {
			once.Do(func() {
				for n := range 16 {
					world.Advance(time.Second)
					repo.Comment("bob", 1+n*15, "we look at it")
				}
			})
		}
	}
	k.sync(t, world)
	if _, gaps := k.sync(t, world); len(gaps) > 0 {
		t.Fatalf("gaps %+v", gaps)
	}
	answered := 0
	for _, i := range k.issues {
		if !i.FirstResponseAt.IsZero() {
			answered++
		}
	}
	if len(k.issues) != 250 || answered != 16 || len(k.comments) != 16 {
		t.Errorf("%d issues, %d answered, %d comments; want 250, 16, 16", len(k.issues), answered, len(k.comments))
	}
}
