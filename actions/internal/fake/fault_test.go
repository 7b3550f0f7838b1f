package fake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

func TestEachFaultDoesWhatItSays(t *testing.T) {
	for _, c := range []struct {
		do      fake.Do
		status  int  // 0: no whole answer
		effect  bool // the comment is there
		isJSON  bool
		silence bool // who asks again is impatient
	}{
		{fake.BadGateway, 502, false, false, false},
		{fake.Unavailable, 503, false, false, false},
		{fake.ServerError, 500, false, false, false},
		{fake.Forbidden, 403, false, true, false},
		{fake.Secondary, 403, false, true, true},
		{fake.TooMany, 429, false, true, true},
		{fake.Cut, 0, false, false, false},
		{fake.LostReply, 0, true, false, false},
		{fake.LostGateway, 502, true, false, false},
		{fake.Slow, 201, true, true, false},
		{fake.HTML, 200, true, false, false},
		{fake.Malformed, 201, true, false, false},
		{fake.Empty, 200, true, false, false},
		{fake.Truncated, 0, true, false, false},
	} {
		t.Run(c.do.String(), func(t *testing.T) {
			w := world(t)
			w.GitHub.OpenIssue("ana", "one", "")
			w.Fail(fake.Fault{On: "github", Method: "POST", Path: `/comments$`, Nth: 1, Do: c.do, Delay: 20 * time.Millisecond})
			url := w.GitHub.URL + "/repos/caro/caro/issues/1/comments"
			start := time.Now()
			got, err := try("POST", url, m{"body": "told"})
			if err != nil {
				got.status = 0
			}
			if got.status != c.status || json.Valid(got.body) != c.isJSON {
				t.Errorf("got %d %q, %v; want %d, JSON %v", got.status, got.body, err, c.status, c.isJSON)
			}
			if c.do == fake.Slow && time.Since(start) < 20*time.Millisecond {
				t.Errorf("it came after %s", time.Since(start))
			}
			if n := len(w.GitHub.Issue(1).Comments); (n == 1) != c.effect {
				t.Errorf("%d comments, want an effect: %v", n, c.effect)
			}
			if last := w.Requests()[0]; last.Fault != c.do.String() {
				t.Errorf("written down as %+v", last)
			}
			if again := ask(t, "POST", url, m{"body": "told"}); again.status != 201 || (len(w.Impatient()) == 1) != c.silence {
				t.Errorf("again: got %d, impatient %v; want 201, %v", again.status, w.Impatient(), c.silence)
			}
		})
	}
}

func TestEveryFaultIsTried(t *testing.T) {
	if n := len(fake.Faults()); n != 16 {
		t.Errorf("there are %d faults, and the table above knows 14", n)
	}
}

func TestFaultsComeWhenTheyAreDue(t *testing.T) {
	for _, c := range []struct {
		name  string
		fail  func(*fake.World)
		wrong string // a 1 for each of eight requests that fails
	}{
		{"the third", func(w *fake.World) { w.Fail(fake.Fault{Nth: 3, Do: fake.BadGateway}) }, "00100000"},
		{"two from the third", func(w *fake.World) { w.Fail(fake.Fault{Nth: 3, Times: 2, Do: fake.BadGateway}) }, "00110000"},
		{"the first two", func(w *fake.World) { w.Fail(fake.Fault{Times: 2, Do: fake.BadGateway}) }, "11000000"},
		{"each", func(w *fake.World) { w.Fail(fake.Fault{Do: fake.BadGateway}) }, "11111111"},
		{"every third", func(w *fake.World) { w.FailEvery(3, fake.Fault{Do: fake.BadGateway}) }, "00100100"},
		{"another server's", func(w *fake.World) { w.Fail(fake.Fault{On: "slack", Do: fake.BadGateway}) }, "00000000"},
		{"another method's", func(w *fake.World) { w.Fail(fake.Fault{Method: "POST", Do: fake.BadGateway}) }, "00000000"},
		{"another path's", func(w *fake.World) { w.Fail(fake.Fault{Path: `/labels$`, Do: fake.BadGateway}) }, "00000000"},
		{"healed", func(w *fake.World) { w.Fail(fake.Fault{Do: fake.BadGateway}); w.Heal() }, "00000000"},
	} {
		w := world(t)
		c.fail(w)
		got := ""
		for range 8 {
			if ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues", nil).status == 502 {
				got += "1"
				continue
			}
			got += "0"
		}
		if got != c.wrong {
			t.Errorf("%s: got %s, want %s", c.name, got, c.wrong)
		}
	}
}

