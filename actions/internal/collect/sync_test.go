package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/race"
)

// keeper keeps pages as the store does.
type keeper struct {
	state    map[string]string
	issues   map[int]model.IssueRow
	comments map[int64]model.CommentRow
	labels   map[int][]model.LabelEvent
	threads  map[int]model.DiscussionRow
	other    map[string]int
	pages    int
	dieAfter int // pages; 0 never
}

func newKeeper() *keeper {
	return &keeper{map[string]string{}, map[int]model.IssueRow{}, map[int64]model.CommentRow{}, map[int][]model.LabelEvent{}, map[int]model.DiscussionRow{}, map[string]int{}, 0, 0}
}

var errDied = errors.New("died")

func (k *keeper) keep(p Page) error {
	if k.pages++; k.dieAfter > 0 && k.pages > k.dieAfter {
		return errDied
	}
	for _, n := range p.Anew {
		delete(k.labels, n)
		maps.DeleteFunc(k.comments, func(_ int64, c model.CommentRow) bool { return c.Issue == n })
	}
	for _, row := range p.Rows {
		switch r := row.(type) {
		case model.IssueRow:
			k.issues[r.Number] = r
		case model.CommentRow:
			k.comments[r.ID] = r
		case model.LabelEvent:
			k.labels[r.Issue] = append(k.labels[r.Issue], r)
		case model.DiscussionRow:
			k.threads[r.Number] = r
			k.other[row.Table()]++
		default:
			k.other[row.Table()]++
		}
	}
	for _, v := range p.Votes {
		row := k.issues[v.Issue]
		row.Reactions, row.Upvotes = v.Reactions, v.Upvotes
		k.issues[v.Issue] = row
	}
	maps.Copy(k.state, p.State)
	return nil
}

func (k *keeper) sync(t testing.TB, world *fake.World) (Synced, []model.Gap) {
	t.Helper()
	return newSync(t, world, k, &http.Client{}).Run(t.Context())
}

func newSync(t testing.TB, world *fake.World, k *keeper, through *http.Client) *Sync {
	t.Helper()
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: fake.WorkflowToken, Repository: "caro/caro", HTTP: through, Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return &Sync{Hub: hub, Now: world.Now(), State: func(key string) string { return k.state[key] }, Keep: k.keep,
		// Accounts of type User that the reference counts as programs.
		People: model.People{Ignore: model.Names{"DrahtBot", "gitcoinbot"}}}
}

// rewritten is a request with another body.
func rewritten(req *http.Request, from, to string) *http.Request {
	if req.Body == nil {
		return req
	}
	body, _ := io.ReadAll(req.Body)
	body = bytes.ReplaceAll(body, []byte(from), []byte(to))
	again := req.Clone(req.Context())
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return again
}

// recorded is the history of bitcoin-core/gui, read once for all tests.
var recorded = sync.OnceValues(func() (parts []fake.History, err error) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	for _, name := range []string{"issues", "pulls"} {
		src, err := os.ReadFile(filepath.Join(folder, "issues", "bitcoin-core-gui."+name+".jsonl.gz"))
		if err != nil {
			return nil, err
		}
		part, err := fake.ReadHistory(bytes.NewReader(src))
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
})

// history is that history in a simulated GitHub.
func history(t testing.TB) *fake.World {
	t.Helper()
	parts, err := recorded()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the recorded history is not here (AFTERCARE_DATA names its folder): %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	world := fake.New(fake.Options{Now: func() time.Time { return time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC) }})
	t.Cleanup(world.Close)
	for _, part := range parts {
		if err := world.GitHub.LoadHistory(part); err != nil {
			t.Fatal(err)
		}
	}
	return world
}

// figures are those of reference_metrics.json, from the rows in plain Go.
func figures(k *keeper) string {
	var first, closed []float64
	issues, waiting := 0, 0
	for _, i := range k.issues {
		if i.PullRequest {
			continue
		}
		issues++
		if i.FirstResponseAt.IsZero() {
			waiting++
		} else {
			first = append(first, i.FirstResponseAt.Sub(i.CreatedAt).Hours())
		}
		if !i.ClosedAt.IsZero() {
			closed = append(closed, i.ClosedAt.Sub(i.CreatedAt).Hours())
		}
	}
	return fmt.Sprintf("%d issues, %d waiting, first %s, closed %d %s", issues, waiting, quantiles(first), len(closed), quantiles(closed))
}

