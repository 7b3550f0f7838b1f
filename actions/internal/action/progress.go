package action

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// everyNow is how often a log hears of something that takes long.
const everyNow = 10 * time.Second

// Progress tells people how far something is that takes long: in a terminal by
// a bar that moves, in a log by a line now and then. Each call of the function
// says what is done by now; a total of 0 is not known yet. Calling it with done
// equal to total ends the bar.
func (e *Env) Progress(what string) func(done, total int) {
	if e.terminal != nil {
		return bar(e.terminal, what)
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

const barWidth = 30

func bar(to io.Writer, what string) func(done, total int) {
	return func(done, total int) {
		full := 0
		if total > 0 {
			full = min(barWidth, barWidth*done/total)
		}
		end := ""
		if total > 0 && done >= total {
			end = "\n"
		}
		fmt.Fprintf(to, "\r%s [%s%s] %s\x1b[K%s", what, strings.Repeat("█", full), strings.Repeat("·", barWidth-full), share(done, total), end)
	}
}

// isTerminal tells a person's terminal from a file or a pipe.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
