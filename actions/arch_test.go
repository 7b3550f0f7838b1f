package actions

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
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
	{"internal/lazyregexp"},
	{"internal/model", "internal/diag", "internal/labelname", "internal/redact", "internal/redirect", "internal/answer", "internal/github", "internal/fake", "internal/letter", "internal/budget", "internal/humanize", "internal/terminal", "internal/race"},
	{"internal/change", "internal/issuetext", "internal/store", "internal/collect/web"},
	{"internal/collect/registry", "internal/service"},
	{"internal/collect"},
	{"internal/collect/feed"},
	{"internal/wordlist"},
	{"internal/urgent"},
	{"internal/urgent/corpus", "internal/label", "internal/sentiment", "internal/duplicates", "internal/keyphrase", "internal/learn", "internal/metric", "internal/runner", "internal/fake/contract", "internal/store/storetest", "internal/store/postgres", "internal/store/sandbox"},
	{"internal/verdict"},
	{"internal/alert", "internal/gate"},
	{"internal/backtest", "internal/history"},
	{"internal/publish"},
	{"internal/notify", "internal/report", "internal/audit"},
	{"internal/config"},
	{"internal/acttest", "internal/apptest", "internal/workflowlint"},
	{"internal/app"},
	{"internal/app/triage", "internal/app/snapshot", "internal/app/digest", "internal/app/gate", "internal/app/check"},
	{"triage", "snapshot", "digest", "gate", "check", "init", "demo"},
}

// sideways are the arrows within a floor that are wanted.
var sideways = map[string][]string{
	"internal/model":  {"internal/diag"},
	"internal/github": {"internal/redirect", "internal/answer"},
	"internal/learn":  {"internal/label"},
}

// pure are the rooms that get data and return data: no process, no network.
var pure = []string{"internal/labelname", "internal/issuetext", "internal/wordlist", "internal/urgent", "internal/label", "internal/metric", "internal/verdict", "internal/alert", "internal/gate", "internal/change", "internal/redact", "internal/model", "internal/diag", "internal/backtest", "internal/sentiment", "internal/duplicates", "internal/keyphrase", "internal/learn", "internal/letter", "internal/humanize", "internal/audit"}

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

const githubActions = "github.com/sethvargo/go-githubactions"

// safeNames are what runner may use of the package go-githubactions. Its other
// functions write to os.Stdout, past the redactor.
var safeNames = []string{"New", "WithWriter", "WithGetenv", "Action", "GitHubContext", "Command"}

// safeMethods are the methods of its Action that runner may call, by the
// function that may: the others end a value at a fixed delimiter (SetOutput,
// SetEnv, SaveState), end the process (Fatalf) or are not needed.
var safeMethods = map[string][]string{
	"Warningf": {"warn"}, "Errorf": {"fail"}, "WithFieldsMap": {"at"}, "Group": {"group"}, "Infof": {"group"}, "EndGroup": {"group"},
	"AddMask": {"addMasks"}, "AddStepSummary": {"Write"}, "IssueFileCommand": {"setOutput"}, "GetInput": {"inputOf"}, "Context": {"contextOf"},
}

// TestGitHubActions_IsUsedSafely checks that go-githubactions is used in one
// file, and there only in the ways that leave by the redactor, forge no output
// and read no event without a limit.
func TestGitHubActions_IsUsedSafely(t *testing.T) {
	const only = "internal/runner/commands.go"
	found := false
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		faults, imports := unsafeUses(string(src))
		if imports && filepath.ToSlash(path) != only {
			t.Errorf("%s: imports go-githubactions, which only %s may", path, only)
		}
		for _, fault := range faults {
			t.Errorf("%s: %s", path, fault)
		}
		found = found || imports
		return nil
	})
	if err != nil || !found {
		t.Fatalf("found a use: %v, %v", found, err)
	}
}

