package collect

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// A CI account that answers within a minute must not hide that people wait two
// days; a person whose login ends in "bot" is a person.
func TestSync_PeopleAreThoseWhoRespond(t *testing.T) {
	ci := model.People{Ignore: model.Names{"Caro-CI"}, Team: model.Names{"Mia"}}
	for name, c := range map[string]struct {
		people model.People
		first  string // who answers after an hour
		want   time.Duration
	}{
		"account in people.ignore":      {ci, "caro-ci", 48 * time.Hour},
		"the same account, not listed":  {model.People{}, "caro-ci", time.Hour},
		"login of a person ends in bot": {ci, "jtalbot", time.Hour},
		"another one":                   {ci, "cabot", time.Hour},
		"bot":                           {ci, "dependabot[bot]", 48 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			world := fake.New(fake.Options{})
			t.Cleanup(world.Close)
			n := world.GitHub.OpenIssue("ann", "It crashes", "")
			opened := world.Now()
			world.Advance(time.Hour)
			world.GitHub.Comment(c.first, n, "Thank you.")
			world.Advance(47 * time.Hour)
			world.GitHub.Comment("mia", n, "I look at it.")
			for _, graphql := range []bool{true, false} {
				if !graphql {
					world.Fail(fake.Fault{On: "github", Path: "/graphql", Do: fake.Forbidden})
				}
				k := newKeeper()
				s := newSync(t, world, k, nil)
				s.People = c.people
				_, _ = s.Run(t.Context())
				got := k.issues[n]
				if got.FirstResponseAt.Sub(opened) != c.want {
					t.Errorf("GraphQL %v: first response after %s, want %s", graphql, got.FirstResponseAt.Sub(opened), c.want)
				}
				if want := c.people.InTeam("mia", ""); got.FirstByTeamAt.IsZero() == want {
					t.Errorf("GraphQL %v: first response of the team at %s, mia in the team: %v", graphql, got.FirstByTeamAt, want)
				}
			}
		})
	}
}

// Who responded first depends on people.ignore, so a change of it reads the
// issues again.
func TestSync_ChangeOfPeopleReadsAgain(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	n := world.GitHub.OpenIssue("ann", "It crashes", "")
	world.GitHub.Comment("caro-ci", n, "Thank you.")
	world.Advance(time.Hour)
	k := newKeeper()
	k.sync(t, world)
	if k.issues[n].FirstResponseAt.IsZero() {
		t.Fatal("the comment is no response")
	}
	s := newSync(t, world, k, nil)
	s.People = model.People{Ignore: model.Names{"caro-ci"}}
	if done, gaps := s.Run(t.Context()); done.Issues != 1 || len(gaps) > 1 || !k.issues[n].FirstResponseAt.IsZero() {
		t.Errorf("read %+v, gaps %v, first response %s", done, gaps, k.issues[n].FirstResponseAt)
	}
	world.Advance(time.Hour)
	again := newSync(t, world, k, nil)
	again.People = s.People
	if done, _ := again.Run(t.Context()); done.Issues != 0 {
		t.Errorf("nothing changed, and %d issues were read", done.Issues)
	}
}
