package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// state is how a file stands to what init wants.
type state int

const (
	missing   state = iota // it is not there
	current                // it is as it should be
	outdated               // init wrote it, and nobody changed it since
	changed                // init wrote it, and somebody changed it
	foreign                // somebody else wrote it
	replaced               // init wrote it, and it is of another plan
	overruled              // changed, foreign or replaced, and to be overwritten
)

// change is what is to be done about a file.
type change struct {
	file
	state state
	was   string // what stands there
	want  string // what shall, with its first line
}

// writes reports whether the change writes its file.
func (c change) writes() bool {
	return c.state == missing || c.state == outdated || c.state == overruled
}

// stands is the text of the file when the changes are carried out.
func (c change) stands() string {
	if c.left() {
		return c.was
	}
	return c.want
}

// planAmong is the change of rules.yaml.
func planAmong(changes []change) change {
	i := slices.IndexFunc(changes, func(c change) bool { return c.is == plan })
	return changes[i]
}

// marker is what the first line of a file says of it.
type marker struct {
	ours    bool // init wrote it
	changed bool // it is not what init wrote
	plan    string
}

var markerForm = regexp.MustCompile(`^(?:#|<!--) written by aftercare init(?: \(plan ([a-z]+)\))?; sha256 ([0-9a-f]{64})( -->)?$`)

// left reports whether the file is left as it is, unless somebody says otherwise.
func (c change) left() bool { return c.state == changed || c.state == foreign || c.state == replaced }

// readMarker reads the first line of a file. Line ends do not count, since git
// may change them.
func readMarker(src []byte) marker {
	first, rest, _ := strings.Cut(unix(src), "\n")
	m := markerForm.FindStringSubmatch(first)
	if m == nil {
		return marker{changed: true}
	}
	return marker{ours: true, changed: m[2] != hash(rest), plan: m[1]}
}

func unix(src []byte) string { return strings.ReplaceAll(string(src), "\r\n", "\n") }

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// marked is the text of a file with its first line.
func (f file) marked() string {
	line := "written by aftercare init"
	if f.plan != "" {
		line += " (plan " + f.plan + ")"
	}
	line += "; sha256 " + hash(f.text)
	if f.is == page {
		return "<!-- " + line + " -->\n" + f.text
	}
	return "# " + line + "\n" + f.text
}

// decide says of each file how it stands and what is to be done about it.
func decide(ctx context.Context, h *home, files []file, person *person, force bool) ([]change, error) {
	changes, err := compare(h, files)
	if err != nil {
		return nil, err
	}
	return settle(ctx, changes, person, force)
}

// compare says of each file how it stands.
func compare(h *home, files []file) ([]change, error) {
	var changes []change
	for _, f := range files {
		c := change{file: f, want: f.marked()}
		src, err := h.ReadFile(f.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.state = missing
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", f.name, err)
		default:
			c.was, c.state = unix(src), standing(src, c.want)
			if c.state == outdated && readMarker(src).plan != f.plan {
				c.state = replaced
			}
		}
		changes = append(changes, c)
	}
	return changes, nil
}

func standing(src []byte, want string) state {
	m := readMarker(src)
	switch {
	case unix(src) == want:
		return current
	case !m.ours:
		return foreign
	case m.changed:
		return changed
	}
	return outdated
}

// settle decides about what is of others: it is left, unless force or the
// person says otherwise.
func settle(ctx context.Context, changes []change, person *person, force bool) ([]change, error) {
	for i, c := range changes {
		if !c.left() {
			continue
		}
		yes := force
		if !force && person != nil {
			person.say(difference(c))
			said, err := person.ask(ctx, c.name+" is not what init would write. Overwrite it? [y/N]: ")
			if err != nil {
				return nil, err
			}
			yes = strings.EqualFold(said, "y") || strings.EqualFold(said, "yes")
		}
		if yes {
			changes[i].state = overruled
		}
	}
	return changes, nil
}

// confirm shows a person what will be written, and asks whether it may be.
func confirm(ctx context.Context, person *person, changes []change) error {
	if person == nil || !slices.ContainsFunc(changes, change.writes) {
		return nil
	}
	person.say("This will be written:")
	for _, c := range changes {
		if c.writes() {
			person.say("  " + c.name + "  " + strings.TrimPrefix(would[c.state], "would be "))
		}
	}
	answer, err := person.ask(ctx, "Write these files? [Y/n/show]: ")
	if err == nil && (strings.EqualFold(answer, "s") || strings.EqualFold(answer, "show")) {
		for _, c := range changes {
			if c.writes() {
				person.say("\n--- " + c.name + "\n" + strings.TrimRight(c.want, "\n"))
			}
		}
		answer, err = person.ask(ctx, "Write these files? [Y/n]: ")
	}
	if err != nil {
		return err
	}
	if answer != "" && !strings.EqualFold(answer, "y") && !strings.EqualFold(answer, "yes") {
		return errors.New("nothing was written, as you said")
	}
	return nil
}

// carryOut writes what is to be written. A run that breaks off leaves whole
// files, and the next one writes the rest.
func carryOut(h *home, changes []change) error {
	for _, c := range changes {
		if !c.writes() {
			continue
		}
		if err := h.put(c.name, c.want); err != nil {
			return fmt.Errorf("write %s: %w; the files before it are written, and another run writes the rest", c.name, err)
		}
	}
	return nil
}

// put writes a file beside its place and moves it there.
func (h *home) put(name, text string) error {
	if err := h.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	part := name + ".part"
	if err := h.WriteFile(part, []byte(text), 0o644); err != nil {
		return err
	}
	return h.Rename(part, name)
}
