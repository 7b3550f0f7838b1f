package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the goldens anew")

func TestBadFilesAreExplained(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse("rules.yaml", src)
			var bad *Error
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, want mistakes", err)
			}
			got := strings.Join(bad.Mistakes(), "\n") + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".out"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, _ := os.ReadFile(golden)
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func shipped(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("../../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestTheShippedPlanIsGood(t *testing.T) {
	book, err := Parse("rules.yaml", shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	declared := strings.Join(book.labelNames(), " ")
	for _, label := range strings.Fields("P0 P1 critical security bug regression installation install-script privacy privacy-leak crash enhancement question documentation") {
		if !strings.Contains(" "+declared+" ", " "+label+" ") {
			t.Errorf("the plan's label %s is not declared", label)
		}
	}
	if book.Release.Project != "Caro" || len(book.Release.Phases) != 3 || len(book.Routes) == 0 || len(book.Gate.Must) != 5 {
		t.Errorf("the plan is not whole: %+v", book.Release)
	}
}

func TestReadSaysWhatIsMissing(t *testing.T) {
	_, err := Read(fstest.MapFS{}, "other.yaml")
	if err == nil || !strings.HasPrefix(err.Error(), "other.yaml:1:1: there is no such file") {
		t.Errorf("got %v", err)
	}
}

func TestAnEmptyFileIsAPlanWithEverythingOff(t *testing.T) {
	for _, src := range []string{"", "# nothing\n", "---\n", "labels:\ntriage:\nroutes:\n"} {
		if _, err := Parse("rules.yaml", []byte(src)); err != nil {
			t.Errorf("%q: %v", src, err)
		}
	}
}

// No bytes make the reader panic; its mistakes have places within the file.
func FuzzParse(f *testing.F) {
	f.Add(string(shipped(f)))
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	for _, file := range files {
		src, _ := os.ReadFile(file)
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		book, err := Parse("rules.yaml", []byte(src))
		if err == nil {
			return
		}
		var bad *Error
		if book != nil || !errors.As(err, &bad) || len(bad.found) == 0 {
			t.Fatalf("got %v and %v", book, err)
		}
		lines := strings.Count(src, "\n") + 2
		for _, m := range bad.found {
			if m.line < 1 || m.line > lines || m.column < 1 || m.text == "" {
				t.Fatalf("mistake without a place: %+v of %d lines", m, lines)
			}
		}
	})
}

func BenchmarkParseTheShippedPlan(b *testing.B) {
	src := shipped(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("rules.yaml", src); err != nil {
			b.Fatal(err)
		}
	}
}
