package model

import (
	"strings"
	"testing"
	"time"
)

func TestRelease_FollowIsAPattern(t *testing.T) {
	for follow, valid := range map[string]bool{"": true, "1.1.*": true, "v1.1.*": true, "newer": true, "1.1.1-beta": true, "*": false, "1.*.2": false, "latest": false, "1.1.* ": false} {
		r := Release{Project: "Caro", Version: "v1.1.0", Shipped: Date{time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)}, Follow: follow}
		found := r.Validate()
		if valid != (len(found) == 0) || len(found) > 0 && !strings.Contains(found[0].Text, "must be newer or a pattern") {
			t.Errorf("%q: %v", follow, found)
		}
	}
}
