package runner

import "github.com/aftercare/aftercare/actions/internal/terminal"

// Progress tells people how far something is that takes long: in a terminal by
// a bar that moves, in a log by a line now and then. Each call of the function
// says what is done by now; a total of 0 is not known yet. The bar's line ends
// by itself, before anything else is printed and at the end of the run.
func (e *Env) Progress(what string) func(done, total int) {
	if e.screen != nil {
		return e.screen.Progress(what)
	}
	return terminal.Progress(what, e.Clock, func(line string) { e.Log.Info(line) })
}
