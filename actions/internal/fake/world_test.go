package fake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// world is a world that ends with the test.
func world(t testing.TB) *fake.World {
	t.Helper()
	w := fake.New(fake.Options{})
	t.Cleanup(w.Close)
	return w
}

// reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// ask sends a request as the workflow does; body is JSON, or nothing if nil.
func ask(t testing.TB, method, url string, body any, headers ...string) reply {
	t.Helper()
	got, err := try(method, url, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return got
}

func try(method, url string, body any, headers ...string) (reply, error) {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequest(method, url, sent)
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Authorization", "Bearer "+fake.WorkflowToken)
	r.Header.Set("User-Agent", "test")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := (&http.Client{Transport: transport, Timeout: 5 * time.Second}).Do(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	whole, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, whole}, err
}

type m = map[string]any

func TestTheWorkflowTokenWritesAsTheBot(t *testing.T) {
	w := world(t)
	n := w.GitHub.OpenIssue("ana", "It crashes", "on start")
	ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/comments", m{"body": "told"})
	ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/labels", m{"labels": []string{"crash"}})
	got := w.GitHub.Issue(n)
	if len(got.Comments) != 1 || got.Comments[0].Author != "github-actions[bot]" || strings.Join(got.Labels, ",") != "crash" {
		t.Errorf("got %+v; want a comment by the bot and the label crash", got)
	}
	w.GitHub.Token("mine", "ben")
	ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/comments", m{"body": "me too"}, "Authorization", "Bearer mine")
	if got := w.GitHub.Issue(n).Comments[1].Author; got != "ben" {
		t.Errorf("a comment with ben's token is by %q", got)
	}
}

func TestUnknownThingsAreRefusedAndWrittenDown(t *testing.T) {
	w := world(t)
	api := w.GitHub.URL + "/repos/caro/caro"
	for _, c := range []struct {
		url    string
		status int
		word   string
	}{
		{api + "/nothing", 404, "no such route"},
		{api + "/issues?stat=open", 422, "no such parameter: stat"},
	} {
		got := ask(t, "GET", c.url, nil)
		last := w.Unknown()[len(w.Unknown())-1]
		if got.status != c.status || !strings.Contains(last, c.word) {
			t.Errorf("%s: got %d, written down %q; want %d, %q", c.url, got.status, last, c.status, c.word)
		}
	}
	ask(t, "POST", api+"/issues", m{"title": "x", "lables": []string{"bug"}})
	if len(w.Unknown()) != 3 {
		t.Errorf("a field that GitHub does not have was not written down: %q", w.Unknown())
	}
	var refusal struct{ Message string }
	ask(t, "GET", api+"/nothing", nil).into(t, &refusal)
	if !strings.Contains(refusal.Message, "/nothing") {
		t.Errorf("the refusal does not name the route: %q", refusal.Message)
	}
}
