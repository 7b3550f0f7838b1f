package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keep fills a file with a row of each table and a note, and closes it.
func keep(t *testing.T, path string) {
	t.Helper()
	s, note, err := Open(t.Context(), path)
	if err != nil || note != "" {
		t.Fatalf("open %s: %q, %v", path, note, err)
	}
	s.SetState("cursor", "x")
	if err := errors.Join(s.Put(t.Context(), rows()), s.Close()); err != nil {
		t.Fatal(err)
	}
}

const issuesAsKept = "[[1 it's \x00 ünïcode 🎉]]"

// held describes what an opened store holds: "kept", "empty" or something else.
// It also writes to each table with a key, which reads every index.
func held(t *testing.T, s *Store) string {
	t.Helper()
	got := ask(t, s, "SELECT count(*), min(title) FROM issues")
	if err := s.Put(t.Context(), rows()); err != nil {
		return "a store that cannot be written: " + err.Error()
	}
	if after := ask(t, s, "SELECT count(*), min(title) FROM issues"); after != issuesAsKept {
		return "a store with the issues " + after
	}
	switch cursor := s.State("cursor"); {
	case got == issuesAsKept && cursor == "x":
		return "kept"
	case got == "[[0 <nil>]]" && cursor == "":
		return "empty"
	default:
		return got + " and the cursor " + cursor
	}
}

func TestOpen_KeepsFactsBetweenRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "facts.duckdb")
	keep(t, path)
	s, note := open(t, path)
	if got := held(t, s); got != "kept" || note != "" {
		t.Errorf("got %s, %q", got, note)
	}
}

// A path may hold every character that the driver would read as a part of a URL,
// or SQL as the end of a string.
func TestOpen_TakesAnyPath(t *testing.T) {
	useMemory(t)
	for _, name := range []string{"what?threads=4", "100%", "%zz", "a#b", "it's", "a:b", "sqlite:x", "with space", "ünïcode", "a;b", "?", "%2e%2e", ":memory:"} {
		path := filepath.Join(t.TempDir(), name)
		keep(t, path)
		s, note := open(t, path)
		if got := held(t, s); got != "kept" || note != "" {
			t.Errorf("%s: %s, %q", name, got, note)
		}
		s.Close()
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s is not where the facts are: %v", name, err)
		}
	}
}

// A relative path is read from where the program runs; a colon in it is no
// other kind of database.
func TestOpen_TakesARelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	keep(t, "sqlite:facts?.duckdb")
	s, note := open(t, "sqlite:facts?.duckdb")
	if got := held(t, s); got != "kept" || note != "" {
		t.Errorf("got %s, %q", got, note)
	}
}

// damage is a way in which a file may come back.
type damage struct {
	name    string
	content []byte
}

// damages cut a file and change a byte of it, in steps, of which there are that
// many over the file.
func damages(whole []byte, steps int) []damage {
	all := []damage{{"empty", nil}, {"another database", append([]byte("SQLite format 3\x00"), make([]byte, 8192)...)}, {"the mark of another database", []byte("SQLite format 3\x00")}}
	for at := 0; at < len(whole); at += len(whole)/steps + 1 {
		flipped := append([]byte{}, whole...)
		flipped[at] ^= 0xff
		all = append(all, damage{fmt.Sprintf("cut at %d", at), whole[:at]}, damage{fmt.Sprintf("changed at %d", at), flipped})
	}
	return all
}

// Damage in a block that only a later run needs, such as one of an index, would
// stop that run in its middle. It is found when the file is opened, wherever it is.
func TestOpen_FindsDamageAnywhere(t *testing.T) {
	useMemory(t)
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	keep(t, path)
	whole, sum := readFile(t, path), readFile(t, path+".sha256")
	for _, d := range damages(whole, 12) {
		writeFile(t, path, d.content)
		writeFile(t, path+".sha256", sum)
		s, note := open(t, path)
		if got := held(t, s); got != "empty" || !strings.Contains(note, "cannot be used") {
			t.Errorf("%s: %s, %q", d.name, got, note)
		}
		s.Close()
		if err := file(path).remove(); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, path, whole)
	writeFile(t, path+".sha256", sum)
	if s, note := open(t, path); note != "" || held(t, s) != "kept" {
		t.Errorf("the whole file is not read again: %q", note)
	}
}

