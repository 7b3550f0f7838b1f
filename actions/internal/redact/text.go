package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// text is what is searched. Finders read it through its methods only, so that
// reads counts every byte they look at: the test of linear time counts reads,
// not seconds.
type text struct {
	s     string
	reads int

	ends    [numMemos]stretch // ends of long runs, kept so that none is read twice
	next    [numMarks]int     // where the next mark is, see mark
	command command
}

// stretch is a part of the text that one class holds.
type stretch struct{ from, until int }

// class is a set of bytes, one bit of the table below.
type class uint32

const (
	digit class = 1 << iota
	upper
	lower
	hexLetter
	underscore
	dash
	dot
	blank
	base64Sign  // + / =
	tilde       //
	addressByte // a byte of a URL as people write it in prose
	localByte   // a byte of an e-mail address before its sign
	unixName    // a byte of a folder's name on Unix
	windowsName // the same on Windows
	hostByte    // a byte of what stands between :// and the path
	valueByte   // a byte of an unquoted value
	lineByte    // not a line break
	colon1      //
	saidByte    // a byte of a word in prose: no space, quote or bracket
	nonASCII    //
	quoteByte   // what may stand between a name and its separator
	plusSign    //
	backslash   //
	apostrophe  //
	phoneSign   // what separates the groups of a telephone number
	dollar      //
)

const (
	word       = digit | upper | lower
	hexDigit   = digit | hexLetter
	scored     = word | underscore
	dashed     = word | underscore | dash
	dotted     = dashed | dot
	capital    = digit | upper
	smallWord  = digit | lower
	credential = dotted | tilde | base64Sign
	prose      = upper | lower | nonASCII | apostrophe | dash
)