// The test above must find each unsafe use, not only pass where there is none.
func TestGitHubActions_EachUnsafeUseIsFound(t *testing.T) {
	for use, want := range map[string]string{
		`func f() { githubactions.SetOutput("a", "b") }`:                         "uses githubactions.SetOutput",
		`func f() { githubactions.Warningf("%s", "a") }`:                         "uses githubactions.Warningf",
		`func f() { g := githubactions.AddMask; g("a") }`:                        "uses githubactions.AddMask",
		`func f() { githubactions.New() }`:                                       "calls githubactions.New without WithWriter and WithGetenv",
		`func f() { githubactions.New(githubactions.WithWriter(w)) }`:            "calls githubactions.New without WithWriter and WithGetenv",
		`func f(a *githubactions.Action) { a.SetOutput("a", "b") }`:              "f calls SetOutput",
		`func f(a *githubactions.Action) { a.SetEnv("a", "b") }`:                 "f calls SetEnv",
		`func f(a *githubactions.Action) { a.SaveState("a", "b") }`:              "f calls SaveState",
		`func f(a *githubactions.Action) { a.Fatalf("%s", "b") }`:                "f calls Fatalf",
		`func f(a *githubactions.Action) { g := a.AddPath; g("b") }`:             "f calls AddPath",
		`func f(a *githubactions.Action) { a.Context() }`:                        "f calls Context",
		`func fail(a *githubactions.Action, s string) { a.Errorf(s) }`:           `Errorf without "%s"`,
		`func warn(a *githubactions.Action, s string) { a.Warningf("x %s", s) }`: `Warningf without "%s"`,
		`func group(a *githubactions.Action, s string) { a.Infof(s, 1) }`:        `Infof without "%s"`,
		`func fail(a *githubactions.Action, s string) { a.Errorf("%s", s); githubactions.New(githubactions.WithWriter(w), githubactions.WithGetenv(g)) }`: "",
	} {
		for header, name := range map[string]string{"import %q\n": "", "import gha %q\n": "another name", "import . %q\n": "another name"} {
			faults, imports := unsafeUses("package runner\n" + strings.ReplaceAll(header, "%q", strconv.Quote(githubActions)) + use)
			if !imports {
				t.Fatalf("%s: the import is not seen", use)
			}
			expected := want
			if name != "" {
				expected = "imports go-githubactions by " + name
			}
			if all := strings.Join(faults, "\n"); !strings.Contains(all, expected) || expected == "" && all != "" {
				t.Errorf("%s%s: got %q, want %q", header, use, all, expected)
			}
		}
	}
}

// actionMethods are the methods of an Action that do something.
var actionMethods = []string{
	"IssueCommand", "IssueFileCommand", "AddMask", "AddMatcher", "RemoveMatcher", "AddPath", "SaveState", "GetInput", "Group", "EndGroup",
	"AddStepSummary", "AddStepSummaryTemplate", "SetEnv", "SetOutput", "Debugf", "Noticef", "Warningf", "Errorf", "Fatalf", "Infof",
	"WithFieldsSlice", "WithFieldsMap", "GetIDToken", "Context",
}

// unsafeUses are the uses of go-githubactions in a file that are not allowed,
// and whether the file imports it.
func unsafeUses(src string) (faults []string, imports bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", src, 0)
	if err != nil {
		return []string{err.Error()}, false
	}
	for _, i := range file.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); path != githubActions && !strings.HasPrefix(path, githubActions+"/") {
			continue
		}
		imports = true
		if i.Name != nil {
			faults = append(faults, "imports go-githubactions by another name")
		}
	}
	if !imports {
		return nil, false
	}
	for _, decl := range file.Decls {
		in := ""
		if f, is := decl.(*ast.FuncDecl); is {
			in = f.Name.Name
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				faults = append(faults, unsafeName(n, in)...)
			case *ast.CallExpr:
				faults = append(faults, unsafeCall(n)...)
			}
			return true
		})
	}
	return faults, true
}

func unsafeName(n *ast.SelectorExpr, in string) []string {
	of, _ := n.X.(*ast.Ident)
	switch {
	case of != nil && of.Name == "githubactions":
		if !slices.Contains(safeNames, n.Sel.Name) {
			return []string{"uses githubactions." + n.Sel.Name}
		}
	case of != nil && of.Name == "fmt":
	case slices.Contains(actionMethods, n.Sel.Name) && !slices.Contains(safeMethods[n.Sel.Name], in):
		return []string{in + " calls " + n.Sel.Name}
	}
	return nil
}

