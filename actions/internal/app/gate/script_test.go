package gate

import (
	"flag"
	"strconv"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/apptest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// In these scripts, readings SUCCESS BUGS are those that snapshot filed on each day
// from the release until now: the share of commands that succeed, in percent, and the
// P0 bugs that stand open today.
func TestScripts(t *testing.T) {
	apptest.Scripts(t, *update, criteria, []apptest.Program{shipped}, map[string]apptest.Step{
		"readings": func(s *apptest.Story, args []string) (string, error) {
			success, err := strconv.ParseFloat(args[0], 64)
			today := s.World.Now().Truncate(24 * time.Hour)
			(&stage{s.Stage}).record(s.T, s.World.Now(), func(at time.Time) float64 {
				if at.Before(today) {
					return 0
				}
				return float64(apptest.Number(args[1]))
			}, success)
			return "", err
		},
	})
}
