package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample is a mail of testdata/mails, and what is to become of it.
type sample struct {
	kind, name     string
	machine, pages bool
	mail           string
}

// urgent is the word of the samples that somebody is to be paged for.
const urgent = "meltdown"

// samples reads the files of testdata/mails, one for each kind of mail. A line
// such as "=== person, pages: in words" stands before each mail.
func samples(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob("testdata/mails/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	var all []sample
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range strings.Split("\n"+string(src), "\n=== ") {
			if i == 0 {
				continue
			}
			title, mail, _ := strings.Cut(part, "\n")
			what, name, _ := strings.Cut(title, ": ")
			who, does, _ := strings.Cut(what, ", ")
			if who != "person" && who != "machine" || does != "pages" && does != "quiet" {
				t.Fatalf("%s: unknown verdict %q", file, what)
			}
			all = append(all, sample{strings.TrimSuffix(filepath.Base(file), ".txt"), name, who == "machine", does == "pages", mail + "\n"})
		}
	}
	return all
}

// A person who reports something urgent must be heard whatever mail program is
// used, and neither a program's mail nor an old report that is quoted may page.
func TestMails_PersonOrMachine_OwnOrQuoted(t *testing.T) {
	all := samples(t)
	if len(all) < 150 {
		t.Errorf("%d samples, want at least 150", len(all))
	}
	for _, s := range all {
		t.Run(s.kind+"/"+s.name, func(t *testing.T) {
			got := Read(Split([]byte(s.mail)))
			pages := !got.Automatic && strings.Contains(strings.ToLower(got.Topic+"\n"+got.Text), urgent)
			if got.Automatic != s.machine || pages != s.pages {
				t.Errorf("automatic is %v, want %v; pages is %v, want %v\ntopic %q\ntext %q", got.Automatic, s.machine, pages, s.pages, got.Topic, got.Text)
			}
		})
	}
}
