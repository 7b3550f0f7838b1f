package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// usual is the folder that the reports are left in where none is named.
const usual = ".demo"

// note lies beside the reports that a demo left.
const note = ".aftercare-demo"

// things are what a demo leaves in a folder.
var things = []string{"reports", "mail", "messages.txt"}

// free reports whether a demo may leave its things in a folder: where there are
// none yet, and where an earlier demo left them.
func free(to string) error {
	if _, err := os.Lstat(filepath.Join(to, note)); err == nil {
		return nil
	}
	for _, thing := range things {
		target := filepath.Join(to, thing)
		if _, err := os.Lstat(target); err == nil {
			return fmt.Errorf("%s is there already, and no demo left it: name another folder with -to", target)
		}
	}
	return nil
}

// leave writes the reports of the simulated repository into a folder, and what
// people were told, and says what to open. What an earlier demo left there is
// replaced, and nothing else.
func leave(s *stage, to string) error {
	for _, thing := range things {
		if err := os.RemoveAll(filepath.Join(to, thing)); err != nil {
			return fmt.Errorf("clear %s: %w", filepath.Join(to, thing), err)
		}
	}
	files := map[string][]byte{
		note:           []byte("What lies beside this file is a demo's: the next one replaces " + strings.Join(things, ", ") + ".\n"),
		"messages.txt": transcript(s.parcels()),
	}
	n := 0
	for name, content := range s.repo.Files("main") {
		if strings.HasPrefix(name, "reports/") {
			files[name] = content
			n++
		}
	}
	for _, l := range s.world.Mail.Messages() {
		if week := weekly.FindString(l.Header("Subject")); week != "" {
			files["mail/"+strings.ReplaceAll(week, " ", "-")+".html"] = letter(l)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o644); err != nil {
			return err
		}
	}
	s.tale.left(files, to, n)
	return nil
}

// weekly is the subject of a digest.
var weekly = regexp.MustCompile(`week \d+`)

// worthOpening are the pages to begin with.
var worthOpening = []struct{ name, about string }{
	{"reports/index.html", "the dashboard, in a browser"},
	{"reports/README.md", "today, what is wrong first"},
	{"reports/2026/W05/README.md", "a week's digest"},
	{"reports/2026/01.md", "the month in review"},
	{"reports/gate.md", "go or no-go, with evidence"},
	{"reports/retrospective.md", "the retrospective of the release"},
	{"messages.txt", "every message that was sent"},
	{"mail/week-2.html", "the digest as it is mailed, in a browser"},
}

func (t *teller) left(files map[string][]byte, to string, n int) {
	fmt.Fprintf(t.out, "\n%s\n", t.paint(terminal.Bold, fmt.Sprintf("%d files of reports are in %s. Open:", n, to)))
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
