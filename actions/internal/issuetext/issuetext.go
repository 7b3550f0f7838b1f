// Package issuetext finds the words that a person wrote in an issue's Markdown:
// prose, headings, lists and table cells; not code, quotes, HTML, addresses,
// images, nor what a form or a template put there. It says what was written
// and where; what it means is package triage's business.
//
// Sentences and words follow Unicode's rules (UAX #29, by uax29). The library
// prose, which was meant for this, is archived; linked in it adds 4.9 MB to a
// program, and its sentence training costs some 10 ms a start, where uax29
// costs nothing.
//
// Everything here is linear in the text.
package issuetext

import (
	"slices"
	"strings"
	"sync"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
)

// Document is what a person wrote, in order.
type Document struct {
	Passages []Passage

	answers map[string][]string // of an issue form, by heading, which is folded: lines of text, chosen options, and the boxes that were ticked
	exact   map[string]bool     // the questions whose answers are options of a known form
	whole   bool                // it is a template: unticked boxes and policies are read as well
	memory  *memory             // while it is read
}

// Passage is a stretch of text that belongs together: the title, a paragraph,
// a heading, an item of a list, a cell of a table. Phrases do not run from one
// passage into the next.
type Passage struct {
	In    string // title or body
	Line  int    // of the title or the body, from 1
	Text  string // without markup and invisible characters, compatibility forms composed (NFKC)
	Words []Word

	lower string // Text in lower case; empty where it holds other characters than ASCII
}

// Lower is the text in lower case.
func (p *Passage) Lower() string {
	if p.lower == "" {
		return strings.ToLower(p.Text)
	}
	return p.lower
}

// Word is one word of a passage. A character of a script that is written
// without spaces is a word of its own.
type Word struct {
	Folded     string // lower case, apostrophes straight: see Fold
	Start, End int32  // in the passage's Text
	Sentence   int32  // of the passage, from 0
	Break      bool   // a comma, a dash, a bracket stands between the word before and this one
}

// Quote is what was written from the first word to the last, both inclusive.
func (p Passage) Quote(first, last int) string {
	return p.Cut(int(p.Words[first].Start), int(p.Words[last].End))
}

// Cut is what was written in a stretch of Text, with an ellipsis for what was
// left out within it: code, an image.
func (p Passage) Cut(start, end int) string {
	return strings.TrimSpace(strings.ReplaceAll(p.Text[start:end], gap, "…"))
}

// Read finds the words of an issue. Templates may be nil.
func Read(title, body string, templates *Templates) *Document {
	return read(title, clean(body), templates, false)
}

// read finds the words of a title and of a cleaned body, which are those of a
// template where whole is true.
func read(title, body string, templates *Templates, whole bool) *Document {
	memory := memories.Get().(*memory)
	defer memory.end()
	d := &Document{memory: memory, whole: whole}
	d.add("title", 1, clean(title))
	readBody(d, bound(body), templates)
	d.settle()
	return d
}

// memory is what reading an issue takes until its size is known; it serves many
// issues.
type memory struct {
	words    []Word // of all passages, one after the other
	passages []Passage
}

var memories = sync.Pool{New: func() any { return &memory{} }}

func (m *memory) end() {
	clear(m.words)
	clear(m.passages)
	m.words, m.passages = m.words[:0], m.passages[:0]
	memories.Put(m)
}

// settle copies the passages out of the memory.
func (d *Document) settle() {
	n := 0
	for i := range d.memory.passages {
		n += len(d.memory.passages[i].Words)
	}
	words := make([]Word, 0, n)
	d.Passages = slices.Clone(d.memory.passages)
	for i := range d.Passages {
		from := len(words)
		words = append(words, d.Passages[i].Words...)
		d.Passages[i].Words = words[from:len(words):len(words)]
	}
	d.memory = nil
}

// add appends a passage, unless there is no word in it.
func (d *Document) add(in string, line int, cleaned string) {
	p := Passage{In: in, Line: line, Text: cleaned}
	if ascii(cleaned) {
		p.lower = strings.ToLower(cleaned)
	} else {
		p.Text = compose(cleaned)
	}
	m := d.memory
	from := len(m.words)
	m.words = appendWords(m.words, p.Text, p.lower)
	p.Words = m.words[from:len(m.words):len(m.words)]
	if !d.whole {
		p.Words = joinSites(p.Words, p.Text, in)
		p.dropPolicies()
	}
	if len(p.Words) > 0 {
		m.passages = append(m.passages, p)
	}
}

