package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Moved is a rules.yaml that watches another release.
type Moved struct {
	Source  []byte
	Changes []string // each "release.version: v1.1.0-beta → v1.2.0-beta"; empty where it watches the release already
}

// Move rewrites the section release of a rules.yaml so that it watches a release
// that was published: version, ship date and the pattern of hot-fixes; the dates of
// general availability and of phases move by as many days as the ship date does. All
// else stays as it is, byte for byte. Text that cannot be changed without a person,
// such as a value that an alias stands for, is an error that says where.
func Move(name string, src []byte, to model.Published) (Moved, error) {
	book, err := Parse(name, src)
	if err != nil {
		return Moved{}, err
	}
	old := book.Release
	if book.root == nil || old.Version == "" || old.Shipped.IsZero() {
		return Moved{}, fmt.Errorf("%s has no release to move: write `release` with version and shipped", name)
	}
	if model.SameVersion(old.Version, to.Version) {
		return Moved{Source: src}, nil
	}
	m := mover{name: name, lines: strings.SplitAfter(string(src), "\n"), root: book.root}
	shipped := to.At.UTC().Truncate(24 * time.Hour)
	later := func(d model.Date) string { return d.Add(shipped.Sub(old.Shipped.Time)).Format(time.DateOnly) }
	m.set(old.Version, to.Version, "release", "version")
	m.set(old.Shipped.String(), shipped.Format(time.DateOnly), "release", "shipped")
	if old.Follow != "" && old.Follow != model.FollowNewer {
		m.set(old.Follow, model.FollowOf(to.Version), "release", "follow")
	}
	if !old.GA.IsZero() {
		m.set(old.GA.String(), later(old.GA), "release", "ga")
	}
	for i, p := range old.Phases {
		if p.Week == 0 {
			m.set(p.Until.String(), later(p.Until), "release", "phases", i, "until")
		}
	}
	return m.done(to)
}

// mover replaces values in the lines of a file.
type mover struct {
	name  string
	lines []string
	root  *yaml.Node
	edits []edit
	err   error
}

// edit is a value at a place, both from 1; the column counts bytes.
type edit struct {
	line, column int
	path         string
	old, new     string
}

// set notes the change of a scalar. One that does not change is left alone.
func (m *mover) set(old, now string, path ...any) {
	if old == now || m.err != nil {
		return
	}
	var keys []string
	for _, p := range path {
		keys = append(keys, fmt.Sprint(p))
	}
	trail := find(m.root, path)
	node := trail[len(trail)-1]
	if len(trail) != len(path)+1 || node.Kind != yaml.ScalarNode || node.Line > len(m.lines) {
		m.err = fmt.Errorf("%s:%d:%d: %s is written in a way that only a person can change: write the value in its place, then set it to %s", m.name, node.Line, node.Column, strings.Join(keys, "."), now)
		return
	}
	m.edits = append(m.edits, edit{node.Line, node.Column, strings.Join(keys, "."), old, now})
}

// done carries the changes out, from the end of the file to its beginning, and
// holds the result to what rules.yaml may say.
func (m *mover) done(to model.Published) (Moved, error) {
	if m.err != nil {
		return Moved{}, m.err
	}
	var out Moved
	for _, e := range m.edits {
		out.Changes = append(out.Changes, fmt.Sprintf("%s: %s → %s", e.path, e.old, e.new))
	}
	slices.SortStableFunc(m.edits, func(a, b edit) int {
		if a.line != b.line {
			return b.line - a.line
		}
		return b.column - a.column
	})
	for _, e := range m.edits {
		line := m.lines[e.line-1]
		from := byteColumn(line, e.column)
		for _, quote := range []string{`"`, `'`} {
			if strings.HasPrefix(line[from:], quote) {
				from++
				break
			}
		}
		if !strings.HasPrefix(line[from:], e.old) {
			return Moved{}, fmt.Errorf("%s:%d:%d: %s is written in a way that only a person can change: set it to %s", m.name, e.line, e.column, e.path, e.new)
		}
		m.lines[e.line-1] = line[:from] + e.new + line[from+len(e.old):]
	}
	out.Source = []byte(strings.Join(m.lines, ""))
	book, err := Parse(m.name, out.Source)
	if err != nil {
		return Moved{}, fmt.Errorf("the release %s cannot be put into %s: %w", to.Version, m.name, err)
	}
	if book.Release.Version != to.Version {
		return Moved{}, fmt.Errorf("the release %s cannot be put into %s: it would read %q", to.Version, m.name, book.Release.Version)
	}
	return out, nil
}

// byteColumn is the index in bytes of a column that counts characters from 1.
func byteColumn(line string, column int) int {
	n := 1
	for i := range line {
		if n == column {
			return i
		}
		n++
	}
	return len(line)
}
