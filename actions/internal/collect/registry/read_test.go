package registry

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// told is what a registry told, in short.
func told(f Found) string {
	var lines []string
	for _, v := range f.Versions {
		line := fmt.Sprintf("version %s of %s", v.Version, v.CreatedAt.Format(time.DateOnly))
		if v.Yanked {
			line += ", yanked"
		}
		if !v.Uncounted {
			line += fmt.Sprintf(", %d", v.Downloads)
		}
		lines = append(lines, line)
	}
	for _, d := range f.Downloads {
		if d.Downloads > 0 {
			lines = append(lines, strings.Join(strings.Fields(fmt.Sprintf("day %s %s %s %d", d.Day.Format(time.DateOnly), d.Version, d.System, d.Downloads)), " "))
		}
	}
	for _, c := range f.Counts {
		line := fmt.Sprintf("until %s %s %d", c.Until.Format(time.DateOnly), c.Version, c.Downloads)
		if !c.Since.IsZero() {
			line = "since " + c.Since.Format(time.DateOnly) + " " + line
		}
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// read reads a package from servers that stand for the hosts.
func read(t testing.TB, r Registry, world *fake.World, name string, addresses ...string) (Found, error) {
	t.Helper()
	o := options(world, world.Now(), addresses[0])
	o.Getenv = func(env string) string {
		for i, h := range r.Hosts {
			if h.Env == env {
				return addresses[min(i, len(addresses)-1)]
			}
		}
		return ""
	}
	return r.Read(t.Context(), name, o)
}
