package triage

import (
	"flag"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/apptest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// In these scripts, event ACTION N [FLAGS] is the run that an event of an issue
// starts.
func TestScripts(t *testing.T) {
	apptest.Scripts(t, *update, rulesOfProject(t), []apptest.Program{shipped}, map[string]apptest.Step{
		"event": func(s *apptest.Story, args []string) (string, error) {
			n := apptest.Number(args[1])
			return s.Play(shipped, eventOf(s.T, "issues", s.Repo.Event(n, args[0])), args[2:]...)
		},
	})
}