func quantiles(v []float64) string {
	slices.Sort(v)
	at := func(q float64) float64 {
		place := q * float64(len(v)-1)
		low := int(math.Floor(place))
		return v[low] + (v[min(low+1, len(v)-1)]-v[low])*(place-float64(low))
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return fmt.Sprintf("%.4f %.4f %.4f", at(0.5), at(0.9), sum/float64(len(v)))
}

// reference is the same, as somebody else has computed it.
func reference(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	src, err := os.ReadFile(filepath.Join(folder, "issues", "reference_metrics.json"))
	if err != nil {
		t.Skipf("the reference is not here: %v", err)
	}
	var doc struct {
		Repos map[string]struct {
			Issues  int
			Without int                `json:"without_response"`
			TTFR    map[string]float64 `json:"ttfr_hours"`
			TTC     map[string]float64 `json:"ttc_hours"`
		}
	}
	if err := json.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	r := doc.Repos["bitcoin-core-gui"]
	return fmt.Sprintf("%d issues, %d waiting, first %.4f %.4f %.4f, closed %d %.4f %.4f %.4f", r.Issues, r.Without, r.TTFR["median"], r.TTFR["p90"], r.TTFR["mean"], int(r.TTC["n"]), r.TTC["median"], r.TTC["p90"], r.TTC["mean"])
}

func TestTheRealHistoryIsReadExactlyAndCheaply(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	for _, c := range []struct {
		name  string
		fault fake.Do
	}{{"all is well", fake.Nothing}, {"one request in ten fails", fake.BadGateway}, {"one answer in ten is cut", fake.Cut}} {
		t.Run(c.name, func(t *testing.T) {
			world := history(t)
			contract.Hold(t, world, "")
			if c.fault != fake.Nothing {
				world.FailEvery(10, fake.Fault{On: "github", Do: c.fault})
			}
			k := newKeeper()
			done, gaps := k.sync(t, world)
			if len(gaps) > 0 || done.Left != "" {
				t.Fatalf("gaps %+v, left %q", gaps, done.Left)
			}
			if got, want := figures(k), reference(t); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			asked := len(world.Requests())
			t.Logf("%d requests for %d issues, %d pull requests, %d comments", asked, done.Issues, done.Pulls, done.Comments)
			if asked > 45 || done.Issues != 341 || done.Pulls != 537 {
				t.Errorf("%d requests, %d issues, %d pull requests", asked, done.Issues, done.Pulls)
			}
			world.Heal()
			k.sync(t, world)
			again := world.Requests()[asked:]
			same := 0
			for _, r := range again {
				if r.Status == http.StatusNotModified {
					same++
				}
			}
			t.Logf("and again: %d requests, %d of them not modified", len(again), same)
			if len(again) > 12 || 2*same <= len(again) {
				t.Errorf("a run in which nothing changed asked %d times, %d not modified", len(again), same)
			}
		})
	}
}

// Without GraphQL the listings of the repository say the same.
func TestWithoutGraphQLTheListingsSayTheSame(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	by, without := newKeeper(), newKeeper()
	by.sync(t, history(t))
	world := history(t)
	contract.Hold(t, world, "")
	world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.Forbidden})
	if done, gaps := without.sync(t, world); len(gaps) != 1 || gaps[0].Table != "discussions" || done.Issues != 341 || done.Pulls != 537 {
		t.Fatalf("gaps %+v, %+v", gaps, done)
	}
	if got, want := figures(without), reference(t); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	t.Logf("%d requests", len(world.Requests()))
	if asked := len(world.Requests()); asked > 200 {
		t.Errorf("%d requests", asked)
	}
	for n, want := range by.issues {
		if got := without.issues[n]; !reflect.DeepEqual(got, want) {
			t.Fatalf("#%d:\n%+v\nwant\n%+v", n, got, want)
		}
		if got, want := len(without.labels[n]), len(by.labels[n]); got != want {
			t.Errorf("#%d: %d label events, want %d", n, got, want)
		}
	}
	if !maps.Equal(by.comments, without.comments) {
		t.Errorf("%d comments, and %d without GraphQL, or they differ", len(by.comments), len(without.comments))
	}
}

