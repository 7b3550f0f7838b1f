package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
)

// A repository that has labels keeps them: the plan speaks of those, wherever it
// names a label, and of its own where the repository has none.
func TestRelabel_UsesTheLabelsOfTheRepository(t *testing.T) {
	existing := []string{"type: bug", ":sparkles: feature request", "Priority: P0", "kind/question", "security", "wontfix"}
	for _, name := range []string{"plain", "caro"} {
		a := answers{Project: "rocket", Version: "v1.0.0", Shipped: "2026-03-01", Slack: "#x", Mail: "a@example.org", Plan: name, Labels: existing}
		text, renamed, err := planOf(a, pin{commit, "v1.2.3"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := []twin{{"P0", "Priority: P0"}, {"bug", "type: bug"}, {"enhancement", ":sparkles: feature request"}, {"question", "kind/question"}}
		if !slices.Equal(renamed, want) {
			t.Errorf("%s: renamed %v, want %v", name, renamed, want)
		}
		book, err := config.Parse(planFile, []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var names []string
		for _, l := range book.Labels {
			names = append(names, l.Name)
		}
		for _, ours := range want {
			if slices.Contains(names, ours.ours) || !slices.Contains(names, ours.theirs) {
				t.Errorf("%s: the labels are %q", name, names)
			}
		}
		chosen := false
		for _, r := range book.Triage {
			chosen = chosen || slices.Equal(r.Choose, []string{"type: bug", ":sparkles: feature request", "kind/question"})
		}
		if !chosen {
			t.Errorf("%s: no rule chooses among the labels of the repository", name)
		}
		routed := slices.ContainsFunc(book.Routes, func(r alert.Route) bool { return slices.Contains(r.Label, "Priority: P0") })
		if !routed {
			t.Errorf("%s: no route for Priority: P0", name)
		}
		again, _, err := relabel(text, names)
		if err != nil || again != text {
			t.Errorf("%s: a second time changes it", name)
		}
	}
}

func TestRelabel_LeavesThePlanWithoutTwins(t *testing.T) {
	const plan = "labels:\n  - {name: bug}\ntriage:\n  - {label: bug, any: [bug]}\n"
	for _, existing := range [][]string{nil, {"wontfix"}, {"Bug", "type: bug"}} {
		if got, renamed, err := relabel(plan, existing); err != nil || got != plan || len(renamed) > 0 {
			t.Errorf("%q: got %q, %v, %v", existing, got, renamed, err)
		}
	}
	got, _, err := relabel("labels:\n  - {name: 'bug'}\ntriage:\n  - {label: [crash, bug], any: [bug]}\n  - {choose: [bug, x], points: [{for: {bug: 3}}]}\n", []string{"kind/bug"})
	if want := "labels:\n  - {name: 'kind/bug'}\ntriage:\n  - {label: [crash, 'kind/bug'], any: [bug]}\n  - {choose: ['kind/bug', x], points: [{for: {'kind/bug': 3}}]}\n"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestGuess_AsksGitHubForTheLabels(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repos/acme/rocket/labels" {
			http.NotFound(w, r)
			return
		}
		asked++
		if r.URL.Query().Get("page") == "1" {
			fmt.Fprint(w, "["+strings.Repeat(`{"name": "area"},`, 99)+`{"name": "area"}]`)
			return
		}
		fmt.Fprint(w, `[{"name": "type: bug"}]`)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	h := &home{Root: root, dir: dir, remote: remote{"github.com", "acme", "rocket"}}
	ask := githubAsker(server.Client(), func(string) string { return server.URL })
	a := h.guess(t.Context(), time.Now(), "", false, ask)
	if asked != 2 || len(a.Labels) != 101 || a.Labels[100] != "type: bug" {
		t.Errorf("asked %d times, %d labels", asked, len(a.Labels))
	}
	// What an earlier run wrote is used where GitHub does not answer.
	text, _, err := planOf(answers{Project: "rocket", Plan: "plain", Labels: a.Labels}, pin{commit, "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.put(planFile, file{name: planFile, is: plan, plan: "plain", text: text}.marked()); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if a = h.guess(t.Context(), time.Now(), "", false, ask); !slices.Contains(a.Labels, "type: bug") {
		t.Errorf("offline the labels are %q", a.Labels)
	}
}