// Words finds the words of a text. Addresses and paths are no words.
func Words(s string) []Word {
	lower := ""
	if ascii(s) {
		lower = strings.ToLower(s)
	}
	return appendWords(make([]Word, 0, len(s)/6), s, lower)
}

// appendWords adds the words of a text. Lower is the text in lower case; empty
// where it holds other characters than ASCII.
func appendWords(out []Word, s, lower string) []Word {
	skip := addresses(s)
	offset, sentence := 0, 0
	each := sentences.FromString(s)
	for each.Next() {
		value, before := each.Value(), len(out)
		next := offset + len(value)
		wrapped := wraps(s, next)
		if wrapped {
			value = value[:len(value)-1]
		}
		out, skip = wordsOf(out, value, lower, offset, sentence, skip)
		if len(out) > before && !wrapped && !dotted(s, next-1) {
			sentence++
		}
		offset = next
	}
	return out
}

// fullLine is the length from which a line may have been wrapped by an editor.
const fullLine = 50

// wraps reports whether the line that ends before an offset was only wrapped
// there: it is full, ends within a sentence, and the next one goes on in lower
// case. Any other line end parts sentences: people in a hurry write one a line.
func wraps(s string, end int) bool {
	if end < 2 || end >= len(s) || s[end-1] != '\n' || s[end] < 'a' || s[end] > 'z' {
		return false
	}
	line := s[strings.LastIndexByte(s[:end-1], '\n')+1 : end-1]
	return len(line) >= fullLine && strings.IndexByte(".!?:;", line[len(line)-1]) < 0
}

// wordsOf adds the words of one sentence of a text, at whose offset it begins.
// Lower is the whole text in lower case, or empty. Skip are the addresses that
// are still ahead; it answers with those behind the sentence.
func wordsOf(out []Word, s, lower string, offset, sentence int, skip []span) ([]Word, []span) {
	broken := false
	each := words.FromString(s)
	for each.Next() {
		start, value := offset+each.Start(), each.Value()
		for len(skip) > 0 && start >= skip[0].until {
			skip, broken = skip[1:], true
		}
		switch {
		case len(skip) > 0 && start >= skip[0].from:
		case !isWord(value):
			broken = broken || isBreak(value)
		default:
			if sign := signBehind(s[each.End():], value); sign != "" {
				value = s[each.Start() : each.End()+len(sign)]
			}
			end := start + len(value)
			folded := ""
			if lower != "" {
				folded = lower[start:end]
			} else {
				folded = Fold(value)
			}
			out = append(out, Word{Folded: folded, Start: int32(start), End: int32(end), Sentence: int32(sentence), Break: broken})
			broken = false
		}
	}
	return out, skip
}

// span is a stretch of text, until exclusive.
type span struct{ from, until int }

// addresses finds the chunks between spaces, quotes and brackets that are
// addresses or paths.
func addresses(s string) []span {
	if strings.IndexByte(s, '/') < 0 && strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '@') < 0 && !strings.Contains(s, "www.") {
		return nil
	}
	var found []span
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && !endsChunk[s[end]] {
			end++
		}
		if isAddress(s[at:end]) {
			found = append(found, span{at, end})
		}
		at = end + 1
	}
	return found
}

// endsChunk holds the signs that part chunks.
var endsChunk = [256]bool{' ': true, '\t': true, '\n': true, '(': true, ')': true, '<': true, '>': true, '[': true, ']': true, '"': true, '\'': true}

func isAddress(chunk string) bool {
	switch {
	case chunk == "":
		return false
	case strings.Contains(chunk, "://"), strings.HasPrefix(chunk, "www."):
	case strings.HasPrefix(chunk, "/"), strings.HasPrefix(chunk, "~/"), strings.HasPrefix(chunk, "./"), strings.HasPrefix(chunk, "../"):
	case strings.Count(chunk, "/") > 2, strings.Count(chunk, `\`) > 1:
	case strings.Contains(chunk, "@") && strings.Contains(chunk, "."):
	default:
		return false
	}
	return true
}

func isWord(s string) bool {
	c := s[0]
	if c < 0x80 {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
	}
	return hasLetter(s)
}

// isBreak reports whether what stands between two words parts them.
func isBreak(s string) bool {
	if s == " " || s == "" {
		return false
	}
	for _, r := range s {
		switch r {
		case ',', ';', ':', '(', ')', '[', ']', '{', '}', '\n', '!', '?', '/', '|', '–', '—', '…', '、', '，', '。', '：', '；':
			return true
		}
	}
	return s == "-" || s == "."
}