// Those who wish something are told from those who do not, and the team from the
// people, by GraphQL as by the listings.
func TestWhoWishesItAndWhoAnswers(t *testing.T) {
	for _, graphQL := range []bool{true, false} {
		t.Run(fmt.Sprintf("by GraphQL %t", graphQL), func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			contract.Hold(t, world, "")
			repo, k := world.GitHub.Repository, newKeeper()
			repo.Role("lena", "MEMBER")
			n := repo.OpenIssue("ann", "an undo", "")
			for kind, count := range map[string]int{"+1": 1, "heart": 2, "hooray": 3, "rocket": 4, "-1": 10, "confused": 20, "eyes": 30, "laugh": 40} {
				repo.React(n, kind, count)
			}
			want := map[int64]string{repo.Comment("lena", n, "we think about it"): "MEMBER", repo.Comment("eve", n, "please"): "NONE"}
			if !graphQL {
				world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.Forbidden})
			}
			k.sync(t, world)
			if got := k.issues[n]; got.Upvotes != 10 || got.Reactions != 110 {
				t.Errorf("%d wish it, %d reacted; want 10, 110", got.Upvotes, got.Reactions)
			}
			for id, association := range want {
				if got := k.comments[id].Association; got != association {
					t.Errorf("a comment is by %q, want %q", got, association)
				}
			}
		})
	}
}

func TestWhatChangesIsReadAnew(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	repo, k := world.GitHub.Repository, newKeeper()
	for i := range 130 {
		world.Advance(time.Minute)
		repo.OpenIssue("ann", fmt.Sprintf("issue %d", i+1), "")
	}
	pull := repo.OpenPull("cy", "a change", "", "branch")
	for range 250 {
		repo.Comment("dependabot[bot]", 7, "beep")
	}
	k.sync(t, world)
	if len(k.issues) != 131 || len(k.comments) != 250 || !k.issues[7].FirstResponseAt.IsZero() {
		t.Fatalf("%d issues, %d comments, answered %v", len(k.issues), len(k.comments), k.issues[7].FirstResponseAt)
	}
	world.Advance(48 * time.Hour)
	repo.Role("bob", "MEMBER")
	comment := repo.Comment("zoe", 3, "me too")
	world.Advance(time.Hour)
	repo.Comment("bob", 3, "we look at it")
	repo.Label("bob", 3, "bug")
	repo.Unlabel("bob", 3, "bug")
	repo.CloseIssue("bob", 5)
	repo.MergePull("bob", pull)
	repo.Fork("zoe")
	repo.Star("zoe")
	repo.VulnerableDependency("left-pad", "high")
	repo.PublishAdvisory("ann", "hole", "high")
	thread := repo.Discuss("ann", "Ideas", "an idea", "")
	repo.Reply("bob", thread, "yes")
	before := len(world.Requests())
	if _, gaps := k.sync(t, world); len(gaps) > 0 {
		t.Fatalf("gaps %+v", gaps)
	}
	if asked := len(world.Requests()) - before; asked > 12 {
		t.Errorf("%d requests", asked)
	}
	three := k.issues[3]
	if len(k.labels[3]) != 2 || !three.FirstByTeamAt.Equal(three.FirstResponseAt.Add(time.Hour)) || k.issues[5].State != "closed" || k.issues[pull].MergedAt.IsZero() {
		t.Errorf("issue 3: %+v, labels %+v; issue 5 %s; pull request %+v", three, k.labels[3], k.issues[5].State, k.issues[pull])
	}
	for table, want := range map[string]int{"forks": 1, "security_alerts": 2, "discussions": 1, "discussion_posts": 1, "repository": 2} {
		if k.other[table] != want {
			t.Errorf("%d rows of %s, want %d", k.other[table], table, want)
		}
	}
	repo.DeleteComment(comment)
	repo.EditIssue("ann", 3, "issue 3", "more")
	k.sync(t, world)
	if _, there := k.comments[comment]; there || !k.issues[3].FirstResponseAt.Equal(k.issues[3].FirstByTeamAt) {
		t.Error("a comment that was deleted still counts")
	}
}

