package actions

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/aftercare/aftercare/actions/"

// floors is the house from the ground up. A room may import rooms of lower
// floors alone, so arrows point down and never run back up.
var floors = [][]string{
	{"internal/fact", "internal/mistake", "internal/mask", "internal/github", "internal/simulate"},
	{"internal/plan", "internal/text", "internal/store", "internal/source"},
	{"internal/triage", "internal/mood", "internal/similar", "internal/learn", "internal/metric", "internal/action", "internal/simulate/contract", "internal/store/storetest"},
	{"internal/verdict"},
	{"internal/alert", "internal/gate"},
	{"internal/trial"},
	{"internal/sink", "internal/report", "internal/ledger"},
	{"internal/rules"},
	{"internal/acttest", "internal/policy"},
	{"triage/program", "snapshot/program", "digest/program", "gate/program"},
	{"triage", "snapshot", "digest", "gate", "check", "init", "demo"},
}

// sideways are the arrows within a floor that are wanted.
var sideways = map[string][]string{
	"internal/fact":  {"internal/mistake"},
	"internal/learn": {"internal/triage"},
}

// pure are the rooms that get data and return data: no process, no network.
var pure = []string{"internal/text", "internal/triage", "internal/metric", "internal/verdict", "internal/alert", "internal/gate", "internal/plan", "internal/mask", "internal/fact", "internal/mistake", "internal/trial", "internal/mood", "internal/similar", "internal/learn"}

func TestArrowsPointDown(t *testing.T) {
	floor := map[string]int{}
	for i, rooms := range floors {
		for _, room := range rooms {
			floor[room] = i
		}
	}
	for _, arrow := range arrows(t) {
		from, known := floor[arrow.from]
		if !known {
			t.Errorf("%s: the room %s has no floor: add it to the list", arrow.file, arrow.from)
			continue
		}
		to, ours := strings.CutPrefix(arrow.to, module)
		if !ours || to == arrow.from {
			continue
		}
		if below, known := floor[to]; !known || below >= from && !slices.Contains(sideways[arrow.from], to) {
			t.Errorf("%s: the arrow from %s to %s runs up or sideways", arrow.file, arrow.from, to)
		}
	}
}

func TestPureRoomsTouchNothing(t *testing.T) {
	forbidden := []string{"os", "net/http", "os/exec", "net", "database/sql"}
	for _, arrow := range arrows(t) {
		if slices.Contains(pure, arrow.from) && slices.Contains(forbidden, arrow.to) {
			t.Errorf("%s: %s is pure, and imports %s", arrow.file, arrow.from, arrow.to)
		}
	}
}

type arrow struct{ file, from, to string }

// arrows are the imports of the files that are not tests.
func arrows(t *testing.T) []arrow {
	t.Helper()
	var all []arrow
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if room == "." {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			to, _ := strconv.Unquote(i.Path.Value)
			all = append(all, arrow{path, room, to})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no imports were found: the walk is broken")
	}
	return all
}
