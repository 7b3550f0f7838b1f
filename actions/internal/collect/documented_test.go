package collect

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The events that the documentation shows are read as it says, and it names every
// field that an event may have.
func TestDocumentedEventsAreRead(t *testing.T) {
	page, err := os.ReadFile("../../docs/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "## What a telemetry event holds")
	_, block, _ := strings.Cut(after, "```json\n")
	block, _, _ = strings.Cut(block, "```")
	now := time.Date(2026, 1, 28, 0, 0, 0, 0, time.UTC)
	read := 0
	for line := range strings.Lines(block) {
		e, why := understand([]byte(line), now, false)
		if why != "" || e.later != "" || len(e.personal) > 0 || e.row == nil {
			t.Errorf("%sis read as: wrong %q, unknown kind %q, personal data %v, row %v", line, why, e.later, e.personal, e.row)
		}
		read++
	}
	if read == 0 {
		t.Error("actions/docs/sources.md shows no event")
	}
	fields := reflect.TypeFor[exported]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if !strings.Contains(after, "`"+name+"`") {
			t.Errorf("actions/docs/sources.md does not name the field %q of an event", name)
		}
	}
}
