package fake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

func TestVersionsOfABodyAndWhoWroteThem(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	repo := w.GitHub.Repository
	n := repo.OpenIssue("ann", "the gate", "- [ ] featured")
	w.Advance(time.Hour)
	repo.EditIssue("bob", n, "the gate", "- [x] featured")
	repo.Role("bob", "COLLABORATOR")
	query := `{repository(owner:"caro",name:"caro"){issue(number:1){userContentEdits(first:10){nodes{editor{login} editedAt diff}}}}}`
	got := string(ask(t, "POST", w.GitHub.URL+"/graphql", m{"query": query}).body)
	if i, j := strings.Index(got, `"bob"`), strings.Index(got, `"ann"`); i < 0 || j < i || !strings.Contains(got, "- [x] featured") {
		t.Errorf("the versions are %s", got)
	}
	for login, want := range map[string]string{"bob": `"permission":"write"`, "ann": `"permission":"read"`, "nobody": `is not a user`} {
		answer := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/collaborators/"+login+"/permission", nil)
		if !strings.Contains(string(answer.body), want) {
			t.Errorf("%s: %s", login, answer.body)
		}
	}
}
