package text

import "strings"

// Markdown of the kind that nobody writes by hand makes the parser's time grow
// with the square of its length: hundreds of containers within one another,
// brackets without an end, runs of signs. bound takes such runs down before
// parsing. It changes no word, and no text in which no run is longer than the
// limits.
const (
	mostNested   = 60  // containers that open one line
	mostBrackets = 600 // opening brackets in a paragraph
	mostSigns    = 600 // signs of emphasis and code in a paragraph
	mostBytes    = 1 << 18
)

func bound(s string) string {
	if len(s) > mostBytes { // four times what GitHub holds
		s = strings.ToValidUTF8(s[:mostBytes], "")
	}
	if !suspicious(s) {
		return s
	}
	var b strings.Builder
	brackets, signs := 0, 0
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) == "" {
			brackets, signs = 0, 0
		}
		line = shallow(line)
		for i := 0; i < len(line); i++ {
			c := line[i]
			switch c {
			case '[', ']', '!', '<', '(':
				if brackets++; brackets > mostBrackets {
					c = ' '
				}
			case '*', '_', '`', '~', '\\', '|', '&':
				if signs++; signs > mostSigns {
					c = ' '
				}
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// suspicious tells texts with so many signs that bound must look at them.
func suspicious(s string) bool {
	signs := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[', ']', '!', '<', '(', ')', '.', '*', '_', '`', '~', '>', '-', '+', '\\', '|', '&':
			signs++
		}
	}
	return signs > min(mostSigns, mostBrackets)
}

// shallow keeps the first containers that a line opens, and takes deep
// indentation down.
func shallow(line string) string {
	depth, i := 0, 0
	for i < len(line) {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
		case c == '>' || c == '-' || c == '+' || c == '*' || c == '.' || c == ')':
			depth++
		case c >= '0' && c <= '9':
		default:
			return cutContainers(line, i, depth)
		}
		i++
	}
	return cutContainers(line, i, depth)
}

func cutContainers(line string, prefix, depth int) string {
	if depth <= mostNested && prefix <= 4*mostNested {
		return line
	}
	return line[:min(prefix, mostNested)] + " " + line[prefix:]
}
