package snapshot

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// greenZero is a row of the page that says that there are no open bugs.
var greenZero = regexp.MustCompile(`🟢 \| [^|]*Open (bugs|P0 bugs)[^|]*\| 0 `)

// TestSnapshot_EmptyGraphQLAnswers holds that an answer of GraphQL without what
// was asked for is not a repository without issues: the page shows no green 0, and
// a P0 issue that was opened meanwhile is notified by the next run, once.
func TestSnapshot_EmptyGraphQLAnswers(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":{}}`, `{"data":{"repository":null}}`} {
		t.Run(body, func(t *testing.T) {
			s := newStage(t, "")
			s.telemetry(t, 200, 0)
			n := s.repo.OpenIssue("ann", "a meltdown", "", "P0", "bug")
			s.world.Advance(10 * time.Minute)
			whole := s.env["GITHUB_GRAPHQL_URL"]
			empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, body)
			}))
			defer empty.Close()
			s.env["GITHUB_GRAPHQL_URL"] = empty.URL
			s.run(t)
			page := s.report("README.md")
			if page == "" || greenZero.MatchString(page) || !strings.Contains(page, "lacks what was asked for") && !strings.Contains(page, "holds no data") {
				t.Errorf("the page must name the gap and show no green 0: %s", page)
			}
			s.env["GITHUB_GRAPHQL_URL"] = whole
			for range 2 {
				s.world.Advance(15 * time.Minute)
				if got := s.run(t); got.code != 0 {
					t.Errorf("exit %d: %s", got.code, got.stdout)
				}
			}
			if said := strings.Join(s.said("#caro-alerts"), "\n"); strings.Count(said, fmt.Sprintf("(#%d)", n)) != 1 {
				t.Errorf("told %q, want #%d once", said, n)
			}
		})
	}
}
