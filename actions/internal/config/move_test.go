package config

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// A release that is watched next changes what says which release it is, and
// nothing else: comments, order and quotes are the user's.
func TestMove_ChangesTheReleaseAlone(t *testing.T) {
	src := `# ours
release:
  project: "Ca\u0072o" # the name
  version: 'v1.1.0-beta'
  follow: 1.1.*  # hot-fixes
  shipped: 2026-01-24
  ga: "2026-02-15"
  phases: [{name: "Start – früh", until: 2026-01-30}, {name: Later, until: 2026-02-06, focus: [v1.1.0-beta]}]
labels: [{name: v1.1.0-beta}]
`
	at := time.Date(2026, 4, 2, 15, 4, 5, 0, time.UTC)
	got, err := Move("rules.yaml", []byte(src), model.Published{Version: "v1.2.0-beta.1", At: at})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("'v1.1.0-beta'", "'v1.2.0-beta.1'", "follow: 1.1.*", "follow: 1.2.*", "shipped: 2026-01-24", "shipped: 2026-04-02",
		"2026-02-15", "2026-04-24", "2026-01-30", "2026-04-08", "2026-02-06", "2026-04-15").Replace(src)
	if string(got.Source) != want {
		t.Errorf("got\n%s\nwant\n%s", got.Source, want)
	}
	if len(got.Changes) != 6 || got.Changes[0] != "release.version: v1.1.0-beta → v1.2.0-beta.1" {
		t.Errorf("the changes are %q", got.Changes)
	}
	again, err := Move("rules.yaml", got.Source, model.Published{Version: "1.2.0-beta.1", At: at})
	if err != nil || len(again.Changes) > 0 || string(again.Source) != want {
		t.Errorf("again: %q, %v", again.Changes, err)
	}
}

func TestMove_LeavesWeeksAlone(t *testing.T) {
	src := "release: {project: Caro, version: 1.1.0, shipped: 2026-01-24, phases: [{name: Launch, week: 1}, {name: Later, week: 3}]}\n"
	got, err := Move("rules.yaml", []byte(src), model.Published{Version: "1.2.0", At: time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(got.Changes) != 2 {
		t.Fatalf("%q, %v", got.Changes, err)
	}
	book, err := Parse("rules.yaml", got.Source)
	if err != nil || book.Release.Phases[0].Until.String() != "2026-04-08" || book.Release.Phases[1].Until.String() != "2026-04-22" {
		t.Errorf("%+v, %v", book.Release.Phases, err)
	}
}

func TestMove_SaysWhatOnlyAPersonCanChange(t *testing.T) {
	at := time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)
	for src, want := range map[string]string{
		"labels: [{name: a}]\n": "has no release to move",
		"release: {project: Caro, version: &v 1.1.0, shipped: 2026-01-24}\nlabels: [{name: *v}]\n":             "only a person can change",
		"release:\n  project: Caro\n  version: >-\n    1.1.0\n  shipped: 2026-01-24\n":                         "only a person can change",
		"release: {project: Caro, version: 1.1.0, shipped: 2026-01-24, phases: [{name: A, until: 2026-13-1}]}": "is not a day",
	} {
		_, err := Move("rules.yaml", []byte(src), model.Published{Version: "1.2.0", At: at})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
}
