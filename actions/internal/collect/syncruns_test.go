package collect

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// runsOf syncs with the runs of workflows, and returns those that were kept so far,
// by id, with the requests that it took.
func runsOf(t *testing.T, world *fake.World, k *keeper, kept map[int64]model.RunRow, branch string) (gaps []model.Gap, asked, unmodified int) {
	t.Helper()
	before := len(world.Requests())
	s := newSync(t, world, k, &http.Client{})
	s.CI, s.Branch = true, branch
	s.Keep = func(p Page) error {
		for _, row := range p.Rows {
			if r, is := row.(model.RunRow); is {
				kept[r.ID] = r
			}
		}
		return k.keep(p)
	}
	_, gaps = s.Run(t.Context())
	for _, r := range world.Requests()[before:] {
		if strings.HasSuffix(r.Path, "/actions/runs") {
			asked++
			if r.Status == http.StatusNotModified {
				unmodified++
			}
		}
	}
	return gaps, asked, unmodified
}

func conclusions(kept map[int64]model.RunRow) map[string]int {
	all := map[string]int{}
	for _, r := range kept {
		all[r.Conclusion]++
	}
	return all
}

// Runs that pushes to the default branch started are kept, once each; a repeated
// run gets its new conclusion, an unchanged list costs a conditional request, and
// neither pull requests nor other branches nor what still runs count.
func TestSync_ReadsRunsOfTheReleaseBranch(t *testing.T) {
	world := fake.New(fake.Options{})
	defer world.Close()
	contract.Hold(t, world, "")
	repo := world.GitHub.Repository
	const ci = ".github/workflows/ci.yml"
	for i := range 130 {
		repo.RunWorkflow(ci, "main", "push", []string{"success", "success", "failure", "cancelled"}[i%4])
		repo.RunWorkflow(ci, "main", "pull_request", "failure")
		repo.RunWorkflow(ci, "topic", "push", "failure")
		world.Advance(time.Minute)
	}
	running := repo.RunWorkflow(ci, "main", "push", "")
	k, kept := newKeeper(), map[int64]model.RunRow{}
	gaps, asked, _ := runsOf(t, world, k, kept, "")
	if got := fmt.Sprint(conclusions(kept)); len(gaps) > 0 || asked != 2 || got != "map[cancelled:32 failure:32 success:66]" {
		t.Fatalf("%d requests, kept %s, gaps %+v", asked, got, gaps)
	}
	if _, asked, unmodified := runsOf(t, world, k, kept, ""); asked != 1 || unmodified != 1 {
		t.Errorf("nothing new: %d requests, %d of them unmodified", asked, unmodified)
	}
	world.Advance(time.Hour)
	repo.Conclude(running, "timed_out")
	repo.Conclude(7000+2*3, "success") // a repetition: the third push had failed
	runsOf(t, world, k, kept, "")
	if got := fmt.Sprint(conclusions(kept)); got != "map[cancelled:32 failure:31 success:67 timed_out:1]" {
		t.Errorf("after a repetition and an end: %s", got)
	}
	other := map[int64]model.RunRow{}
	runsOf(t, world, newKeeper(), other, "topic")
	if got := fmt.Sprint(conclusions(other)); got != "map[failure:130]" {
		t.Errorf("of another branch: %s", got)
	}
}

// A busy repository shows a thousand runs of a search: they are read in ten
// requests, and the newest are among them.
func TestSync_ReadsAtMostAThousandRuns(t *testing.T) {
	world := fake.New(fake.Options{})
	defer world.Close()
	repo := world.GitHub.Repository
	for range 1100 {
		repo.RunWorkflow(".github/workflows/ci.yml", "main", "push", "success")
		world.Advance(time.Second)
	}
	newest := repo.RunWorkflow(".github/workflows/ci.yml", "main", "push", "failure")
	kept := map[int64]model.RunRow{}
	gaps, asked, _ := runsOf(t, world, newKeeper(), kept, "")
	if len(gaps) > 0 || asked != maxRunPages || len(kept) != 1000 || kept[newest].Conclusion != "failure" {
		t.Errorf("%d requests, %d kept, gaps %+v", asked, len(kept), gaps)
	}
}

// What keeps runs from being read is a gap of their own, which says what to do,
// and all else is read.
func TestSync_RunsThatCannotBeReadAreAGap(t *testing.T) {
	for do, hint := range map[fake.Do]string{fake.Forbidden: "add `actions: read` to the job's permissions", fake.HTML: "", fake.Object: "", fake.Null: "", fake.Empty: ""} {
		world := fake.New(fake.Options{})
		world.GitHub.Repository.RunWorkflow(".github/workflows/ci.yml", "main", "push", "failure")
		world.Fail(fake.Fault{On: "github", Path: "/actions/runs", Do: do})
		k, kept := newKeeper(), map[int64]model.RunRow{}
		gaps, _, _ := runsOf(t, world, k, kept, "")
		world.Close()
		if len(gaps) != 1 || gaps[0].Table != "ci_runs" || hint != "" && gaps[0].Hint != hint || len(kept) > 0 || k.other["repository"] != 1 {
			t.Errorf("%s: kept %v, gaps %+v", do, kept, gaps)
		}
	}
}
