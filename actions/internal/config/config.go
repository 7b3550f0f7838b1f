// Package config reads rules.yaml, once and strictly, into the types of the
// rooms that use it: each room keeps its own page, with its tags and its
// Validate, and this package binds the pages. All mistakes are told at once,
// each with file, line, column and the nearest right word. After Read nothing
// needs checking again.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"reflect"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Book is the whole of rules.yaml. A section that is left out is off.
type Book struct {
	// Release is the release under watch.
	Release model.Release `yaml:"release"`
	// Labels are the labels that Aftercare may add. Those that the repository lacks are created.
	Labels []change.Label `yaml:"labels"`
	// Include names word lists that ship with Aftercare, such as urgent or languages/de.
	Include model.Names `yaml:"include"`
	// Lists adds words to word lists, by the name of the list; a minus in front of a word removes it.
	Lists wordlist.Lists `yaml:"lists"`
	// Triage holds the label rules, from the top down.
	Triage []label.Rule `yaml:"triage"`
	// People says which accounts belong to the team, and which are ignored.
	People model.People `yaml:"people"`
	// Similar configures the search for possible duplicates of a new issue.
	Similar Similar `yaml:"similar"`
	// Discussions selects the GitHub Discussions that are triaged like issues.
	Discussions Discussions `yaml:"discussions"`
	// Channels are the places that notifications go to, by name.
	Channels alert.Channels `yaml:"channels"`
	// Routes send alerts to channels. For each label or metric the first route that matches is used,
	// unless it says continue.
	Routes []alert.Route `yaml:"routes"`
	// Silence keeps channels quiet about metrics or labels for a time. Pages show it, and check says when it
	// is over.
	Silence alert.Silences `yaml:"silence"`
	// Inhibits keep alerts quiet while another alert explains them: while a version is yanked, nobody
	// needs to hear that fewer people download it. Pages show it.
	Inhibits alert.Inhibitions `yaml:"inhibits"`
	// Sources are the data sources besides the repository itself. Each is off until it is named.
	Sources Sources `yaml:"sources"`
	// Metrics are what is measured: entries of the catalogue by id, or your own with SQL.
	Metrics []Metric `yaml:"metrics"`
	// Digest configures the weekly digest.
	Digest Digest `yaml:"digest"`
	// Gate holds the criteria of the release gate.
	Gate gate.Section `yaml:"gate"`
	// Reports says where the reports are committed.
	Reports Reports `yaml:"reports"`
	// Confidence is the confidence level of the intervals of rates, from 50% to below 100%; default:
	// 95%.
	Confidence verdict.Confidence `yaml:"confidence"`

	file string     // the name that it was read by
	root *yaml.Node // nil where the file has no keys
}

// Metric is one of the catalogue, by its id alone or with other bounds, or a
// user's own with its SQL.
type Metric struct {
	metric.Definition  `yaml:",inline"`
	verdict.Thresholds `yaml:",inline"`
	// Beside are windows that the gate and the digest need besides the metric's
	// own: their readings are kept, and stand on no page of a day.
	Beside []string `yaml:"-"`
}

// Similar says what triage tells of the issues that say nearly the same as a
// new one.
type Similar struct {
	// Most is the number of possible duplicates to list, from 1 to 10; 0 turns the search off.
	Most int `yaml:"most"`
	// Comment posts the closest duplicates as a comment on the new issue.
	Comment bool `yaml:"comment"`
}

// Discussions says which new threads of Discussions are triaged as issues are.
type Discussions struct {
	// Categories are the names of the categories whose new discussions are triaged; default: none.
	Categories model.Names `yaml:"categories"`
}

// vocabulary is the lists that the rules may name.
func (b *Book) vocabulary() label.Vocabulary {
	return label.Vocabulary{Include: b.Include, Lists: b.Lists}
}

// maxSimilar is how many issues a person looks through at most.
const maxSimilar = 10

func (s Similar) validate() []diag.Mistake {
	switch {
	case s.Most < 0 || s.Most > maxSimilar:
		return []diag.Mistake{diag.At([]any{"most"}, "%d: expected a number from 1 to %d, or 0 for none", s.Most, maxSimilar)}
	case s.Comment && s.Most == 0:
		return []diag.Mistake{diag.At([]any{"comment"}, "a comment needs `most`: how many issues it names")}
	}
	return nil
}

