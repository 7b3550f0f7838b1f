package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// A project that publishes releases and has fetched no tags is watched from the
// newest release on.
func TestGuess_AsksGitHubForTheNewestRelease(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repos/acme/rocket/releases/latest" || r.Header.Get("Authorization") != "Bearer x" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"tag_name": "rocket@2.0.0", "published_at": "2026-03-01T23:30:00Z"}`))
	}))
	t.Cleanup(server.Close)
	env := map[string]string{"GITHUB_API_URL": server.URL, "GITHUB_TOKEN": "x"}
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	h := &home{Root: root, dir: dir, remote: remote{"github.com", "acme", "rocket"}}
	a := h.guess(t.Context(), time.Now(), "", false, githubAsker(server.Client(), func(name string) string { return env[name] }))
	if a.Version != "rocket@2.0.0" || a.Shipped != "2026-03-01" || a.Guessed["release"] != "the newest release on GitHub" {
		t.Errorf("got %+v", a)
	}
	env["GITHUB_TOKEN"] = ""
	if a := h.guess(t.Context(), time.Now(), "", false, githubAsker(server.Client(), func(name string) string { return env[name] })); a.Version != "" || a.Shipped != "" {
		t.Errorf("without an answer: %+v", a)
	}
}

// Who sits at a terminal sees what will be written before it is.
func TestConfirm(t *testing.T) {
	changes := []change{{file: file{name: "rules.yaml", is: plan}, state: missing}, {file: file{name: "other.yml"}, state: current}}
	for answer, wants := range map[string]bool{"": true, "y": true, "Yes": true, "n": false, "what?": false} {
		var out bytes.Buffer
		err := confirm(t.Context(), newPerson(strings.NewReader(answer+"\n"), &out), changes)
		if (err == nil) != wants {
			t.Errorf("%q: %v", answer, err)
		}
		if !strings.Contains(out.String(), "rules.yaml  written") || strings.Contains(out.String(), "other.yml") {
			t.Errorf("it shows %q", out.String())
		}
	}
	changes[0].want = "release: {}\n"
	var out bytes.Buffer
	if err := confirm(t.Context(), newPerson(strings.NewReader("show\ny\n"), &out), changes); err != nil || !strings.Contains(out.String(), "--- rules.yaml\nrelease: {}\n") {
		t.Errorf("it does not show what it will write: %v, %q", err, out.String())
	}
	if err := confirm(t.Context(), nil, changes); err != nil {
		t.Errorf("nobody is there: %v", err)
	}
}
