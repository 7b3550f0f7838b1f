package config

import (
	"strings"
	"testing"
)

// Thresholds may be written in the unit of time that reads best.
func TestParse_ConvertsUnitsOfTime(t *testing.T) {
	book, err := Parse("rules.yaml", []byte(`
metrics:
  - {id: time_to_first_response, target: '< 1d', warning: '> 72h', critical: '> 1w', bands: [{name: quick, is: '<= 90 min'}]}
  - {id: generation_time_p95, target: '< 2s', warning: '> 5000ms'}
gate:
  must: [{metric: time_to_close, is: '< 2d'}, {days_without: p0_bugs, is: '>= 2w'}, {metric: generation_time_p95, is: '< 1.5s'}]
`))
	if err != nil {
		t.Fatal(err)
	}
	response, generation := book.Metrics[0].Thresholds, book.Metrics[1].Thresholds
	got := []string{response.Target.String(), response.Warning.String(), response.Critical.String(), response.Bands[0].Is.String(), generation.Target.String(), generation.Warning.String()}
	for _, c := range book.Gate.Must {
		got = append(got, c.Is.String())
	}
	want := "< 24; > 72; > 168; <= 1.5; < 2000; > 5000ms; < 48; >= 14; < 1500"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, "; "), want)
	}
}

// A unit that the metric does not have is an error, not a number without it.
func TestParse_RejectsOtherUnits(t *testing.T) {
	_, err := Parse("rules.yaml", []byte("metrics: [{id: crash_rate, target: '< 5h'}]\ngate: {must: [{metric: nps, is: '>= 40%'}]}\n"))
	if err == nil || len(err.(*Error).Mistakes()) != 2 {
		t.Errorf("got %v", err)
	}
}
