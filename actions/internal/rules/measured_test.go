package rules

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// The catalogue's bounds read, fit their units, and are those of the shipped
// plan.
func TestTheCataloguesBounds(t *testing.T) {
	book, err := Parse("rules.yaml", shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	shipped := map[string]verdict.Thresholds{}
	for _, m := range book.Metrics {
		shipped[m.ID] = m.Thresholds
	}
	for _, d := range metric.Catalogue() {
		m := Metric{Definition: metric.Definition{ID: d.ID}}.whole()
		for _, given := range []struct {
			is  string
			got verdict.Bound
		}{{d.Target, m.Target}, {d.Warning, m.Warning}, {d.Critical, m.Critical}} {
			if given.is != "" && given.got.IsZero() {
				t.Errorf("%s: %q is no bound", d.ID, given.is)
			}
		}
		if found := m.Thresholds.Validate(m.Unit); len(found) > 0 {
			t.Errorf("%s: %v", d.ID, found)
		}
		if m.Title == "" || m.Priority == "" || len(m.Window) == 0 || m.Section == "" {
			t.Errorf("%s is not complete: %+v", d.ID, m.Definition)
		}
		own, there := shipped[d.ID]
		if !there {
			t.Errorf("the shipped plan does not measure %s", d.ID)
		}
		if own.Target.String() != m.Target.String() || own.Warning.String() != m.Warning.String() || own.Critical.String() != m.Critical.String() || len(own.Bands) != len(m.Bands) {
			t.Errorf("%s: the shipped plan has %+v, the catalogue %+v", d.ID, own, m.Thresholds)
		}
	}
}

func TestMeasured(t *testing.T) {
	book, err := Parse("rules.yaml", []byte(`
metrics:
  - {id: crash_rate, target: '< 2%', priority: P1}
  - {id: own, title: Own, unit: things, source: github, sql: SELECT 1 AS value}
gate:
  must: [{metric: p0_bugs, is: '= 0'}, {metric: crash_rate, is: '< 1%', window: 21d}]
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range book.Measured() {
		got = append(got, strings.Join([]string{m.ID, m.Priority, strings.Join(m.Window, "+"), m.Target.String(), m.Warning.String()}, " "))
	}
	if want := "crash_rate P1 24h+21d < 2% > 0.5%|own P2 now  |p0_bugs P0 now = 0 "; strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}
