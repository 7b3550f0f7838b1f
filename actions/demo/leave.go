package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// usual is the folder that the reports are left in where none is named.
const usual = ".demo"

// note lies beside the reports that a demo left.
const note = ".aftercare-demo"

// free tells whether reports may be left in a folder: in the usual one, where
// there are none yet, and where an earlier demo left them.
func free(to string) error {
	target := filepath.Join(to, "reports")
	if _, err := os.Lstat(target); err != nil || to == usual {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(to, note)); err != nil {
		return fmt.Errorf("%s is there already, and no demo left it: name another folder with -to", target)
	}
	return nil
}

// leave writes the reports of the simulated repository into a folder and says
// what to open. Only the folder `reports` in it is replaced.
func leave(s *stage, to string) error {
	target := filepath.Join(to, "reports")
	if err := os.RemoveAll(target); err != nil {
		return fmt.Errorf("clear %s: %w", target, err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(to, note), []byte("The folder reports beside this file is a demo's: the next one replaces it.\n"), 0o644); err != nil {
		return err
	}
	files := s.repo.Files("main")
	n := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(name, "reports/") {
			continue
		}
		path := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
		n++
	}
	s.tale.left(files, to, n)
	return nil
}

// worthOpening are the pages to begin with.
var worthOpening = []struct{ name, about string }{
	{"reports/index.html", "the dashboard, in a browser"},
	{"reports/README.md", "today, what is wrong first"},
	{"reports/2026/W05/README.md", "a week's digest"},
	{"reports/2026/01.md", "January in retrospect"},
	{"reports/gate.md", "go or no-go, with evidence"},
}

func (t *teller) left(files map[string][]byte, to string, n int) {
	fmt.Fprintf(t.out, "\n%s\n", t.paint(bold, fmt.Sprintf("%d files of reports are in %s. Open:", n, to)))
	for _, page := range worthOpening {
		if _, there := files[page.name]; there {
			fmt.Fprintf(t.out, "  %-42s %s\n", filepath.Join(to, page.name), page.about)
		}
	}
}

// headline is the first heading of a page, as plain text.
func headline(page []byte) string {
	line, _, _ := bytes.Cut(page, []byte("\n"))
	return unescaped(strings.TrimLeft(string(line), "# "))
}

// paragraph is the first paragraph under the heading of a page.
func paragraph(page []byte) string {
	parts := strings.SplitN(string(page), "\n\n", 3)
	if len(parts) < 2 {
		return ""
	}
	return unescaped(strings.Trim(parts[1], "*"))
}

// condition is a sentence about the release, without its name: "2 metrics are
// critical, …".
func condition(sentence string) string {
	if _, after, ok := strings.Cut(sentence, ": "); ok {
		return after
	}
	return sentence
}

// unescaped takes out what Markdown needs and a terminal does not.
func unescaped(text string) string {
	return strings.NewReplacer(`\_`, "_", `\`, "", "**", "").Replace(text)
}
