package github

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// recording is a transport that keeps the bodies that are posted to one path.
type recording struct {
	path   string
	bodies []string
}

func (r *recording) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, r.path) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.bodies = append(r.bodies, string(body))
		req.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	return http.DefaultTransport.RoundTrip(req)
}

// GitHub signs a commit of the API only where the request names neither author
// nor committer: a branch that takes signed commits alone would refuse others.
func TestCommit_NamesNoAuthorAndNoCommitter(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	posted := &recording{path: "/git/commits"}
	c, err := New(Options{URL: world.GitHub.URL, Token: "ghs_simulated", Repository: "caro/caro", HTTP: &http.Client{Transport: posted}, Clock: world.Now, Sleep: world.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	head, err := c.Head(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Commit(t.Context(), head, map[string][]byte{"reports/README.md": []byte("x")}, "aftercare: update reports"); err != nil {
		t.Fatal(err)
	}
	if len(posted.bodies) != 1 {
		t.Fatalf("%d commits were posted, want 1", len(posted.bodies))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(posted.bodies[0]), &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"author", "committer", "signature"} {
		if _, named := fields[name]; named {
			t.Errorf("the request names %s: %s", name, posted.bodies[0])
		}
	}
	for _, name := range []string{"message", "tree", "parents"} {
		if fields[name] == nil {
			t.Errorf("the request lacks %s: %s", name, posted.bodies[0])
		}
	}
}
