package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// elsewhere are metrics that the plan has no row for, and of registries that its
// project is not in.
var elsewhere = []string{"downloads_by_registry", "downloads_by_system", "ci_failure_rate"}

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
				t.Errorf("%s: %q is not a bound", d.ID, given.is)
			}
		}
		if found := m.Thresholds.Validate(m.Unit); len(found) > 0 {
			t.Errorf("%s: %v", d.ID, found)
		}
		if m.Title == "" || m.Priority == "" || len(m.Window) == 0 || m.Section == "" {
			t.Errorf("%s is not complete: %+v", d.ID, m.Definition)
		}
		own, there := shipped[d.ID]
		if !there && !slices.Contains(elsewhere, d.ID) {
			t.Errorf("the shipped plan does not measure %s", d.ID)
		}
		if there && (own.Target.String() != m.Target.String() || own.Warning.String() != m.Warning.String() || own.Critical.String() != m.Critical.String() || len(own.Bands) != len(m.Bands)) {
			t.Errorf("%s: the shipped plan has %+v, the catalogue %+v", d.ID, own, m.Thresholds)
		}
	}
}

// What init writes into a plan for a registry is what the catalogue has.
func TestRegistries_NameMetricsOfTheCatalogue(t *testing.T) {
	for _, r := range registry.All() {
		for _, id := range r.Metrics {
			if d, known := metric.Find(id); !known || d.Source != "registries" && d.Source != "versions" {
				t.Errorf("%s names the metric %s, whose source is %q", r.Name, id, d.Source)
			}
		}
		book, err := Parse("rules.yaml", []byte("sources: {registries: {"+r.Name+": '"+r.Example+"'}}\nmetrics: [{id: downloads_total}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		kept := slices.ContainsFunc(book.Measured(), func(m Metric) bool { return m.ID == "downloads_by_registry" })
		if kept != r.Totals {
			t.Errorf("%s: its running totals are kept in the readings: %v", r.Name, kept)
		}
	}
}

func TestMeasured(t *testing.T) {
	book, err := Parse("rules.yaml", []byte(`
metrics:
  - {id: crash_rate, target: '< 2%', priority: P1}
  - {id: own, title: Own, unit: things, source: github, sql: SELECT 1 AS value}
  - {id: top_mention}
  - {id: total_sessions}
  - {id: bugs_per_week, window: [1w]}
gate:
  must: [{metric: p0_bugs, is: '= 0'}, {metric: crash_rate, is: '< 1%', window: 21d}]
  nice: [{metric: bugs_per_week, is: '< 9', window: 7d}, {metric: nps, is: '> 0', window: 21d}]
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range book.Measured() {
		got = append(got, fmt.Sprintf("%s %s %s|%s %s %s, weekly %s", m.ID, m.Priority, strings.Join(m.Window, "+"), strings.Join(m.Beside, "+"), m.Target, m.Warning, model.Duration(m.Weekly())))
	}
	want := []string{
		"crash_rate P1 24h|21d+7d < 2% > 0.5%, weekly 7d",
		"own P2 now|  , weekly 0s",
		"top_mention P2 30d|  , weekly 30d",
		"total_sessions P2 24h+7d+30d| growing , weekly 7d",
		"bugs_per_week P1 1w| < 10 , weekly 7d",
		"p0_bugs P0 now| = 0 , weekly 0s",
		"nps P1 7d|21d >= 40 , weekly 7d",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The plan's criteria look back over the weeks since the release, where a day or
// a week would forget what happened; what they ask is measured.
func TestTheShippedGateLooksBackOverTheBeta(t *testing.T) {
	book, err := Parse("rules.yaml", shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	beta := book.Release.GA.Sub(book.Release.Shipped.Time)
	states := []string{"p0_bugs", "vulnerabilities", "open_bugs", "week_retention"} // as they are in the end
	measured := map[string]Metric{}
	for _, m := range book.Measured() {
		measured[m.ID] = m
	}
	for _, q := range book.Gate.Questions() {
		m, length := measured[q.Metric], q.Window.Duration()
		if length == 0 {
			length = m.Own()
		}
		if !slices.Contains(states, q.Metric) && length < 21*24*time.Hour || q.Metric == "privacy_leaks" && length < beta {
			t.Errorf("%s is asked over %s, and the beta takes %s", q.Metric, model.Duration(length), model.Duration(beta))
		}
		if !slices.Contains(lengthsOf(slices.Concat(m.Window, m.Beside)), length) {
			t.Errorf("%s is not measured over %s", q.Metric, model.Duration(length))
		}
	}
}

// What a metric of reports counts notifies people by a label, whose route is as
// urgent as a metric's of its own would be.
func TestTheShippedPlanCallsNobodyTwice(t *testing.T) {
	book, err := Parse("rules.yaml", shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]string{}
	for _, r := range book.Routes {
		for _, m := range r.Metric {
			calls[m] = r.Mention
		}
		for _, l := range r.Label {
			calls[l] = r.Mention
		}
	}
	for _, m := range book.Measured() {
		for _, label := range m.Reports {
			if calls[label] != "channel" {
				t.Errorf("%s counts what is labelled %s, which calls %q", m.ID, label, calls[label])
			}
		}
	}
	if calls["pii_in_telemetry"] != "channel" {
		t.Errorf("findings of the scan have no label, and call %q", calls["pii_in_telemetry"])
	}
}
