package redact

import (
	"unicode"
	"unicode/utf8"
)

// folded is a text as the finders read it: characters that show nothing are
// left out, and wide letters, digits of other scripts, dashes and spaces of
// every kind, and characters that HTML or JSON escape, are the ASCII ones.
// places are where each byte comes from.
type folded struct {
	s      string
	from   string
	places []int32 // nil where nothing was folded
}

// fold folds a text. An ASCII text without escapes is itself.
func fold(s string) folded {
	at := 0
	for at < len(s) && s[at] < utf8.RuneSelf && !escapes(s, at) {
		at++
	}
	if at == len(s) {
		return folded{s: s, from: s}
	}
	f := folded{from: s, places: make([]int32, 0, len(s))}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			c, size := unescaped(s, i)
			out, f.places = append(out, c), append(f.places, int32(i))
			i += size
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch plain := plainRune(r); {
		case plain == 0 && size > 1:
		case plain != r && plain < utf8.RuneSelf:
			out, f.places = append(out, byte(plain)), append(f.places, int32(i))
		default:
			for j := range size {
				out, f.places = append(out, s[i+j]), append(f.places, int32(i+j))
			}
		}
		i += size
	}
	f.s = string(out)
	return f
}

// plainRune is the ASCII character that a rune is read as, 0 for one that
// shows nothing, else the rune.
func plainRune(r rune) rune {
	switch {
	case r >= 0xC0 && r <= 0x24F, r >= 0x386 && r <= 0x52F, r >= 0x3041 && r <= 0x30FF, r >= 0x3400 && r <= 0x9FFF, r >= 0xAC00 && r <= 0xD7A3:
		return r // letters, the most there are
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case r == 0x3010, r == 0x3014:
		return '['
	case r == 0x3011, r == 0x3015:
		return ']'
	case r == 0xFE6B:
		return '@'
	case r == 0xFE52:
		return '.'
	case r == 0x00AD, r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0xFE00 && r <= 0xFE0F:
		return 0
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return 0
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r) || r == 0x2212:
		return '-'
	case unicode.Is(unicode.Nd, r):
		return digitOf(r)
	}
	return r
}

// digitOf is the ASCII digit of a decimal digit of any script: each script's
// digits are a row that begins with its zero.
func digitOf(r rune) rune {
	for _, row := range unicode.Nd.R16 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return '0' + (r-rune(row.Lo))%10
		}
	}
	return r
}

// place is where a byte of the folded text stands in the text.
func (f *folded) place(at int) int {
	if f.places == nil {
		return at
	}
	return int(f.places[at])
}

// span is a span of the folded text, in the text.
func (f *folded) span(s Span) Span {
	if f.places == nil {
		return s
	}
	last, size := f.place(s.Until-1), 1
	if f.from[last] < utf8.RuneSelf {
		_, size = unescaped(f.from, last)
	} else if utf8.RuneStart(f.from[last]) {
		_, size = utf8.DecodeRuneInString(f.from[last:])
	}
	return Span{f.place(s.From), last + size, s.Kind}
}
