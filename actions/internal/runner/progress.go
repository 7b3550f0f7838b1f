package runner

import (
	"fmt"
	"time"
)

// everyNow is how often a log hears of something that takes long.
const everyNow = 10 * time.Second

// Progress tells people how far something is that takes long: in a terminal by
// a bar that moves, in a log by a line now and then. Each call of the function
// says what is done by now; a total of 0 is not known yet. The bar's line ends
// by itself, before anything else is printed and at the end of the run.
func (e *Env) Progress(what string) func(done, total int) {
	if e.screen != nil {
		return func(done, total int) { e.screen.draw(bar(what, done, total)) }
	}
	last := e.Clock()
	return func(done, total int) {
		if e.Clock().Sub(last) < everyNow {
			return
		}
		last = e.Clock()
		e.Log.Info(fmt.Sprintf("%s: %s", what, share(done, total)))
	}
}

func share(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%d so far", done)
	}
	return fmt.Sprintf("%d of %d", done, total)
}
