package terminal

import (
	"fmt"
	"time"
)

// interval is how often a log hears of something that takes long.
const interval = 10 * time.Second

// Progress returns a function that takes how much is done, and says it by a
// line now and then. A total of 0 is not known yet.
func Progress(what string, clock func() time.Time, say func(line string)) func(done, total int) {
	last := clock()
	return func(done, total int) {
		if clock().Sub(last) < interval {
			return
		}
		last = clock()
		say(fmt.Sprintf("%s: %s", what, share(done, total)))
	}
}

// Progress returns a function that takes how much is done, and shows it by a bar
// that moves. A total of 0 is not known yet.
func (s *Screen) Progress(what string) func(done, total int) {
	return func(done, total int) { s.draw(bar(what, done, total)) }
}

func share(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%d so far", done)
	}
	return fmt.Sprintf("%d of %d", done, total)
}
