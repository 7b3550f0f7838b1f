// Package corpus reads labelled texts and recorded issues from files, as
// examples of what is urgent and what is not. Each file is told by its name:
//
//	*.tsv        columns labels, title, body, and lang where it is not English;
//	             \n in a body is the end of a line
//	*.csv.gz     columns repo, title, body: ordinary issues
//	*.jsonl.gz   an issue of the REST API a line, under "issue"
//	*.json.gz    {"issues": [{"title", "body"}]}
package corpus

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/urgent"
)

// Files are those that the shipped weights were made from, in a folder of data,
// besides the project's own texts.
var Files = []string{
	"urgent/reports.tsv", "urgent/typical.tsv", "urgent/languages.tsv",
	"labels/nlbse24-train.csv.gz", "issues/matomo-2008-2014.jsonl.gz", "issues/bitcoin-core-gui.issues.jsonl.gz", "issues/tls13-spec.archive.json.gz",
}

// Held reports whether an example belongs to the part that no weights are made
// from: a fifth, chosen by the hash of its title.
func Held(e urgent.Example) bool {
	h := fnv.New32a()
	h.Write([]byte("final " + e.Title))
	return h.Sum32()%5 == 0
}

// Split parts examples into those that weights may be made from and those that
// are only for measuring; the project's own texts are only learned from.
func Split(all []urgent.Example) (learn, held []urgent.Example) {
	for _, e := range all {
		if e.Source != Own && Held(e) {
			held = append(held, e)
		} else {
			learn = append(learn, e)
		}
	}
	return learn, held
}

// Read reads files of a folder.
func Read(files fs.FS, names ...string) ([]urgent.Example, error) {
	var all []urgent.Example
	for _, name := range names {
		some, err := read(files, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

func read(files fs.FS, name string) ([]urgent.Example, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, err
		}
		r = z
	}
	source, _, _ := strings.Cut(path.Base(name), ".")
	switch {
	case strings.HasSuffix(name, ".tsv"):
		return table(r, source)
	case strings.HasSuffix(name, ".csv.gz"):
		return sheet(r)
	case strings.HasSuffix(name, ".jsonl.gz"):
		return issues(r, source)
	case strings.HasSuffix(name, ".json.gz"):
		return archive(r, source)
	}
	return nil, errors.New("unknown kind of file: expected .tsv, .csv.gz, .jsonl.gz or .json.gz")
}

// Own is the name of the file of the project's own texts, which are learned
// from and never measured on.
const Own = "texts"

// table reads texts that a person labelled.
func table(r io.Reader, source string) ([]urgent.Example, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	column := map[string]int{}
	var all []urgent.Example
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(column) == 0 {
			for i, name := range cells {
				column[name] = i
			}
			continue
		}
		cell := func(name string) string {
			if i, ok := column[name]; ok && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		labels := strings.Split(cell("labels"), ",")
		e := urgent.Example{Title: cell("title"), Body: strings.ReplaceAll(cell("body"), `\n`, "\n"), Source: source, Urgent: slices.Contains(labels, "P0")}
		e.Check = source != Own && !slices.Contains(labels, "P1")
		if lang := cell("lang"); lang != "" {
			e.Source = lang
		}
		for _, l := range labels {
			if slices.Contains(urgent.Kinds, l) {
				e.Kinds = append(e.Kinds, l)
			}
		}
		all = append(all, e)
	}
	return all, lines.Err()
}

func ordinary(source, title, body string) urgent.Example {
	return urgent.Example{Title: title, Body: body, Source: source, Ordinary: true, Check: true}
}

// sheet reads issues of several repositories.
func sheet(r io.Reader) ([]urgent.Example, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	repo, title, body := at("repo"), at("title"), at("body")
	if min(repo, title, body) < 0 {
		return nil, errors.New("expected the columns repo, title and body")
	}
	var all []urgent.Example
	for _, row := range rows[1:] {
		all = append(all, ordinary(row[repo], row[title], row[body]))
	}
	return all, nil
}

// alarming are labels of issues that may be urgent, and teach nothing.
var alarming = []string{"Critical", "c: Security", "c: Privacy", "Regression", "Major"}

// issues reads a recorded repository, without what its triagers found
// alarming.
func issues(r io.Reader, source string) ([]urgent.Example, error) {
	source, _, _ = strings.Cut(source, "-2")
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	var all []urgent.Example
	for lines.Scan() {
		var row struct {
			Issue struct {
				Title, Body string
				Labels      []struct{ Name string }
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(row.Issue.Labels, func(l struct{ Name string }) bool { return slices.Contains(alarming, l.Name) }) {
			all = append(all, ordinary(source, row.Issue.Title, row.Issue.Body))
		}
	}
	return all, lines.Err()
}

func archive(r io.Reader, source string) ([]urgent.Example, error) {
	var repository struct {
		Issues []struct{ Title, Body string }
	}
	if err := json.NewDecoder(r).Decode(&repository); err != nil {
		return nil, err
	}
	var all []urgent.Example
	for _, i := range repository.Issues {
		all = append(all, ordinary(source, i.Title, i.Body))
	}
	return all, nil
}
