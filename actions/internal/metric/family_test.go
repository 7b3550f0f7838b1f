package metric_test

import (
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// A yank counts for every version of the release's family: the watched one and
// the hot-fixes that follow it, and no other.
func TestYankedVersions_CountTheFamily(t *testing.T) {
	for _, c := range []struct {
		name, follow string
		yanked       []string
		want         float64
	}{
		{"none", "1.1.*", nil, 0},
		{"the watched one", "", []string{"1.1.0-beta"}, 1},
		{"a hot-fix, not followed", "", []string{"1.1.1-beta"}, 0},
		{"a hot-fix", "1.1.*", []string{"1.1.1-beta"}, 1},
		{"a hot-fix, with a v", "v1.1.*", []string{"1.1.1-beta"}, 1},
		{"both", "1.1.*", []string{"1.1.0-beta", "1.1.1-beta"}, 2},
		{"an earlier version of the pattern", "1.1.*", []string{"1.1.0-alpha"}, 0},
		{"a later version of another series", "1.1.*", []string{"1.2.0"}, 0},
		{"every newer version", "newer", []string{"1.0.9", "1.1.0-alpha", "1.1.1-beta", "1.2.0"}, 2},
		{"one version", "1.1.1-beta", []string{"1.1.1-beta", "1.2.0"}, 1},
	} {
		s := newStore(t)
		var rows []model.Row
		for i, version := range []string{"1.0.9", "1.1.0-alpha", "1.1.0-beta", "1.1.1-beta", "1.2.0"} {
			row := model.VersionRow{Package: "caro", Version: version, CreatedAt: now.AddDate(0, 0, i-9)}
			for _, y := range c.yanked {
				row.Yanked = row.Yanked || y == version
			}
			rows = append(rows, row)
		}
		if err := s.Put(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		d, _ := metric.Find("yanked_versions")
		watched := model.Release{Project: "Caro", Version: "v1.1.0-beta", Follow: c.follow}
		got := metric.Measure(t.Context(), metric.Facts{Store: s, Release: watched}, []metric.Definition{d}, now)
		if len(got) != 1 || got[0].Value == nil || *got[0].Value != c.want {
			t.Errorf("%s: got %+v, want %v", c.name, got, c.want)
		}
		s.Close()
	}
}
