package digest

import (
	"flag"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/apptest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// In these scripts, readings DAYS are those that snapshot filed on each day from the
// release on.
func TestScripts(t *testing.T) {
	apptest.Scripts(t, *update, small, []apptest.Program{shipped}, map[string]apptest.Step{
		"readings": func(s *apptest.Story, args []string) (string, error) {
			s.World.Slack.Channels("#caro-alerts", "#caro-monitoring")
			(&stage{s.Stage}).record(s.T, apptest.Number(args[0]))
			return "", nil
		},
	})
}
