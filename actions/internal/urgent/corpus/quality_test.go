package corpus

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/race"
	"github.com/aftercare/aftercare/actions/internal/urgent"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

var learnWeights = flag.Bool("learn", false, "write weights.txt")

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

func TestTmpLearn(t *testing.T) {
	if !*learnWeights {
		t.Skip("no")
	}
	learn, _ := examples(t)
	w, err := urgent.Learn(learn, wordlist.Languages)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../weights.txt", []byte(w.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	scores, err := urgent.CrossValidate(learn, wordlist.Languages)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("crossed")
	figures(t, scores, w.Page, w.Look)
}

func TestQualityOfUrgentReports(t *testing.T) {
	if race.Enabled {
		t.Skip("it measures, and shares nothing: it runs where the race detector is off")
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
	t.Log("held")
	figures(t, s.Measure(held), w.Page, w.Look)
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

func figures(t *testing.T, scores []urgent.Scored, page, look int) map[string]share {
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
		group := "calm "
		switch {
		case x.Ordinary:
			group = "ordinary "
		case x.Urgent:
			group = "urgent "
		}
		add(group+"pages", x.Points >= page)
		add(group+"look", x.Points >= look)
		if !x.Ordinary {
			add(group+x.Source, x.Points >= page)
		}
		if x.Urgent && x.Points >= page {
			add("right kind", slices.ContainsFunc(x.Guess, func(k string) bool { return slices.Contains(x.Kinds, k) }))
			add("all kinds", strings.Join(x.Guess, ",") == strings.Join(x.Kinds, ","))
		}
	}
	var names []string
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		t.Logf("%-20s %s", n, all[n])
	}
	return all
}
