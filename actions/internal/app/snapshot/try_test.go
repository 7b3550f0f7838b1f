package snapshot

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// Queries are tried as a run asks them: on the tables of the schema, in a process
// of their own.
func TestTryQueries(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	question, err := json.Marshal([]metric.Trial{
		{ID: "good", Source: "github", SQL: "SELECT count(*) AS value FROM issues WHERE number IN (SELECT number FROM labelled(['bug'], $2))"},
		{ID: "table", Source: "github", SQL: "SELECT count(*) AS value FROM isues"},
		{ID: "column", Source: "telemetry", SQL: "SELECT count(durration) AS value FROM session_start_events"},
		{ID: "file", Source: "github", SQL: "SELECT count(*) AS value FROM read_text('/etc/passwd')"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var answer bytes.Buffer
	if err := (Program{Queries: self}).TryQueries(t.Context(), "", bytes.NewReader(question), &answer); err != nil {
		t.Fatal(err)
	}
	var tried []metric.Trial
	if err := json.Unmarshal(answer.Bytes(), &tried); err != nil || len(tried) != 4 {
		t.Fatalf("%v: %s", err, answer.String())
	}
	for i, want := range []string{"", "isues", "durration", "cannot be answered"} {
		if got := tried[i].Wrong; want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", tried[i].ID, got, want)
		}
	}
}
