package fake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

func TestARefMovesForwardOnly(t *testing.T) {
	w := world(t)
	git := w.GitHub.URL + "/repos/caro/caro/git"
	var ref struct{ Object struct{ SHA string } }
	ask(t, "GET", git+"/ref/heads/main", nil).into(t, &ref)
	head := ref.Object.SHA
	commit := func(parent, path string) string {
		var tree, made struct{ SHA string }
		ask(t, "POST", git+"/trees", m{"base_tree": parent, "tree": []m{{"path": path, "mode": "100644", "type": "blob", "content": path}}}).into(t, &tree)
		ask(t, "POST", git+"/commits", m{"message": path, "tree": tree.SHA, "parents": []string{parent}}).into(t, &made)
		return made.SHA
	}
	mine, theirs := commit(head, "mine/a.txt"), commit(head, "theirs.txt")
	move := func(sha string) reply { return ask(t, "PATCH", git+"/refs/heads/main", m{"sha": sha}) }
	if got := move(theirs); got.status != 200 {
		t.Fatalf("forward: %d %s", got.status, got.body)
	}
	if got := move(mine); got.status != 422 || !strings.Contains(string(got.body), "Update is not a fast forward") {
		t.Errorf("beside: got %d %s", got.status, got.body)
	}
	w.GitHub.Protect("main", fake.GH013)
	if got := move(commit(theirs, "late.txt")); got.status != 422 || !strings.Contains(string(got.body), "GH013") {
		t.Errorf("protected: got %d %s", got.status, got.body)
	}
	w.GitHub.Protect("main", "")
	move(commit(theirs, "mine/b.txt"))
	files := w.GitHub.Files("main")
	if len(files) != 3 || string(files["mine/b.txt"]) != "mine/b.txt" || files["theirs.txt"] == nil {
		t.Errorf("got the files %q; want README.md, theirs.txt and mine/b.txt", files)
	}
	if log := w.GitHub.Log("main"); len(log) != 3 || log[0].Message != "mine/b.txt" || log[0].Author != "github-actions[bot]" {
		t.Errorf("got the log %+v", log)
	}
}

// The names are those that git gives to the same files and the same commit.
func TestObjectsHaveTheNamesOfGit(t *testing.T) {
	w := world(t)
	var blob, tree, commit struct{ SHA string }
	git := w.GitHub.URL + "/repos/caro/caro/git"
	ask(t, "POST", git+"/blobs", m{"content": "hello", "encoding": "utf-8"}).into(t, &blob)
	var files []m
	for _, path := range []string{"a0", "a/x", "a.b"} {
		files = append(files, m{"path": path, "mode": "100644", "type": "blob", "sha": blob.SHA})
	}
	ask(t, "POST", git+"/trees", m{"tree": files}).into(t, &tree)
	who := m{"name": "a", "email": "a@example.com", "date": "2026-01-24T10:00:00Z"}
	ask(t, "POST", git+"/commits", m{"message": "one", "tree": tree.SHA, "author": who}).into(t, &commit)
	got := []string{blob.SHA, tree.SHA, commit.SHA}
	want := []string{"b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0", "32e0fb345f97de3c2e07d693359448b1856d79d6", "5c08a5139028a9504777265fa6ca0ed24c7f2ceb"}
	if !slices.Equal(got, want) {
		t.Errorf("blob, tree and commit are\n%q, want\n%q", got, want)
	}
}
