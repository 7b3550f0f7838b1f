package main

import (
	"bytes"
	"strings"
	"testing"
)

// repeated measures every day of the story again, of the facts that the cache
// keeps, and holds the readings and the pages of the days to the same bytes.
func repeated(t *testing.T, s *stage) {
	t.Helper()
	if _, err := s.run(t.Context(), job{program: "snapshot", event: "workflow_dispatch", args: []string{"-since", shipped.Format("2006-01-02"), "-dry-run"}}); err != nil {
		t.Fatal(err)
	}
	today, compared := s.world.Now().Format("2006-01-02"), 0
	for name, want := range s.repo.Files("main") {
		isDay := strings.HasPrefix(name, "reports/20") && strings.Count(name, "-") == 2 && !strings.Contains(name, today)
		if !isDay && !strings.HasPrefix(name, "reports/data/readings/") {
			continue
		}
		got, err := s.get("dry-run/" + name)
		if isDay {
			if err == nil && !bytes.Equal(got, want) {
				t.Errorf("%s is another when the day is repeated:\n%s", name, firstDifference(string(got), string(want)))
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		again := map[string]bool{}
		for line := range bytes.Lines(got) {
			again[string(line)] = true
		}
		for line := range bytes.Lines(want) {
			compared++
			if !again[string(line)] && !bytes.Contains(line, []byte(`{"at":"`+today+"T18")) {
				t.Errorf("%s: the day repeated lacks %s", name, line)
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d readings were compared", compared)
	}
}

func TestRepeat(t *testing.T) {
	if testing.Short() {
		t.Skip("TheStory repeats the days")
	}
	s, err := open(&teller{out: &bytes.Buffer{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	if err := betaUntil(t.Context(), s, 10); err != nil {
		t.Fatal(err)
	}
	repeated(t, s)
}