var classes = func() (table [256]class) {
	add := func(bytes string, c class) {
		for i := range len(bytes) {
			table[bytes[i]] |= c
		}
	}
	const digits, capitals, smalls = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
	add(digits, digit)
	add(capitals, upper)
	add(smalls, lower)
	add("abcdefABCDEF", hexLetter)
	add("_", underscore)
	add("-", dash)
	add(".", dot)
	add(" \t", blank)
	add("+/=", base64Sign)
	add("~", tilde)
	add(":", colon1)
	add("+", plusSign)
	add(`\`, backslash)
	add("'", apostrophe)
	add("$", dollar)
	add("\"'\\`*", quoteByte)
	add(" -.()/", phoneSign)
	add(digits+capitals+smalls+"_-.%+'", localByte)
	for i := range 256 {
		c := byte(i)
		addIf := func(ok bool, c class) {
			if ok {
				table[i] |= c
			}
		}
		addIf(c > ' ' && c < 0x7f && strings.IndexByte("\"'`<>()[]{}|\\,", c) < 0, addressByte)
		addIf(c > ' ' && strings.IndexByte("/\\\"'`:<>|,;()[]{}*?$&=#%@!", c) < 0, unixName)
		addIf(c >= ' ' && strings.IndexByte("/\\:*?\"<>|$%[]", c) < 0, windowsName)
		addIf(c > ' ' && strings.IndexByte("/\"'`<>\\?#", c) < 0, hostByte)
		addIf(strings.IndexByte(" \t\n\r\"'`<>(,;&)]}|\\", c) < 0, valueByte)
		addIf(c != '\n' && c != '\r', lineByte)
		addIf(c >= 0x80, nonASCII)
		addIf(c > ' ' && strings.IndexByte("\"<>|", c) < 0, saidByte)
	}
	return table
}()

// in reports whether the byte is of a class.
func (c class) has(b byte) bool { return classes[b]&c != 0 }

// at is the byte at a place; 0 outside the text.
func (t *text) at(i int) byte {
	t.reads++
	if uint(i) >= uint(len(t.s)) {
		return 0
	}
	return t.s[i]
}

// is reports whether the byte at a place is of a class; false outside the text.
func (t *text) is(i int, c class) bool {
	t.reads++
	return uint(i) < uint(len(t.s)) && c.has(t.s[i])
}

// closing is the first place from one on, up to another, where a line ends, a
// quote stands, or an escape of one or of a line's end.
func (t *text) closing(from, end int, quote byte) int {
	i := from
	for i < end && lineByte.has(t.s[i]) && t.s[i] != quote {
		if t.s[i] == '\\' && i+1 < end && strings.IndexByte("nrt\"'", t.s[i+1]) >= 0 {
			break
		}
		i++
	}
	t.reads += i - from + 1
	return i
}

// calls reports which finders the byte at a place calls: none within a word.
func (t *text) calls(i int) []finder {
	t.reads++
	finders := callers[t.s[i]]
	if len(finders) == 0 || word.has(t.s[i]) && i > 0 && word.has(t.s[i-1]) && !t.escaped(i) && !t.afterEscape(i) {
		return nil
	}
	return finders
}

// slice is a part of the text, which counts as read.
func (t *text) slice(from, until int) string {
	t.reads += until - from
	return t.s[from:until]
}

// run is the end of the stretch from a place on that a class holds, at most
// limit bytes further.
func (t *text) run(from, limit int, c class) int {
	end := min(len(t.s), from+limit)
	i := from
	for i < end && classes[t.s[i]]&c != 0 {
		i++
	}
	t.reads += i - from + 1
	return i
}

// back is the beginning of the stretch up to a place that a class holds, at
// most limit bytes before it.
func (t *text) back(until, limit int, c class) int {
	end := max(0, until-limit)
	i := until
	for i > end && classes[t.s[i-1]]&c != 0 {
		i--
	}
	t.reads += until - i + 1
	return i
}

// memo names the classes whose runs may be long and asked for from many places
// within one of them.
type memo int

const (
	dashedRun memo = iota
	dottedRun
	credentialRun
	valueRun
	addressRun
	wordRun
	scoredRun
	dollarRun
	numMemos
)

var memos = [numMemos]class{dashed, dotted, credential, valueByte, addressByte, word, scored, dotted | dollar}

// long is run without a limit. A stretch is read once, wherever in it the
// question begins.
func (t *text) long(from int, m memo) int {
	t.reads++
	if known := t.ends[m]; known.from <= from && from < known.until {
		return known.until
	}
	end := t.run(from, len(t.s), memos[m])
	t.ends[m] = stretch{from, end}
	return end
}

// mark names what is looked for to the end of the text.
type mark int

const (
	keyEnd mark = iota
	spacedKeyEnd
	puttyEnd
	numMarks
)

var marks = [numMarks]string{"--END ", "-- END ", "Private-MAC:"}

// seek is where a mark stands next, from a place on; -1 where it does not. The
// places asked for must not decrease by more than what was found before.
func (t *text) seek(from int, m mark) int {
	t.reads++
	switch next := t.next[m]; {
	case next < 0:
		return -1
	case next > from:
		return next - 1
	}
	n := strings.Index(t.s[from:], marks[m])
	if n < 0 {
		t.reads += len(t.s) - from
		t.next[m] = -1
		return -1
	}
	t.reads += n
	t.next[m] = from + n + 1
	return from + n
}

// starts reports whether a prefix stands at a place.
func (t *text) starts(at int, prefix string) bool {
	t.reads++
	if at < 0 || len(t.s)-at < len(prefix) || t.s[at] != prefix[0] {
		return false
	}
	t.reads += len(prefix)
	return t.s[at:at+len(prefix)] == prefix
}

// startsFold is starts without regard to case.
func (t *text) startsFold(at int, prefix string) bool {
	t.reads++
	if at < 0 || len(t.s)-at < len(prefix) || prefix[0] < 0x80 && t.s[at]|0x20 != prefix[0]|0x20 {
		return false
	}
	t.reads += len(prefix)
	return strings.EqualFold(t.s[at:at+len(prefix)], prefix)
}

// endsWith reports whether a suffix stands right before a place.
func (t *text) endsWith(until int, suffix string) bool {
	return t.starts(until-len(suffix), suffix)
}

// maxTrimmed is how many signs may stand at the end of what was found without
// being part of it.
const maxTrimmed = 8

// trim is an end without the signs that belong to the sentence around.
func (t *text) trim(from, until int, signs string) int {
	for n := 0; n < maxTrimmed && until > from && strings.IndexByte(signs, t.at(until-1)) >= 0; n++ {
		until--
	}
	return until
}

// wordBefore is the word of ASCII letters and digits that ends at a place, in
// lower case, at most limit bytes of it.
func (t *text) wordBefore(until, limit int) string {
	return strings.ToLower(t.slice(t.back(until, limit, word), until))
}

// letterBefore and letterAt read one letter of any script whose words are
// written apart; its size is 0 where there is none.
func (t *text) letterBefore(until int) int {
	t.reads += utf8.UTFMax
	r, size := utf8.DecodeLastRuneInString(t.s[max(0, until-utf8.UTFMax):until])
	return letterSize(r, size)
}

func (t *text) letterAt(at int) int {
	t.reads += utf8.UTFMax
	if at >= len(t.s) {
		return 0
	}
	r, size := utf8.DecodeRuneInString(t.s[at:])
	return letterSize(r, size)
}

func letterSize(r rune, size int) int {
	const firstEastAsian = 0x2E80
	if r == utf8.RuneError || r >= firstEastAsian || !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return 0
	}
	return size
}

// escaped reports whether a word begins behind \n, \r or \t as JSON and logs
// write them.
func (t *text) escaped(at int) bool {
	return at >= 2 && t.at(at-2) == '\\' && strings.IndexByte("nrt", t.at(at-1)) >= 0
}

// begins reports whether a token of a class may begin at a place: what stands
// before it is no part of the token.
func (t *text) begins(at int, c class) bool {
	return at == 0 || !t.is(at-1, c) || t.escaped(at) || t.afterEscape(at)
}

// afterEscape reports whether a URL's escape such as %3D or %20 stands before a
// place.
func (t *text) afterEscape(at int) bool {
	return at >= 3 && t.at(at-3) == '%' && t.is(at-2, hexDigit) && t.is(at-1, hexDigit)
}
