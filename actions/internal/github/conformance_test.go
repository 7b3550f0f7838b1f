package github

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// recorded answers with a whole answer of GitHub as it is on the wire: status,
// headers and body, from testdata/conformance. The files were written by hand
// after GitHub's public description of its API; {{server}} is the test's server.
func recorded(t *testing.T, name string, server *string) func(http.ResponseWriter) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", "conformance", name+".http"))
	if err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter) {
		text := bytes.ReplaceAll(src, []byte("{{server}}"), []byte(*server))
		answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(text)), nil)
		if err != nil {
			t.Errorf("%s is no answer: %v", name, err)
			return
		}
		body, _ := io.ReadAll(answer.Body)
		for header, values := range answer.Header {
			for _, v := range values {
				w.Header().Add(header, v)
			}
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(body)
	}
}

// replay gives a client of a server that answers with the named files, in order.
func replay(t *testing.T, names ...string) (*Client, *script, *[]time.Duration) {
	t.Helper()
	var server string
	var answers []func(http.ResponseWriter)
	for _, name := range names {
		answers = append(answers, recorded(t, name, &server))
	}
	c, s, waits := start(t, answers...)
	server = strings.TrimSuffix(c.BaseURL.String(), "/")
	return c, s, waits
}

func TestConformance_LabelsHaveNullDescriptions(t *testing.T) {
	c, s, _ := replay(t, "labels")
	now, err := c.AddLabels(t.Context(), 1, []string{"bug", "P0"})
	if err != nil || len(now) != 2 || now[1].GetName() != "P0" || now[1].GetDescription() != "" || now[0].GetColor() != "f29513" {
		t.Errorf("got %v, %v", now, err)
	}
	if s.bodies[0] != "{\"labels\":[\"bug\",\"P0\"]}\n" {
		t.Errorf("sent %q", s.bodies[0])
	}
}

// Links to other pages go by the repository's number, not by its name; an author
// whose account was deleted is null.
func TestConformance_PagesFollowLinks(t *testing.T) {
	c, s, _ := replay(t, "page-1", "page-2")
	issues, err := Pages(func(o gh.ListOptions) ([]*gh.Issue, *gh.Response, error) {
		return c.Issues.ListByRepo(t.Context(), c.Owner, c.Name, &gh.IssueListByRepoOptions{State: "all", ListOptions: o})
	})
	if err != nil || len(issues) != 3 || len(s.sent()) != 2 {
		t.Fatalf("got %d issues in %q, %v", len(issues), s.sent(), err)
	}
	if !issues[1].IsPullRequest() || issues[2].GetUser().GetLogin() != "" || issues[2].GetBody() != "" {
		t.Errorf("got %+v", issues)
	}
}

// A repository that was renamed answers with redirects: reads with 301, writes
// with 307, which must be sent again as they were.
func TestConformance_RenamedRepositoryIsFollowed(t *testing.T) {
	c, s, _ := replay(t, "renamed-read", "issue")
	issue, _, err := c.Issues.Get(t.Context(), c.Owner, c.Name, 1)
	if err != nil || issue.GetNumber() != 1 || s.sent()[1] != "GET /repositories/1300192/issues/1" {
		t.Errorf("a read: %v, %v, sent %q", issue, err, s.sent())
	}
	c, s, _ = replay(t, "renamed-write", "labels")
	now, err := c.AddLabels(t.Context(), 1, []string{"P0"})
	if err != nil || len(now) != 2 || s.sent()[1] != "POST /repositories/1300192/issues/1/labels" || s.bodies[1] != s.bodies[0] || s.bodies[1] == "" {
		t.Errorf("a write: %v, %v, sent %q with %q", now, err, s.sent(), s.bodies)
	}
}

