package letter

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charsetReader is how go-message brings a text of a declared charset to UTF-8.
func charsetReader(name string, in io.Reader) (io.Reader, error) {
	src, err := io.ReadAll(in)
	return strings.NewReader(ToUTF8(name, src)), err
}

// ToUTF8 brings a text to UTF-8. The charset that was declared for it is believed
// where the text can be of it; the mark of Unicode at the beginning of a text, and
// bytes that are valid UTF-8, say more than the declaration. Where nothing else is
// known, the charset is guessed by the script that comes out.
func ToUTF8(declared string, src []byte) string {
	if set := marked(src); set != nil {
		return decode(set, src)
	}
	if bytes.Contains(src, []byte("\x1b$")) {
		return decode(japanese.ISO2022JP, src)
	}
	set := byName(declared)
	if utf8.Valid(src) && highBytes(src) >= maxChance {
		return string(src)
	}
	if utf8.Valid(src) && (set == nil || single(set) || isASCII(src) && !isHidden(declared)) {
		return string(src)
	}
	if set != nil {
		if plain := decode(set, src); !strings.ContainsRune(plain, utf8.RuneError) && (!single(set) || plausible(plain)) {
			return plain
		}
	}
	if utf8.Valid(src) {
		return string(src)
	}
	text, _ := guess(src)
	return text
}

// maxChance is how many bytes beyond ASCII are valid UTF-8 by chance in a text of
// another charset.
const maxChance = 12

func highBytes(src []byte) int {
	n := 0
	for _, c := range src {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// Guess brings a text of which no charset is declared to UTF-8, and names the
// charset that it was read as; "" where it is UTF-8, or Unicode with a mark.
func Guess(src []byte) (text, charset string) {
	if utf8.Valid(src) && !bytes.Contains(src, []byte("\x1b$")) || marked(src) != nil {
		return ToUTF8("", src), ""
	}
	if bytes.Contains(src, []byte("\x1b$")) {
		return ToUTF8("", src), "ISO-2022-JP"
	}
	return guess(src)
}

// marked is the form of Unicode that a text names by its mark, or by a zero in
// every second byte.
func marked(src []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(src, []byte{0xef, 0xbb, 0xbf}):
		return utf.UTF8BOM
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}):
		return utf.UTF16(utf.LittleEndian, utf.ExpectBOM)
	case bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return utf.UTF16(utf.BigEndian, utf.ExpectBOM)
	}
	even, odd := 0, 0
	for i, c := range src {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch {
	case odd > len(src)/4 && odd > 10*even:
		return utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	case even > len(src)/4 && even > 10*odd:
		return utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
	}
	return nil
}

func decode(set encoding.Encoding, src []byte) string {
	plain, _, err := transform.Bytes(set.NewDecoder(), src)
	if err != nil {
		return strings.ToValidUTF8(string(src), "\uFFFD")
	}
	return strings.ToValidUTF8(string(plain), "\uFFFD")
}

// byName is the charset of a name; nil where it is not known, or is UTF-8 or ASCII.
func byName(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"'`))
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit":
		return nil
	}
	if set, _ := charset.Lookup(name); set != nil {
		if set == encoding.Nop || set == encoding.Replacement {
			return nil
		}
		return set
	}
	if set, err := ianaindex.MIME.Encoding(name); err == nil && set != nil {
		return set
	}
	return nil
}

// single reports whether each byte of a charset is a character, so that any text
// is of it.
func single(set encoding.Encoding) bool {
	_, is := set.(*charmap.Charmap)
	return is
}

// isHidden reports whether a charset writes other characters by those of ASCII.
func isHidden(name string) bool {
	switch strings.ToLower(name) {
	case "hz-gb-2312", "iso-2022-jp":
		return true
	}
	return strings.HasPrefix(strings.ToLower(name), "utf-16")
}

func isASCII(src []byte) bool {
	for _, c := range src {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plausible reports whether a text of a charset with one byte a character reads as
// a language does: no control characters, and its words of other letters than
// ASCII's are of one script and not all accented.
func plausible(plain string) bool {
	odd, words := 0, 0
	for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return unicode.IsSpace(r) || r < 0x80 && unicode.IsPunct(r) }) {
		high, latin, all := 0, 0, 0
		for _, r := range word {
			if r >= 0x80 && r < 0xa0 {
				return false
			}
			all++
			if r >= 0x80 {
				high++
			}
			if r >= 0x80 && (unicode.Is(unicode.Latin, r) || !unicode.IsLetter(r)) {
				latin++
			}
		}
		if high > 0 {
			words++
		}
		if all >= 3 && latin*3 > all*2 {
			odd++
		}
	}
	return words == 0 || odd*2 <= words
}

// guesses are the charsets that undeclared text is of, the strict ones first.
var guesses = []struct {
	set    encoding.Encoding
	script []*unicode.RangeTable
}{
	{japanese.ShiftJIS, kanaAndHan},
	{japanese.EUCJP, kanaAndHan},
	{korean.EUCKR, []*unicode.RangeTable{unicode.Hangul}},
	{simplifiedchinese.GB18030, []*unicode.RangeTable{unicode.Han}},
	{traditionalchinese.Big5, []*unicode.RangeTable{unicode.Han}},
	{charmap.Windows1251, []*unicode.RangeTable{unicode.Cyrillic}},
	{charmap.KOI8R, []*unicode.RangeTable{unicode.Cyrillic}},
	{charmap.Windows1253, []*unicode.RangeTable{unicode.Greek}},
}

var (
	kana       = []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}
	kanaAndHan = []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana, unicode.Han}
)

// minKana is the share of kana that a Japanese text has at least: what has none is
// Chinese.
const minKana = 0.2

// guess is the text that the bytes spell in the charset that reads best, or in
// that of western Windows, and its name.
func guess(src []byte) (text, charset string) {
	western := decode(charmap.Windows1252, src)
	charset = charmap.Windows1252.String()
	if plausible(western) {
		return western, charset
	}
	best, most := western, 0.5
	for _, g := range guesses {
		plain := decode(g.set, src)
		if strings.ContainsRune(plain, utf8.RuneError) {
			continue
		}
		if len(g.script) == len(kanaAndHan) && written(plain, kana) < minKana {
			continue
		}
		if share := written(plain, g.script); share > most {
			best, most, charset = plain, share, fmt.Sprint(g.set)
		}
	}
	return best, charset
}

// written is the share of a text's letters beyond ASCII that are of a script.
// Small letters count whole and capitals half, for words seldom are all capitals.
func written(plain string, script []*unicode.RangeTable) float64 {
	all, in := 0, 0.0
	for _, r := range plain {
		if r < 0x80 || unicode.IsPunct(r) || unicode.IsSpace(r) {
			continue
		}
		all++
		switch {
		case r == 'ー' && unicode.Is(script[0], 'ア'), r == 'ー' && unicode.Is(script[0], 'あ'):
			in++ // the sign of a long vowel is of no script
		case !unicode.In(r, script...) || r >= 0xff61 && r <= 0xff9f: // katakana of half width are how other charsets look in Shift_JIS
		case unicode.IsUpper(r):
			in += 0.5
		default:
			in++
		}
	}
	if all == 0 {
		return 0
	}
	return in / float64(all)
}
