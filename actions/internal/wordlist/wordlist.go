// Package wordlist holds lists of words by name, such as secret, exposed and
// lost, and finds their terms in the words of an issue. Lists ship as files
// that a person can read, in English and in eight other languages; rules.yaml
// adds words of a project. What a hit means is for packages label and urgent.
package wordlist

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Lists are terms by the name of their list, in the order of their files.
type Lists map[string][]string

//go:embed lists
var shipped embed.FS

// Languages are the codes of the languages of which lists ship, besides
// English.
var Languages = []string{"de", "es", "fr", "ja", "ko", "pt", "ru", "zh"}

// Shipped returns the names that rules.yaml can include: urgent, and
// languages/CODE.
func Shipped() []string {
	names := []string{"urgent"}
	for _, code := range Languages {
		names = append(names, "languages/"+code)
	}
	return names
}

// Read returns the lists of a file that ships, by its name. They are the caller's:
// terms may be added.
func Read(name string) (Lists, error) {
	read, _ := parsed.LoadOrStore(name, sync.OnceValues(func() (Lists, error) {
		src, err := shipped.ReadFile("lists/" + name + ".txt")
		if err != nil {
			return nil, fmt.Errorf("no list %q ships", name)
		}
		return Parse(string(src))
	}))
	lists, err := read.(func() (Lists, error))()
	return lists.clone(), err
}

// parsed reads the files, by name, each once: checking rules and labelling by them need the
// same ones.
var parsed sync.Map

// clone returns a copy to which terms can be added without changing l.
func (l Lists) clone() Lists {
	all := maps.Clone(l)
	for name, terms := range all {
		all[name] = slices.Clip(terms)
	}
	return all
}

// Parse reads lists: "name: term, term", continued by lines that begin with a
// space. A line that begins with # is a comment.
func Parse(src string) (Lists, error) {
	lists, name, number := Lists{}, "", 0
	for line := range strings.Lines(src) {
		number++
		line = strings.TrimRight(line, " \r\n")
		switch {
		case strings.TrimSpace(line) == "" || line[0] == '#':
			continue
		case line[0] != ' ':
			head, terms, ok := strings.Cut(line, ":")
			if !ok {
				return nil, fmt.Errorf("line %d: expected \"name: term, term\"", number)
			}
			name, line = head, terms
		case name == "":
			return nil, fmt.Errorf("line %d: expected a name before the first term", number)
		}
		for term := range strings.SplitSeq(line, ",") {
			if term = strings.TrimSpace(term); term != "" {
				lists[name] = append(lists[name], term)
			}
		}
	}
	return lists, nil
}

// Add adds the terms of other lists. A term that begins with "-" is taken out
// instead, with all others of its list that are compared as it is: "-delete"
// takes out deletion, too.
func (l Lists) Add(more Lists) {
	for name, terms := range more {
		if !slices.ContainsFunc(terms, isRemoval) {
			l[name] = slices.Concat(l[name], terms)
			continue
		}
		for _, term := range terms {
			if out, ok := strings.CutPrefix(term, "-"); ok {
				l[name] = slices.DeleteFunc(slices.Clone(l[name]), isLike(out))
				continue
			}
			l[name] = append(l[name], term)
		}
	}
}

func isRemoval(term string) bool { return strings.HasPrefix(term, "-") }

// Has reports whether a list has a term that is compared as another one.
func (l Lists) Has(name, term string) bool { return slices.ContainsFunc(l[name], isLike(term)) }

// isLike returns what reports whether a term is compared as another one, or is a
// form of it: "=wiped" is one of wipe.
func isLike(out string) func(string) bool {
	out = strings.TrimSpace(out)
	want := pieces(out)
	return func(term string) bool {
		if term == out {
			return true
		}
		have := pieces(term)
		return len(want) > 0 && slices.EqualFunc(have, want, func(a, b piece) bool {
			return a == b || a.kind == '=' && b.kind == 's' && Stem(a.text) == b.text
		})
	}
}

// Names returns the names of the lists in alphabetical order.
func (l Lists) Names() []string {
	names := make([]string, 0, len(l))
	for name := range l {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