func unsafeCall(call *ast.CallExpr) []string {
	called, is := call.Fun.(*ast.SelectorExpr)
	if !is {
		return nil
	}
	of, _ := called.X.(*ast.Ident)
	switch {
	case of != nil && of.Name == "githubactions" && called.Sel.Name == "New":
		given := map[string]bool{}
		for _, arg := range call.Args {
			if option, is := arg.(*ast.CallExpr); is {
				if name, is := option.Fun.(*ast.SelectorExpr); is {
					given[name.Sel.Name] = true
				}
			}
		}
		if !given["WithWriter"] || !given["WithGetenv"] {
			return []string{"calls githubactions.New without WithWriter and WithGetenv"}
		}
	case of != nil && of.Name == "fmt":
	case slices.Contains([]string{"Debugf", "Noticef", "Warningf", "Errorf", "Fatalf", "Infof"}, called.Sel.Name):
		if format, is := call.Args[0].(*ast.BasicLit); !is || format.Value != `"%s"` {
			return []string{called.Sel.Name + ` without "%s"`}
		}
	}
	return nil
}

// The part-of-speech tagger adds megabytes to a program and a third of a second
// to its start, so only programs that take snapshots link it: what answers an
// event, and what only reads pages, must not wait for it.
func TestOnlySnapshotsLinkTheTagger(t *testing.T) {
	imports := map[string][]string{}
	for _, a := range arrows(t) {
		imports[a.from] = append(imports[a.from], a.to)
	}
	const tagger = "github.com/jdkato/prose"
	for _, program := range []string{"triage", "digest", "gate", "check", "init"} {
		if path := pathTo(imports, program, tagger); path != nil {
			t.Errorf("%s links the tagger: %s", program, strings.Join(path, " -> "))
		}
	}
	if pathTo(imports, "snapshot", tagger) == nil {
		t.Error("snapshot does not link the tagger: the walk is broken")
	}
}

// Triage answers an event, so it links neither what learns from past issues nor
// what tries rules on them; nor do the other programs that label nothing anew.
func TestOnlyCheckLearns(t *testing.T) {
	imports := map[string][]string{}
	for _, a := range arrows(t) {
		imports[a.from] = append(imports[a.from], a.to)
	}
	for _, program := range []string{"triage", "snapshot", "digest", "gate", "internal/report"} {
		for _, room := range []string{"internal/learn", "internal/backtest"} {
			if path := pathTo(imports, program, module+room); path != nil {
				t.Errorf("%s links %s: %s", program, room, strings.Join(path, " -> "))
			}
		}
	}
	if pathTo(imports, "check", module+"internal/learn") == nil {
		t.Error("check does not link the learner: the walk is broken")
	}
}

// Every main hands its program to the runner, and does nothing else, so that the
// tests of a program cover all of it.
func TestMainsAreShort(t *testing.T) {
	for _, program := range []string{"triage", "snapshot", "digest", "gate", "check", "init", "demo"} {
		src, err := os.ReadFile(program + "/main.go")
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(src), "\n"); lines > 30 {
			t.Errorf("%s/main.go has %d lines: at most 30", program, lines)
		}
	}
}

// pathTo returns the imports that lead from a room to a package whose path has a
// prefix, both included; nil where none do.
func pathTo(imports map[string][]string, room, prefix string) []string {
	seen := map[string]bool{}
	var walk func(string) []string
	walk = func(at string) []string {
		if seen[at] {
			return nil
		}
		seen[at] = true
		for _, to := range imports[at] {
			if strings.HasPrefix(to, prefix) {
				return []string{at, to}
			}
			if rest := walk(strings.TrimPrefix(to, module)); rest != nil {
				return append([]string{at}, rest...)
			}
		}
		return nil
	}
	return walk(room)
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
