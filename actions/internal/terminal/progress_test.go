package terminal

import (
	"strings"
	"testing"
	"time"
)

func TestProgress_SaysALineNowAndThen(t *testing.T) {
	var log strings.Builder
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	tell := Progress("issues", func() time.Time { return now }, func(line string) { log.WriteString(line + "\n") })
	for done := range 31 {
		tell(done, 0)
		now = now.Add(time.Second)
	}
	if want := "issues: 10 so far\nissues: 20 so far\nissues: 30 so far\n"; log.String() != want {
		t.Errorf("the log says %q, want %q", log.String(), want)
	}
}