func TestRetryAfterIsSentWhereItIsWanted(t *testing.T) {
	w := world(t)
	w.Fail(fake.Fault{Nth: 1, Do: fake.TooMany, RetryAfter: 7})
	got := ask(t, "GET", w.GitHub.URL+"/repos/caro/caro", nil)
	if got.header.Get("Retry-After") != "7" || !strings.Contains(string(got.body), "secondary rate limit") {
		t.Errorf("got Retry-After %q and %s", got.header.Get("Retry-After"), got.body)
	}
	w.Advance(7 * time.Second)
	if ask(t, "GET", w.GitHub.URL+"/repos/caro/caro", nil); len(w.Impatient()) != 0 {
		t.Errorf("who waited is called impatient: %v", w.Impatient())
	}
}

func TestHooksStandBeforeAndAfterTheEffect(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "")
	var seen []int
	look := func(*http.Request) { seen = append(seen, len(w.GitHub.Issue(1).Comments)) }
	w.Before, w.After = look, look
	ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues/1/comments", m{"body": "told"})
	if len(seen) != 2 || seen[0] != 0 || seen[1] != 1 {
		t.Errorf("before and after the comments were %v; want 0 and 1", seen)
	}
}

func TestTheRecordTellsWhatWasAsked(t *testing.T) {
	w := world(t)
	ask(t, "GET", w.GitHub.URL+"/repos/caro/caro/issues?state=all", nil)
	ask(t, "POST", w.GitHub.URL+"/repos/caro/caro/issues", m{"title": "x"})
	got := w.Requests()
	want := fake.Request{
		Server: "github", Method: "GET", Path: "/repos/caro/caro/issues", Query: "state=all", Route: "GET /repos/{owner}/{repo}/issues",
		Status: 200, At: w.Now(),
	}
	if len(got) != 2 || got[0] != want || got[1].Size != len(`{"title":"x"}`) || w.Count("github", "POST", "/issues") != 1 {
		t.Errorf("got %+v, want first %+v", got, want)
	}
	if w.ResetRequests(); len(w.Requests()) != 0 {
		t.Error("a forgotten record is still there")
	}
}

// A client that keeps its connections must see a cut one, and not repeat the
// request on another by itself.
func TestACutIsSeenOnAKeptConnection(t *testing.T) {
	w := world(t)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	get := func() error {
		answer, err := client.Get(w.GitHub.URL + "/repos/caro/caro/issues")
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	for _, do := range []fake.Do{fake.Cut, fake.LostReply, fake.Truncated} {
		w.ResetRequests()
		w.Fail(fake.Fault{Nth: 1, Do: do})
		if err := get(); err == nil || len(w.Requests()) != 1 {
			t.Errorf("%s: got %v after %d requests; want an error after one", do, err, len(w.Requests()))
		}
		if err := get(); err != nil {
			t.Errorf("after %s: %v", do, err)
		}
		w.Heal()
	}
}

func TestAHookMayCutTheConnection(t *testing.T) {
	w := world(t)
	w.GitHub.OpenIssue("ana", "one", "")
	w.After = func(*http.Request) { panic(http.ErrAbortHandler) }
	_, err := try("POST", w.GitHub.URL+"/repos/caro/caro/issues/1/comments", m{"body": "told"})
	if err == nil || len(w.GitHub.Issue(1).Comments) != 1 || len(w.Requests()) != 1 || w.Requests()[0].Fault != "hook" {
		t.Errorf("got %v, %d comments, %+v; want an error, the effect, and the request in the record", err, len(w.GitHub.Issue(1).Comments), w.Requests())
	}
}