// Digest says who gets the weekly summary.
type Digest struct {
	// Labels are added to the issue of the digest; the first one finds it again.
	Labels model.Names `yaml:"labels"`
	// To lists the channels that get the digest.
	To model.Names `yaml:"to"`
}

// Reports says where the pages are committed.
type Reports struct {
	// Branch is the branch that the reports are committed to; default: the default branch.
	Branch string `yaml:"branch"`
	// Path is the folder of the reports; default: reports.
	Path string `yaml:"path"`
	// Commit is added to the commit subject, for example [skip ci].
	Commit string `yaml:"commit"`
}

// Error is everything that is wrong with a file.
type Error struct {
	File  string
	found []located
}

func (e *Error) Error() string { return strings.Join(e.Mistakes(), "\n") }

// Mistakes are lines of the form "rules.yaml:14:7: what is wrong".
func (e *Error) Mistakes() []string {
	lines := make([]string, len(e.found))
	for i, m := range e.found {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", e.File, m.line, m.column, m.text)
	}
	return lines
}

// maxBytes is larger than any file that a person keeps by hand.
const maxBytes = 1 << 20

// Read reads and checks the file. Its error is an *Error where the file has
// mistakes.
func Read(files fs.FS, name string) (*Book, error) {
	if name == "" {
		name = "rules.yaml"
	}
	src, err := fs.ReadFile(files, path.Clean(strings.TrimPrefix(name, "./")))
	if err != nil {
		if other := otherName(name); errors.Is(err, fs.ErrNotExist) && other != "" && exists(files, other) {
			return nil, &Error{name, []located{{1, 1, fmt.Sprintf("there is no such file, but a %s: rename it, or name it with the input `rules`", other)}}}
		}
		return nil, &Error{name, []located{{1, 1, missing(err)}}}
	}
	return Parse(name, src)
}

func missing(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file: init writes one (go run github.com/aftercare/aftercare/actions/init@latest), the input `rules` names another; in a workflow, check the repository out first"
	}
	if errors.Is(err, fs.ErrInvalid) {
		return "expected a path inside the current folder, without `..`: run it in the repository that the file is of"
	}
	return "the file cannot be read: " + err.Error()
}

// Parse is Read for bytes that are there already.
func Parse(name string, src []byte) (*Book, error) {
	if len(src) > maxBytes {
		return nil, &Error{name, []located{{1, 1, fmt.Sprintf("the file is over %d KiB", maxBytes>>10)}}}
	}
	var doc yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	if err := decoder.Decode(&doc); err != nil && err != io.EOF {
		return nil, &Error{name, []located{syntax(err, src)}}
	}
	book := &Book{file: name}
	if len(doc.Content) == 0 {
		return book, nil
	}
	r := newReader(src)
	r.read(doc.Content[0], reflect.ValueOf(book).Elem())
	label.Bind(book.Triage, book.vocabulary())
	book.convert()
	r.check(doc.Content[0], book)
	r.end(decoder, src)
	if len(r.found) > 0 {
		return nil, &Error{name, inOrder(r.found)}
	}
	if doc.Content[0].Kind == yaml.MappingNode && len(doc.Content[0].Content) > 0 {
		book.root = doc.Content[0]
	}
	return book, nil
}

// end finds what stands behind the plan: a file has one.
func (r *reader) end(decoder *yaml.Decoder, src []byte) {
	var more yaml.Node
	err := decoder.Decode(&more)
	if err == io.EOF {
		return
	}
	if err != nil {
		r.found = append(r.found, syntax(err, src))
		return
	}
	if len(more.Content) > 0 && more.Content[0].Tag != "!!null" {
		r.add(&more, "a second document begins here, and would not be read: take the line `---` out")
	}
}

// inOrder sorts mistakes by their place, and keeps one of those that stand at
// the same place and say the same.
func inOrder(found []located) []located {
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i], found[j]
		if a.line != b.line {
			return a.line < b.line
		}
		return a.column < b.column
	})
	kept := found[:0]
	for i, m := range found {
		if i == 0 || m != found[i-1] {
			kept = append(kept, m)
		}
	}
	return kept
}
