package issuetext

import "strings"

// Markdown that nobody writes by hand makes goldmark's time grow with the
// square of its length: hundreds of containers opened by one line (64 KB of
// «>» take it 1.2 s), thousands of links without an end (0.7 s) or of stars
// that open and never close (0.6 s). bound takes such runs down before
// parsing. It changes no word, no fence, no code span and no table, and
// nothing at all where no run is longer than these limits.
const (
	maxNested   = 60   // containers that open one line
	maxBrackets = 1500 // opening brackets in a paragraph
	maxStars    = 3000 // signs of emphasis in a paragraph
	maxBytes    = 1 << 18
)

func bound(s string) string {
	if len(s) > maxBytes { // GitHub's 65,536 characters, each of four bytes
		s = strings.ToValidUTF8(s[:maxBytes], "")
	}
	if !suspicious(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	p := paragraph{}
	for line := range strings.Lines(s) {
		line = shallow(line)
		if parts(line) {
			p = paragraph{}
			b.WriteString(line)
			continue
		}
		p.write(&b, line)
	}
	return b.String()
}

// suspicious tells texts with so many signs that bound must look at them.
func suspicious(s string) bool {
	signs := 0
	for i := 0; i < len(s); i++ {
		signs += int(isSign[s[i]])
	}
	return signs > maxNested && (signs > maxBrackets || deep(s))
}

// isSign is 1 for each byte that may open a container, a link or emphasis.
var isSign = [256]uint8{'[': 1, '*': 1, '_': 1, '>': 1, '-': 1, '+': 1, '.': 1, ')': 1, '\t': 1}

// deep reports whether a line opens more containers than the limit.
func deep(s string) bool {
	for line := range strings.Lines(s) {
		if shallow(line) != line {
			return true
		}
	}
	return false
}

// parts tells lines that end a paragraph and must stay as they are: empty
// ones, and fences of code.
func parts(line string) bool {
	line = strings.TrimLeft(line, " \t>-+*.)0123456789")
	return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~")
}

// paragraph counts the signs of one.
type paragraph struct{ brackets, stars int }

func (p *paragraph) write(b *strings.Builder, line string) {
	if !strings.ContainsAny(line, "[*_") {
		b.WriteString(line)
		return
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '[':
			p.brackets++
			if p.brackets > maxBrackets {
				c = ' '
			}
		case c == '*', c == '_' && !inWord(line, i):
			p.stars++
			if p.stars > maxStars {
				c = ' '
			}
		}
		b.WriteByte(c)
	}
}

// inWord tells an underscore between letters, which emphasises nothing.
func inWord(line string, i int) bool {
	return i > 0 && i+1 < len(line) && isLetter(line[i-1]) && isLetter(line[i+1])
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// shallow keeps the first containers that a line opens, and takes deep
// indentation down.
func shallow(line string) string {
	depth, i := 0, 0
	for i < len(line) && strings.IndexByte(" \t>-+*.)0123456789", line[i]) >= 0 {
		if strings.IndexByte(">-+*.)", line[i]) >= 0 {
			depth++
		}
		i++
	}
	if depth <= maxNested && i <= 4*maxNested {
		return line
	}
	return line[:maxNested] + " " + line[i:]
}
