package github_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/github"
)

func TestQuery(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	world.GitHub.OpenIssue("ann", "a title", "")
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Repository struct{ Issue struct{ Title string } }
	}
	ask := func(number int) error {
		return hub.Query(t.Context(), `query($o: String!, $n: String!, $i: Int!) {repository(owner: $o, name: $n) {issue(number: $i) {title}}}`,
			map[string]any{"o": "caro", "n": "caro", "i": number}, &got)
	}
	world.Fail(fake.Fault{Path: "/graphql", Nth: 1, Do: fake.BadGateway})
	if err := ask(1); err != nil || got.Repository.Issue.Title != "a title" {
		t.Errorf("got %+v, %v", got, err)
	}
	var said *github.QueryError
	if err := ask(99); !errors.As(err, &said) || said.Type != "NOT_FOUND" {
		t.Errorf("an issue that is not there: %v", err)
	}
	if err := hub.Query(t.Context(), "{nonsense}", nil, &got); err == nil {
		t.Error("nonsense was answered")
	}
}
