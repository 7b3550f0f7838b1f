package metric_test

import (
	"strings"
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

// A repository of several packages tags each with its name, and registries and the
// product know the number alone: the family and its newest version are found by it.
func TestNewest_IsTheNumberThatRegistriesKnow(t *testing.T) {
	s := newStore(t)
	if err := s.Put(t.Context(), []model.Row{
		model.VersionRow{Package: "caro", Version: "1.1.0", CreatedAt: now.AddDate(0, 0, -9)},
		model.VersionRow{Package: "caro", Version: "1.1.1", CreatedAt: now.AddDate(0, 0, -3), Yanked: true},
		model.VersionRow{Package: "caro", Version: "1.2.0rc1", CreatedAt: now.AddDate(0, 0, -2), Yanked: true},
	}); err != nil {
		t.Fatal(err)
	}
	// The pattern 1.1.* does not match 1.2.0rc1, the name of cli/v1.2.0-rc1 in the index of Python.
	release := model.Release{Version: "cli/v1.1.0", Follow: "1.1.*", Family: []model.Published{
		{Version: "cli/v1.1.0"}, {Version: "cli/v1.2.0-rc1"}, {Version: "cli/v1.1.1"},
	}}
	yanked, _ := metric.Find("yanked_versions")
	own := metric.Definition{ID: "own", Window: model.Names{"now"}, Source: "versions", SQL: "SELECT count(*) AS value FROM versions WHERE version = {{newest}} AND created_at <= $2"}
	got := metric.Measure(t.Context(), metric.Facts{Store: s, Release: release}, []metric.Definition{yanked, own}, now)
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	for _, r := range got {
		if want := map[string]float64{"own": 1, "yanked_versions": 2}[r.Metric]; r.Value == nil || *r.Value != want {
			t.Errorf("%s is %+v, want %v", r.Metric, r, want)
		}
	}
	// A reading names the versions that it counts, and keeps their names.
	kept, damaged := metric.Decode(metric.Encode(got))
	if len(damaged) > 0 {
		t.Fatal(damaged)
	}
	for _, r := range kept {
		if names := strings.Join(r.Names, " "); r.Metric == "yanked_versions" && names != "1.1.1 1.2.0rc1" {
			t.Errorf("the yanked versions are %q", names)
		}
	}
}
