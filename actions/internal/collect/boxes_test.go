package collect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// plainBoxes finds boxes outside of code, each by its text.
func plainBoxes(text string) []model.Box {
	var all []model.Box
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		fenced = fenced != strings.HasPrefix(line, "```")
		if len(line) > 6 && line[1:3] == " [" && !fenced {
			all = append(all, model.Box{Text: line[6:], Ticked: line[3] == 'x'})
		}
	}
	return all
}

func TestWhoTickedABox(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	contract.Hold(t, world, "")
	hub, err := github.New(github.Options{URL: world.GitHub.URL, Token: "x", Repository: "caro/caro", Clock: world.Now, Sleep: world.Sleep, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	repo := world.GitHub.Repository
	repo.Role("bob", "MEMBER")
	text := func(a, b, c string) string {
		return fmt.Sprintf("# The gate\r\n\r\n- [%s] Featured\r\n- [%s] Announced\r\n* [%s] Left alone\n```\n- [x] code\n```\n", a, b, c)
	}
	n := repo.OpenIssue("github-actions[bot]", "gate", text(" ", " ", " "))
	for _, step := range []struct{ by, text string }{
		{"mallory", text("x", " ", " ")}, {"bob", text(" ", "x", " ")}, {"mallory", text(" ", "x", " ") + "\nhm"}, {"mallory", text("x", "x", " ")},
	} {
		world.Advance(time.Hour)
		repo.EditIssue(step.by, n, "gate", step.text)
	}
	boxes, err := Boxes(t.Context(), hub, n, plainBoxes)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	start := repo.Issue(n).CreatedAt
	for _, b := range boxes {
		got = append(got, fmt.Sprintf("%s %v by %s after %s, may write %v", b.Text, b.Ticked, b.By, b.At.Sub(start), b.MayWrite))
	}
	want := "Featured true by mallory after 4h0m0s, may write false\nAnnounced true by bob after 2h0m0s, may write true\nLeft alone false by github-actions after 0s, may write false"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	one := repo.OpenIssue("bob", "gate", text("x", " ", " "))
	if boxes, err := Boxes(t.Context(), hub, one, plainBoxes); err != nil || len(boxes) != 3 || boxes[0].By != "bob" || !boxes[0].MayWrite {
		t.Errorf("never edited: %+v, %v", boxes, err)
	}
	if _, err := Boxes(t.Context(), hub, 99, plainBoxes); err == nil || !strings.Contains(err.Error(), "#99") {
		t.Errorf("no such issue: %v", err)
	}
}
