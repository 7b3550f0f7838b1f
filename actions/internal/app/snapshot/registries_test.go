package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

const published = `
release: {project: Caro, version: v1.1.0-beta, shipped: 2026-01-24}
sources:
  registries: {npm: '@caro/cli', docker: caro/caro}
metrics:
  - {id: yanked_versions}
  - {id: downloads_per_day}
  - {id: downloads_total}
  - {id: version_distribution}
  - {id: from_npm, title: Days of npm, unit: days, source: npm, sql: "SELECT count(*) AS value FROM downloads WHERE registry = 'npm' AND downloads > 0"}
  - {id: from_pypi, title: Days of PyPI, unit: days, source: pypi, sql: "SELECT count(*) AS value FROM downloads"}
`

// A project of two registries: what they tell is counted together. One of them
// tells a running total alone, whose earlier values are in the readings, so days
// are told also where the cache was lost.
func TestRegistries_AreCountedTogether(t *testing.T) {
	s := newStage(t, published)
	n, d := fake.NewNPM(s.world), fake.NewDocker(s.world)
	s.env["AFTERCARE_NPM_URL"], s.env["AFTERCARE_NPM_DOWNLOADS_URL"], s.env["AFTERCARE_DOCKER_URL"] = n.URL, n.URL, d.URL
	n.Publish("@caro/cli", "1.1.0-beta")
	d.Pull("caro/caro", 1000)
	s.must(t)
	for range 2 {
		if err := os.RemoveAll(filepath.Join(s.dir, ".aftercare")); err != nil {
			t.Fatal(err)
		}
		n.Download("@caro/cli", "1.1.0-beta", s.world.Now(), 70)
		d.Pull("caro/caro", 140)
		s.world.Advance(24 * time.Hour)
		s.must(t)
	}
	// Whole days: of npm the 24th and the 25th, 140 in all; of Docker the 25th, 140;
	// over the two days since the release.
	page := s.report("README.md")
	contains(t, "the page", page, "Downloads per day](charts/downloads_per_day.svg)<br><sub>7 days</sub> | 140<br>", "Total downloads](charts/downloads_total.svg) | 1,420 |", "`1.1.0-beta` 140", "`docker caro/caro` 1,280", "| 2 days", "no package is named in rules.yaml")
	s.world.Fail(fake.Fault{On: "docker", Do: fake.BadGateway, Times: 100})
	n.Deprecate("@caro/cli", "1.1.0-beta", "deletes files")
	s.world.Advance(24 * time.Hour)
	s.must(t)
	page = s.report("README.md")
	contains(t, "the page without Docker", page, "**registries, docker**: the registry: it answers 502", "| 2 days")
	if strings.Contains(page, "Downloads per day](charts/downloads_per_day.svg)<br><sub>7 days</sub> | 4") || !strings.Contains(page, "Downloads per day") {
		t.Error("the downloads of one registry stand for both")
	}
	s.world.Heal()
	s.must(t)
	contains(t, "the page after the yank", s.report("README.md"), "Yanked versions](charts/yanked_versions.svg) | 1 |")
}