func TestConformance_RefusalsSayWhy(t *testing.T) {
	for name, want := range map[string]struct {
		status     int
		said, hint string
		is         func(error) bool
	}{
		"label-exists":     {422, "GitHub says 422 Validation Failed (Label name: already_exists)", "", Refused},
		"body-too-long":    {422, "GitHub says 422 Validation Failed (IssueComment body: body is too long (maximum is 65536 characters))", "", Refused},
		"empty-repository": {409, "GitHub says 409 Git Repository is empty.", "", Refused},
		"issues-disabled":  {410, "GitHub says 410 Issues has been disabled in this repository.", "issues are switched off in this repository", Refused},
		"issue-deleted":    {410, "GitHub says 410 This issue was deleted", "it was deleted: nothing is left to do for it", Deleted},
		"not-accessible":   {403, "GitHub says 403 Resource not accessible by integration", "add `issues: write` to the job's permissions", Refused},
		"bad-credentials":  {401, "GitHub says 401 Bad credentials", "the token is not valid", Refused},
		"archived":         {403, "GitHub says 403 Repository was archived so is read-only.", "the repository is archived", IsArchived},
		"locked":           {403, "GitHub says 403 Unable to create comment because issue is locked.", "the conversation is locked", IsLocked},
	} {
		t.Run(name, func(t *testing.T) {
			c, s, waits := replay(t, name)
			_, _, err := c.Issues.CreateComment(t.Context(), c.Owner, c.Name, 1, &gh.IssueComment{Body: gh.String("x")})
			var e *Error
			if !errors.As(Wrap(err, "issues: write", "comment on #1"), &e) || Status(err) != want.status || !want.is(err) {
				t.Fatalf("got %v", err)
			}
			if e.Answer() != want.said || !strings.HasPrefix(e.Hint(), want.hint) || want.hint == "" && e.Hint() != "" {
				t.Errorf("got %q, hint %q", e.Answer(), e.Hint())
			}
			if len(s.sent()) != 1 || len(*waits) != 0 {
				t.Errorf("sent %q, waited %v: a refusal is not tried again", s.sent(), *waits)
			}
		})
	}
}

// A limit is waited for as long as its headers say; a secondary one that has none
// for a minute. A write that it refused had no effect, so it is sent again.
func TestConformance_LimitsAreWaitedFor(t *testing.T) {
	for name, want := range map[string]time.Duration{
		"secondary-with-time": 47 * time.Second, "secondary-without": time.Minute, "secondary-429": time.Minute,
	} {
		c, s, waits := replay(t, name, "labels")
		if _, err := c.AddLabels(t.Context(), 1, []string{"P0"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.sent()) != 2 || len(*waits) != 1 || (*waits)[0] != want {
			t.Errorf("%s: sent %d, waited %v, want %v", name, len(s.sent()), *waits, want)
		}
	}
	// The primary limit was renewed by the test's clock already: one second is waited.
	c, s, waits := replay(t, "primary", "labels")
	if _, err := c.AddLabels(t.Context(), 1, []string{"P0"}); err != nil || len(s.sent()) != 2 || len(*waits) != 1 || (*waits)[0] != time.Second {
		t.Errorf("primary: sent %d, waited %v: %v", len(s.sent()), *waits, err)
	}
}

// A commit of the workflow's token bears GitHub's own signature. Its answer, and
// those to what was refused, are told apart.
func TestConformance_CommitsAreSignedOrRefused(t *testing.T) {
	on := Head{Branch: "main", Commit: strings.Repeat("a", 40), Tree: strings.Repeat("b", 40)}
	files := map[string][]byte{"reports/README.md": []byte("x")}
	c, s, _ := replay(t, "tree", "signed-commit", "ref")
	next, err := c.Commit(t.Context(), on, files, "reports [skip ci]")
	if err != nil || next.Commit != "7638417db6d59f3c431d3e1f261cc637155684cd" {
		t.Errorf("got %+v, %v", next, err)
	}
	if strings.Contains(s.bodies[1], "author") || strings.Contains(s.bodies[1], "committer") {
		t.Errorf("it names a person, so GitHub would not sign it: %s", s.bodies[1])
	}
	for name, check := range map[string]func(error) bool{
		"not-fast-forward": func(err error) bool { var e *MovedError; return errors.As(err, &e) },
		"rule-violation":   func(err error) bool { var e *ProtectedError; return errors.As(err, &e) },
		"protected":        func(err error) bool { var e *ProtectedError; return errors.As(err, &e) },
		"not-accessible":   func(err error) bool { var e *Error; return errors.As(err, &e) && e.Needs == "contents: write" },
	} {
		c, _, _ := replay(t, "tree", "signed-commit", name)
		if _, err := c.Commit(t.Context(), on, files, "reports"); !check(err) {
			t.Errorf("%s: got %T %v", name, err, err)
		}
	}
	c, _, _ = replay(t, "empty-repository")
	if _, err := c.Head(t.Context(), "main"); Status(err) != http.StatusConflict {
		t.Errorf("the head of an empty repository: %v", err)
	}
}
