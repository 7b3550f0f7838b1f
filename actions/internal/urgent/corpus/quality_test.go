package corpus

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/race"
	"github.com/aftercare/aftercare/actions/internal/urgent"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

func dataFolder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(folder, "urgent")); err != nil {
		t.Skip("no labelled texts here: AFTERCARE_DATA names the folder that holds them")
	}
	return folder
}

func examples(t testing.TB) (learn, held []urgent.Example) {
	t.Helper()
	all, err := Read(os.DirFS(dataFolder(t)), Files...)
	if err != nil {
		t.Fatal(err)
	}
	learn, held = Split(all)
	own, err := Read(os.DirFS(".."), Own+".tsv")
	if err != nil {
		t.Fatal(err)
	}
	return append(learn, own...), held
}

// The floors that the shipped weights must reach on the part that they were not
// made from. They lie just below the figures: the texts and the weights are fixed,
// so chance moves nothing.
const (
	minUrgent    = 0.71
	minForeign   = 0.79
	maxCalm      = 0.04
	maxOrdinary  = 0.001
	minRightKind = 0.89
)

// TestQualityOfUrgentReports measures the weights that ship on texts and issues
// that they were not made from, chosen by the hash of their titles.
func TestQualityOfUrgentReports(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	_, held := examples(t)
	w, err := urgent.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, err := urgent.New(urgent.Config{Languages: wordlist.Languages})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("the shipped weights, on the part never learned from (95% intervals):")
	got := figures(t, s.Measure(held), w)
	for name, floor := range map[string]float64{"urgent, English: pages": minUrgent, "urgent, other languages: pages": minForeign, "pages: a right kind": minRightKind} {
		if got[name].of() < floor {
			t.Errorf("%s: %s, want at least %.0f%%", name, got[name], 100*floor)
		}
	}
	for name, ceiling := range map[string]float64{"calm: pages": maxCalm, "ordinary: pages": maxOrdinary} {
		if got[name].of() > ceiling {
			t.Errorf("%s: %s, want at most %.1f%%", name, got[name], 100*ceiling)
		}
	}
}

// TestQualityOfLearning makes weights from four fifths of the other part and
// measures them on the last, five times; small projects are held out whole. It
// is slow, so it runs where the figures are asked for.
func TestQualityOfLearning(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures or compares, and shares nothing")
	}
	if os.Getenv("AFTERCARE_QUALITY") == "" {
		t.Skip("make quality measures it: it takes a minute")
	}
	learn, _ := examples(t)
	scores, err := urgent.CrossValidate(learn, wordlist.Languages)
	if err != nil {
		t.Fatal(err)
	}
	w, err := urgent.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	t.Log("five-fold, at the shipped thresholds (95% intervals):")
	if got := figures(t, scores, w); got["urgent, English: pages"].of() < minUrgent || got["calm: pages"].of() > maxCalm {
		t.Errorf("got urgent %s, calm %s", got["urgent, English: pages"], got["calm: pages"])
	}
}

// share is a part of a whole, with its 95% interval (Wilson 1927).
type share struct{ part, whole int }

func (s share) of() float64 { return float64(s.part) / float64(max(1, s.whole)) }

func (s share) String() string {
	const z = 1.96
	n, p := float64(max(1, s.whole)), s.of()
	middle, spread := (p+z*z/(2*n))/(1+z*z/n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))/(1+z*z/n)
	return fmt.Sprintf("%5.1f%% (%d of %d, %.1f–%.1f)", 100*p, s.part, s.whole, 100*max(0, middle-spread), 100*min(1, middle+spread))
}

// figures prints and returns how many texts of each group page.
func figures(t *testing.T, scores []urgent.Scored, w *urgent.Weights) map[string]share {
	t.Helper()
	all := map[string]share{}
	add := func(name string, is bool) {
		s := all[name]
		s.whole++
		if is {
			s.part++
		}
		all[name] = s
	}
	for _, x := range scores {
		pages, foreign := x.Points >= w.Page, slices.Contains(wordlist.Languages, x.Source)
		group := "calm"
		switch {
		case x.Ordinary:
			group = "ordinary"
		case x.Urgent && foreign:
			group = "urgent, other languages"
		case x.Urgent:
			group = "urgent, English"
		case foreign:
			group = "calm, other languages"
		}
		add(group+": pages", pages)
		add(group+": pages or needs a look", x.Points >= w.Look)
		if !x.Ordinary {
			add(group+", "+x.Source+": pages", pages)
		}
		if x.Urgent && pages {
			add("pages: a right kind", slices.ContainsFunc(x.Guess, func(k string) bool { return slices.Contains(x.Kinds, k) }))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%-46s %s", name, all[name])
	}
	return all
}
