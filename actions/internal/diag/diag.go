// Package diag tells people what is wrong in a file that they wrote: what,
// where, and the nearest right word. Rooms that keep a page of rules.yaml
// return mistakes with a path; package rules turns the path into a line and a
// column.
package diag

import (
	"fmt"
	"sort"
	"strings"
)

// A Mistake is one thing wrong with a value that a person wrote.
type Mistake struct {
	// Path leads from the value that was validated to the part that is wrong:
	// a string for a key, an int for an index from 0. Empty is the value itself.
	Path []any
	// Text says what is wrong, in lower case and without a full stop.
	Text string
}

func (m Mistake) String() string { return m.Text }

// At is a mistake at a path; the path's elements come after the text's.
func At(path []any, format string, args ...any) Mistake {
	return Mistake{Path: path, Text: fmt.Sprintf(format, args...)}
}

// Under puts mistakes found in a part below the path that leads to the part.
func Under(found []Mistake, path ...any) []Mistake {
	for i := range found {
		found[i].Path = append(append([]any{}, path...), found[i].Path...)
	}
	return found
}

// remedies say what to do about an unknown name that is like no known one, by its
// kind.
var remedies = map[string]string{
	"label":   "declare it under `labels`, or correct the name",
	"channel": "declare it under `channels`, or correct the name",
	"metric":  "`metrics` takes ids of the catalogue (actions/docs/metrics.md), and your own with `sql`",
}

// Unknown says that a word is none of the known ones, and names the nearest; where
// none is near, it says what to do. The kind is what the word should have been: "label", "metric", "channel".
func Unknown(kind, word string, known []string) string {
	text := fmt.Sprintf("unknown %s %q", kind, word)
	if near := Nearest(word, known); near != "" {
		return text + fmt.Sprintf("; did you mean %q?", near)
	}
	if len(known) > 0 && len(known) <= maxListed {
		sorted := append([]string{}, known...)
		sort.Strings(sorted)
		text += "; known are " + strings.Join(sorted, ", ")
	}
	if remedy := remedies[kind]; remedy != "" {
		text += "; " + remedy
	}
	return text
}

// maxListed is how many known words Unknown lists: the keys of the file, and of
// any part of it, are fewer.
const maxListed = 20

// Nearest is the known word at the smallest edit distance from word, at most a
// third of its length (at least two, at most eight) away; ties go to the first in
// alphabetical order. It is empty where none is near.
func Nearest(word string, known []string) string {
	limit := min(max(2, len([]rune(word))/3), 8)
	best, bestAt := "", limit+1
	for _, k := range known {
		d := distance(strings.ToLower(word), strings.ToLower(k))
		if d < bestAt || d == bestAt && best != "" && k < best {
			best, bestAt = k, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 { // no known word is so long
		return 64
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
