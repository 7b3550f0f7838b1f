package urgent

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

const kindCount = 3

// Weight is what a feature counts: for urgency, and for each kind.
type Weight struct {
	Points int16
	Kinds  [kindCount]int16
}

// Weights are the points of features, with the points from which a text pages
// people, or is worth a look.
type Weights struct {
	Head    []string // comment lines: what the weights were made from, and how
	Page    int
	Look    int
	Second  int // points from which a second kind is given
	Start   int // what every text counts
	StartOf [kindCount]int
	Of      map[Feature]Weight
}

//go:embed weights.txt
var shippedWeights string

// Shipped returns the weights that ship.
var Shipped = sync.OnceValues(func() (*Weights, error) { return ParseWeights(shippedWeights) })

// shippedIndex numbers the weights that ship.
var shippedIndex = sync.OnceValues(func() (*index, error) {
	weights, err := Shipped()
	if err != nil {
		return nil, err
	}
	return newIndex(weights), nil
})

// Prepare reads what ships, which the first scorer would wait for: a program calls it beside
// other work. No other call needs it.
func Prepare() {
	_, _ = wordlist.Read("urgent")
	_, _ = shippedIndex() // New tells the errors
}

// ParseWeights reads a file of weights: lines of "feature = points", after a
// comma the points for kinds. A line that begins with # and a space is a
// comment; those at the beginning are the head.
func ParseWeights(src string) (*Weights, error) {
	w := &Weights{Of: make(map[Feature]Weight, strings.Count(src, "\n"))}
	number := 0
	for line := range strings.Lines(src) {
		number++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "":
			continue
		case line == "#" || strings.HasPrefix(line, "# "):
			if len(w.Of) == 0 && w.Page == 0 {
				w.Head = append(w.Head, strings.TrimPrefix(line[1:], " "))
			}
			continue
		}
		if err := w.line(line); err != nil {
			return nil, fmt.Errorf("weights, line %d: %w", number, err)
		}
	}
	return w, nil
}

func (w *Weights) line(line string) error {
	name, rest, ok := cutLast(line, " = ")
	if !ok {
		return fmt.Errorf("expected \"feature = points\", got %q", line)
	}
	points, kinds, _ := strings.Cut(rest, ",")
	n, err := strconv.ParseInt(strings.TrimSpace(points), 10, 16)
	if err != nil {
		return fmt.Errorf("%q: points must be a whole number", name)
	}
	weight := Weight{Points: int16(n)}
	if kinds != "" {
		if err := weight.kinds(kinds); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	return w.set(strings.TrimSpace(name), weight)
}

func (w *Weights) set(name string, weight Weight) error {
	switch name {
	case "page from":
		w.Page = int(weight.Points)
	case "look from":
		w.Look = int(weight.Points)
	case "second kind from":
		w.Second = int(weight.Points)
	case "every text":
		w.Start = int(weight.Points)
		for k, n := range weight.Kinds {
			w.StartOf[k] = int(n)
		}
	default:
		f, err := ParseFeature(name)
		if err != nil {
			return err
		}
		w.Of[f] = weight
	}
	return nil
}

// kinds reads " security +12 critical -3".
func (w *Weight) kinds(s string) error {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name, rest, _ := strings.Cut(s, " ")
		points, rest, _ := strings.Cut(rest, " ")
		k := slices.Index(Kinds, name)
		n, err := strconv.ParseInt(points, 10, 16)
		if k < 0 || err != nil {
			return fmt.Errorf("expected a kind and its points, got %q", s)
		}
		w.Kinds[k], s = int16(n), rest
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// ParseFeature reads a feature as String writes it. Words are stemmed already
// in files of weights; Normal stems those that a person writes.
func ParseFeature(s string) (Feature, error) {
	var f Feature
	if place, rest, ok := strings.Cut(s, ": "); ok {
		at := slices.Index(placeNames[1:], place)
		if at < 0 {
			return f, fmt.Errorf("unknown place %q: title, opening, begins and not are known", place)
		}
		f.Place, s = Place(at+1), rest
	}
	a, b, _ := strings.Cut(s, " ")
	if strings.HasPrefix(a, "@") {
		b = strings.TrimPrefix(b, "~ ")
	}
	if a == "" || strings.Contains(b, " ") {
		return f, fmt.Errorf("%q: expected a word, two words, @family or @family ~ @family", s)
	}
	f.A, f.B = a, b
	return f, nil
}

// pointsOf are the points that a project gives to features, by the names of those.
func pointsOf(words map[string]int) (map[Feature]int16, error) {
	points := make(map[Feature]int16, len(words))
	for name, n := range words {
		f, err := Normal(name)
		if err != nil {
			return nil, err
		}
		points[f] = int16(max(-maxPoints, min(maxPoints, n)))
	}
	return points, nil
}

// maxPoints is how much one feature may count.
const maxPoints = 1000

// String is the file of the weights: by families first, then by words.
func (w *Weights) String() string {
	var b strings.Builder
	for _, line := range w.Head {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	fmt.Fprintf(&b, "\npage from = %d\nlook from = %d\nsecond kind from = %d\n%s\n", w.Page, w.Look, w.Second,
		weightLine("every text", Weight{int16(w.Start), [kindCount]int16{int16(w.StartOf[0]), int16(w.StartOf[1]), int16(w.StartOf[2])}}))
	keys := slices.Collect(maps.Keys(w.Of))
	slices.SortFunc(keys, func(x, y Feature) int {
		return cmp.Or(cmp.Compare(groupOf(x), groupOf(y)), cmp.Compare(groupName(x), groupName(y)), cmp.Compare(x.Place, y.Place), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	last := ""
	for _, f := range keys {
		if head := heading(f); head != last {
			b.WriteString("\n# " + head + "\n")
			last = head
		}
		b.WriteString(weightLine(f.String(), w.Of[f]) + "\n")
	}
	return b.String()
}

func weightLine(name string, w Weight) string {
	line := fmt.Sprintf("%s = %+d", name, w.Points)
	sep := ", "
	for k, n := range w.Kinds {
		if n != 0 {
			line += fmt.Sprintf("%s%s %+d", sep, Kinds[k], n)
			sep = " "
		}
	}
	return line
}

// groupOf orders signs, families and words.
func groupOf(f Feature) int {
	switch f.A[0] {
	case '#':
		return 0
	case '@':
		return 1
	}
	return 2 + int(f.Place)
}

func groupName(f Feature) string {
	if f.A[0] == '@' {
		return f.A
	}
	return ""
}

func heading(f Feature) string {
	switch {
	case f.A[0] == '#':
		return "What can be seen without reading."
	case f.A[0] == '@':
		return "The family " + f.A[1:] + ", alone and near others."
	}
	return [...]string{Anywhere: "Words, and pairs of words.", Title: "Words of the title.", Opening: "Words of the opening.", Begins: "The first word of the title.", Denied: "Denied words."}[f.Place]
}
