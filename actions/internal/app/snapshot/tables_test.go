package snapshot

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// Telemetry that a spreadsheet or a warehouse exported as CSV pages as that in
// JSON does; what cannot be read of it is on the page, with its place.
func TestTelemetry_AsCSV(t *testing.T) {
	s := newStage(t, strings.Replace(small, "telemetry/*.json", "telemetry/*", 1))
	at := s.world.Now().Add(-2 * time.Hour).UTC()
	var b strings.Builder
	b.WriteString("id;session_id;timestamp;type;version;platform;success;duration_ms;recoverable\n")
	for n := range 1000 {
		fmt.Fprintf(&b, "30000000-0000-4000-8000-%012d;aa%014d;%s;session_start;1.1.0-beta;linux-x86_64;;;\n", n, n, at.Format(time.RFC3339))
		fmt.Fprintf(&b, "40000000-0000-4000-8000-%012d;aa%014d;%s;command_generation;;;%t;12;\n", n, n, at.Format(time.RFC3339), n%10 > 0)
		if n < 60 {
			fmt.Fprintf(&b, "60000000-0000-4000-8000-%012d;aa%014d;%s;backend_error;;;;;FALSE\n", n, n, at.Format(time.RFC3339))
		}
	}
	b.WriteString("50000000-0000-4000-8000-000000000001;aa1;soon;session_start;;;;;\nhalf;a;row\n")
	s.put(t, "telemetry/export.csv", b.String())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got := s.program(t, "snapshot", Program{Queries: self}.Run, map[string]string{"GITHUB_EVENT_NAME": "schedule"})
	if got.code != 0 {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	contains(t, "the page", s.report("README.md"), `telemetry/export.csv: row 2061: timestamp "soon" is not a time`, "telemetry/export.csv:2063:")
	if said := s.said("#caro-alerts"); len(said) != 1 || !strings.Contains(said[0], "Crash rate 6%: critical") {
		t.Errorf("told %q", said)
	}
}