// A run that died left no checksum: what it left is kept whole, or replaced, and
// can be written in either case.
func TestOpen_FindsDamageInWhatADeadRunLeft(t *testing.T) {
	useMemory(t)
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	keep(t, path)
	whole, kept := readFile(t, path), 0
	for _, d := range damages(whole, 12) {
		if err := file(path).remove(); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, d.content)
		s, note := open(t, path)
		switch got := held(t, s); {
		case got == "kept" && note == "":
			kept++
		case got != "empty" || !strings.Contains(note, "cannot be used"):
			t.Errorf("%s: %s, %q", d.name, got, note)
		}
		s.Close()
	}
	if kept == 0 {
		t.Error("no change of a byte was harmless: the copy is never used")
	}
}

func TestOpen_ReplacesTablesOfAnotherVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	keep(t, path)
	other, err := connect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = other.Exec("UPDATE aftercare_version SET version = 'another'")
	if err := errors.Join(err, other.Close()); err != nil {
		t.Fatal(err)
	}
	for _, sealed := range []bool{true, false} {
		src := readFile(t, path)
		if err := errors.Join(file(path).unseal()); err != nil {
			t.Fatal(err)
		}
		if sealed {
			if err := file(path).seal(); err != nil {
				t.Fatal(err)
			}
		}
		s, note := open(t, path)
		if got := held(t, s); got != "empty" || !strings.Contains(note, "version another") {
			t.Errorf("with a checksum %t: %s, %q", sealed, got, note)
		}
		s.Close()
		writeFile(t, path, src)
	}
}

// A place that cannot be written must not keep a run from its work.
func TestOpen_UsesMemoryWhereNothingCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "file"), []byte("not a folder"))
	if err := os.MkdirAll(filepath.Join(dir, "folder.duckdb", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{"a file in place of the folder": filepath.Join(dir, "file", "facts.duckdb"), "a device without room": "/dev/full/facts.duckdb", "the kernel's own folder": "/proc/facts.duckdb",
		"a folder with a question mark": filepath.Join(dir, "what?", "facts.duckdb")}
	if full, ok := tiny(t, "size=300k"); ok {
		paths["a full disk"] = filepath.Join(full, "new", "facts.duckdb")
	}
	if sealed, ok := tiny(t, "size=64m"); ok {
		keep(t, filepath.Join(sealed, "facts.duckdb"))
		if out, err := exec.Command("mount", "-o", "remount,ro", sealed).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		paths["a read-only disk"] = filepath.Join(sealed, "facts.duckdb")
	}
	for name, path := range paths {
		s, note := open(t, path)
		if got := held(t, s); got != "empty" || !strings.Contains(note, "cannot be written") || strings.Contains(note, "\n") {
			t.Errorf("%s: %s, %q", name, got, note)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
	s, note := open(t, filepath.Join(dir, "folder.duckdb"))
	if got := held(t, s); got != "empty" || note == "" {
		t.Errorf("a folder in place of the file: %s, %q", got, note)
	}
}

// tiny is a file system of its own; only root may mount one.
func tiny(t *testing.T, options string) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "none", dir).CombinedOutput(); err != nil {
		t.Logf("no file system of its own can be mounted, so it is not tested: %v: %s", err, out)
		return "", false
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	return dir, true
}

// Another program that has the file open keeps it.
func TestOpen_LeavesAnOpenFileAlone(t *testing.T) {
	if path := os.Getenv("AFTERCARE_TEST_HOLD"); path != "" {
		s, note := open(t, path)
		fmt.Println("held", note, s.State("cursor"))
		_, _ = os.Stdin.Read(make([]byte, 1)) // until the other test is done
		return
	}
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	keep(t, path)
	other := exec.Command(os.Args[0], "-test.run", "^TestOpen_LeavesAnOpenFileAlone$")
	other.Env = append(os.Environ(), "AFTERCARE_TEST_HOLD="+path)
	stdin, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 64)
	if n, err := stdout.Read(line); err != nil || !strings.Contains(string(line[:n]), "held  x") {
		t.Fatalf("the other program says %q, %v", line, err)
	}
	s, note := open(t, path)
	if got := held(t, s); got != "empty" || !strings.Contains(note, "open in another program") {
		t.Errorf("got %s, %q", got, note)
	}
	stdin.Close()
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	if s, note := open(t, path); held(t, s) != "kept" || note != "" {
		t.Errorf("what the other program kept is lost: %q", note)
	}
}

// useMemory puts the test's folders where a file need not reach a disk, since
// these tests open many.
func useMemory(t *testing.T) {
	if _, err := os.Stat("/dev/shm"); err == nil {
		t.Setenv("TMPDIR", "/dev/shm")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