// Killed between two pages, or stopped by the hour's limit, it goes on where it
// was.
func TestWhatBreaksOffIsGoneOnWith(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	for _, dieAfter := range []int{1, 2, 3, 5, 8} {
		world, k := history(t), newKeeper()
		k.dieAfter = dieAfter
		if _, gaps := k.sync(t, world); len(gaps) == 0 {
			t.Fatalf("killed after %d pages: no gap", dieAfter)
		}
		k.dieAfter = 0
		if _, gaps := k.sync(t, world); len(gaps) > 0 {
			t.Fatalf("gaps %+v", gaps)
		}
		if got, want := figures(k), reference(t); got != want {
			t.Errorf("killed after %d pages: got  %s\nwant %s", dieAfter, got, want)
		}
	}
	world, k := history(t), newKeeper()
	world.GitHub.Limit(fake.Limits{GraphQL: 6})
	runs := 0
	for ; runs < 20; runs++ {
		done, gaps := k.sync(t, world)
		if len(gaps) == 0 && done.Left == "" {
			break
		}
		if runs == 0 && !strings.Contains(done.Left, "read") {
			t.Errorf("the first run says %q, gaps %+v", done.Left, gaps)
		}
		world.Advance(time.Hour)
	}
	if got, want := figures(k), reference(t); got != want || runs == 0 {
		t.Errorf("after %d runs: got  %s\nwant %s", runs, got, want)
	}
}

func TestEachPartThatIsDownIsAGap(t *testing.T) {
	for _, c := range []struct{ path, table, reason, hint string }{
		{"/dependabot/alerts", "security_alerts", "may not read", "AFTERCARE_TOKEN"},
		{"/security-advisories", "security_alerts", "read the security advisories", ""},
		{"/forks", "forks", "read the forks", "contents: read"},
		{"/repos/caro/caro$", "repository", "figures", "metadata: read"},
		{"/repos/caro/caro/issues", "", "look for what has changed", "issues: read"},
	} {
		world := fake.New(fake.Options{})
		world.GitHub.OpenIssue("ann", "an issue", "")
		world.Fail(fake.Fault{On: "github", Path: c.path, Do: fake.Forbidden})
		k := newKeeper()
		_, gaps := k.sync(t, world)
		if len(gaps) != 1 || gaps[0].Table != c.table || !strings.Contains(gaps[0].Reason, c.reason) || !strings.Contains(gaps[0].Hint, c.hint) {
			t.Errorf("%s: %+v", c.path, gaps)
		}
		if read := len(k.issues) == 1; read != (c.table != "") {
			t.Errorf("%s: the issue is read: %v", c.path, read)
		}
		world.Close()
	}
	for _, do := range fake.Faults() {
		if do == fake.Slow || do == fake.LostReply {
			continue
		}
		world := fake.New(fake.Options{})
		world.GitHub.OpenIssue("ann", "an issue", "")
		world.Fail(fake.Fault{On: "github", Do: do})
		if _, gaps := newKeeper().sync(t, world); len(gaps) == 0 {
			t.Errorf("%v in all answers: no gap", do)
		}
		world.Close()
	}
}

func TestACancelledSyncEnds(t *testing.T) {
	world := history(t)
	hub, _ := github.New(github.Options{URL: world.GitHub.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &Sync{Hub: hub, Now: world.Now(), State: func(string) string { return "" }, Keep: newKeeper().keep}
	if _, gaps := s.Run(ctx); len(gaps) != 6 {
		t.Errorf("gaps %+v", gaps)
	}
}

func BenchmarkFirstSync(b *testing.B) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(fmt.Sprint(delay), func(b *testing.B) {
			world := history(b)
			if delay > 0 {
				world.Before = func(*http.Request) { time.Sleep(delay) }
			}
			world.ResetRequests()
			for b.Loop() {
				newKeeper().sync(b, world)
			}
			b.ReportMetric(float64(len(world.Requests()))/float64(b.N), "requests/op")
		})
	}
}
