package runner

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// The first collection may wait, and no other.
func TestCollectLate(t *testing.T) {
	percent := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	if collectLate(); percent() != 50 {
		t.Errorf("the program says 50%%, and the collector works at %d%%", percent())
	}
	debug.SetGCPercent(100)
	t.Setenv("GOGC", "50")
	if collectLate(); percent() != 100 {
		t.Errorf("GOGC is set, and the collector works at %d%%", percent())
	}
	t.Setenv("GOGC", "")
	if collectLate(); percent() != 800 {
		t.Errorf("before the first collection it is %d%%, want 800", percent())
	}
	for range 1000 { // the change is made by another goroutine
		runtime.GC()
		if percent() == 100 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("after the first collection it is %d%%, want 100", percent())
}
