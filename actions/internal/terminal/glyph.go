package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// glyph is a sign in its style.
type glyph struct {
	sign  rune
	style string
}

// glyphs are the signs of a text that can be seen, in a style: nothing in it
// can move a cursor, change a colour or the order of reading.
func glyphs(text, style string) []glyph {
	all := make([]glyph, 0, len(text))
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
		case unicode.IsControl(r), unicode.IsSpace(r):
			all = append(all, glyph{' ', style})
		default:
			all = append(all, glyph{r, style})
		}
	}
	return all
}

func plainOf(text []glyph) string {
	var b strings.Builder
	for _, g := range text {
		b.WriteRune(g.sign)
	}
	return b.String()
}

// styled puts a text into one more style.
func styled(text []glyph, style string) []glyph {
	if style != "" {
		for i := range text {
			text[i].style = style + text[i].style
		}
	}
	return text
}

// wide is how many columns a sign takes.
func wide(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func widthOfText(text []glyph) int {
	sum := 0
	for _, g := range text {
		sum += wide(g.sign)
	}
	return sum
}

// wrap breaks a text into lines of at most so many columns, between words. A
// word that is longer is cut where asked for, and else has a line that is
// too long. There is always a line.
func wrap(text []glyph, columns int, cut bool) [][]glyph {
	var lines [][]glyph
	for {
		n := lineEnd(text, columns, cut)
		lines = append(lines, text[:n])
		for n < len(text) && text[n].sign == ' ' {
			n++
		}
		if n < len(text) && text[n].sign == '\n' {
			n++
		} else if n == len(text) {
			return lines
		}
		text = text[n:]
	}
}

// lineEnd is how much of a text stands on its first line.
func lineEnd(text []glyph, columns int, cut bool) int {
	used, space := 0, -1
	for i, g := range text {
		if g.sign == '\n' {
			return i
		}
		if g.sign == ' ' && !(i+1 < len(text) && text[i+1].sign == '%') { // a number keeps its sign
			if used > columns {
				return i
			}
			space = i
		}
		if used += wide(g.sign); used <= columns || g.sign == ' ' {
			continue
		}
		if space > 0 {
			return space
		}
		if cut && i > 0 {
			return i
		}
	}
	return len(text)
}
