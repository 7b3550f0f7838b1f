package actions

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/aftercare/aftercare/actions/"

// floors is the house from the ground up. A room may import rooms of lower
// floors alone, so arrows point down and never run back up.
var floors = [][]string{
	{"internal/model", "internal/diag", "internal/redact", "internal/redirect", "internal/answer", "internal/github", "internal/fake", "internal/letter", "internal/budget"},
	{"internal/change", "internal/issuetext", "internal/store", "internal/collect"},
	{"internal/wordlist"},
	{"internal/urgent"},
	{"internal/urgent/corpus", "internal/label", "internal/sentiment", "internal/duplicates", "internal/learn", "internal/metric", "internal/runner", "internal/fake/contract", "internal/store/storetest", "internal/store/postgres", "internal/store/sandbox"},
	{"internal/verdict"},
	{"internal/alert", "internal/gate"},
	{"internal/backtest"},
	{"internal/notify", "internal/report", "internal/history"},
	{"internal/config"},
	{"internal/acttest", "internal/workflowlint"},
	{"internal/app/triage", "internal/app/snapshot", "internal/app/digest", "internal/app/gate"},
	{"triage", "snapshot", "digest", "gate", "check", "init", "demo"},
}

// sideways are the arrows within a floor that are wanted.
var sideways = map[string][]string{
	"internal/model":  {"internal/diag"},
	"internal/github": {"internal/redirect", "internal/answer"},
	"internal/learn":  {"internal/label"},
}

// pure are the rooms that get data and return data: no process, no network.
var pure = []string{"internal/issuetext", "internal/wordlist", "internal/urgent", "internal/label", "internal/metric", "internal/verdict", "internal/alert", "internal/gate", "internal/change", "internal/redact", "internal/model", "internal/diag", "internal/backtest", "internal/sentiment", "internal/duplicates", "internal/learn", "internal/letter"}

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

// What a test leaves out where the race detector looks on, the second run of
// `make test` does: it names the test and the package.
func TestWhatIsLeftOutIsDoneWhole(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	variable := func(name string) string {
		_, after, _ := strings.Cut(string(makefile), "\n"+name+" := ")
		line, _, _ := strings.Cut(after, "\n")
		return strings.ReplaceAll(line, "$$", "$")
	}
	whole, err := regexp.Compile(variable("WHOLE"))
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.FieldsFunc(variable("REPEATING"), func(r rune) bool { return strings.ContainsRune(" ,()", r) })
	found := 0
	err = filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, isFunc := d.(*ast.FuncDecl)
			if !isFunc || !strings.HasPrefix(f.Name.Name, "Test") || !asks(f, "race", "Enabled") {
				continue
			}
			found++
			room := filepath.ToSlash(filepath.Dir(path))
			if !whole.MatchString(f.Name.Name) || !slices.Contains(packages, strings.TrimPrefix(room, "internal/")) && !slices.Contains(packages, "./actions/"+room) {
				t.Errorf("%s: %s leaves something out where the race detector looks on, and make test does it nowhere: name it in WHOLE and its room in REPEATING", path, f.Name.Name)
			}
		}
		return nil
	})
	if err != nil || found == 0 {
		t.Fatalf("%d found: %v", found, err)
	}
}

// asks tells whether a function speaks of a package's name.
func asks(f *ast.FuncDecl, of, name string) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == name {
			x, ok := s.X.(*ast.Ident)
			found = found || ok && x.Name == of
		}
		return !found
	})
	return found
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
