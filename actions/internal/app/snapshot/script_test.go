package snapshot

import (
	"flag"
	"testing"

	triage "github.com/aftercare/aftercare/actions/internal/app/triage"
	"github.com/aftercare/aftercare/actions/internal/apptest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// In these scripts, channels NAME … makes channels in Slack, and sessions ALL
// CRASHED exports the telemetry of the hours before.
func TestScripts(t *testing.T) {
	apptest.Scripts(t, *update, "", []apptest.Program{{Name: "snapshot", Run: shipped.Run}, {Name: "triage", Run: triage.Run}}, map[string]apptest.Step{
		"channels": func(s *apptest.Story, args []string) (string, error) {
			s.World.Slack.Channels(args...)
			return "", nil
		},
		"sessions": func(s *apptest.Story, args []string) (string, error) {
			s.Put(s.T, "telemetry/a.json", export(s.World.Now(), apptest.Number(args[0]), apptest.Number(args[1])))
			return "", nil
		},
	})
}
