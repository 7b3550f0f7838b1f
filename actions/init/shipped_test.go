package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

// houseOnly are the workflows that other repositories have no use for.
var houseOnly = []string{"ci.yml", "release.yml"}

var ownAction = regexp.MustCompile(`uses: \./(actions/[a-z]+)`)

// original are the files that init carries, by their names here, as this
// repository's own say.
func original(t *testing.T) map[string][]byte {
	t.Helper()
	plan, err := os.ReadFile("../../rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"plans/caro.yaml": plan}
	own, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(own) == 0 {
		t.Fatalf("the workflows of the repository: %d, %v", len(own), err)
	}
	for _, name := range own {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if base := filepath.Base(name); !slices.Contains(houseOnly, base) {
			files["workflows/"+base] = ownAction.ReplaceAll(src, []byte("uses: aftercare/aftercare/${1}"+mark))
		}
	}
	return files
}

// What init writes elsewhere is what runs here: the workflows and the plan that
// it carries are this repository's, with the pin in the place of the path.
func TestItCarriesTheShippedFiles(t *testing.T) {
	want := original(t)
	carried, _ := filepath.Glob("workflows/*.yml")
	for _, name := range carried {
		if _, there := want[filepath.ToSlash(name)]; there {
			continue
		}
		if !*update {
			t.Errorf("%s is of no workflow of the repository: make update", name)
		} else if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, src := range want {
		if *update {
			if err := os.WriteFile(name, src, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, src) {
			t.Errorf("%s is not the repository's (%v): make update", name, err)
		}
		if ownAction.Match(got) {
			t.Errorf("%s uses an action of its own folder", name)
		}
	}
}
