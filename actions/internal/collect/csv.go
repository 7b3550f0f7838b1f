package collect

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/letter"
)

// separatorLine is how Excel writes the separator of a file before its header.
var separatorLine = lazyregexp.New(`(?i)\A"?sep=([,;|\t])"?[ \t,;]*(\r?\n|\z)`)

// table is what a CSV file holds. Rows that cannot be read are refused, each with
// its line; notes tell how the file was read where that is not certain.
type table struct {
	header  []string
	rows    []tableRow
	refused []string
	notes   []string
}

// tableRow is a row and the lines that it stands on.
type tableRow struct {
	line, until int
	cells       []string
}

// maxExtra is how many rows with cells beyond the header's are named.
const maxExtra = 3

// readTable reads a table as spreadsheets and people write it, in any of the
// encodings and with any of the separators that they use. A table without a
// header is an error.
func readTable(src []byte) (table, error) {
	text, note, err := decoded(src)
	if err != nil {
		return table{}, err
	}
	var t table
	if note != "" {
		t.notes = append(t.notes, note)
	}
	comma := rune(0)
	if named := separatorLine.FindStringSubmatch(text); named != nil {
		comma = rune(named[1][0])
		text = named[2] + text[len(named[0]):] // the line stays, so that the others keep their numbers
	} else {
		comma = separator(text)
	}
	r := csvReader(text, comma)
	if t.header, err = r.Read(); err != nil {
		return table{}, errors.New("there is no header")
	}
	lines := strings.Split(text, "\n")
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.refused = append(t.refused, fmt.Sprintf("%d: %v", lineOf(err), errors.Unwrap(err)))
			continue
		}
		row := tableRow{cells: cells}
		row.line, _ = r.FieldPos(0)
		row.until, _ = r.FieldPos(len(cells) - 1)
		row.until = min(len(lines), row.until+strings.Count(cells[len(cells)-1], "\n"))
		t.rows = append(t.rows, row)
	}
	t.free(lines, comma)
	t.noteExtra()
	return t, nil
}

// free reads the lines that a cell swallowed, each by itself.
func (t *table) free(lines []string, comma rune) {
	forms := map[string]int{}
	for _, row := range t.rows {
		forms[formOf(row.cells[0])]++
	}
	rows := t.rows
	t.rows = nil
	for _, row := range rows {
		if t.swallows(row, comma, forms) {
			t.apart(lines, row, comma)
		} else {
			t.rows = append(t.rows, row)
		}
	}
}

// csvReader reads the rows of a text.
func csvReader(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(closedQuotes(text, byte(comma))))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	return r
}

// noteExtra notes the rows that have cells beyond the header's, which are not read.
func (t *table) noteExtra() {
	extra := 0
	for _, row := range t.rows {
		says := false
		for i := len(t.header); i < len(row.cells); i++ {
			says = says || strings.TrimSpace(row.cells[i]) != ""
		}
		if !says {
			continue
		}
		if extra++; extra <= maxExtra {
			t.notes = append(t.notes, fmt.Sprintf("%d:%d: the row has %d columns and the header %d: what is beyond is not read", row.line, len(t.header)+1, len(row.cells), len(t.header)))
		}
	}
	if extra > maxExtra {
		t.notes = append(t.notes, fmt.Sprintf("1: %d rows in all have more columns than the header", extra))
	}
}

// swallows reports whether a cell of a row holds lines that are rows themselves,
// because a quotation mark was not closed: they have the separators of one, and
// begin with a cell of the form of its own or of other rows.
func (t *table) swallows(row tableRow, comma rune, forms map[string]int) bool {
	if row.until == row.line || len(t.header) < 2 {
		return false
	}
	own := formOf(row.cells[0])
	for _, cell := range row.cells {
		for i, line := range strings.Split(cell, "\n") {
			first, _, _ := strings.Cut(line, string(comma))
			if i > 0 && strings.Count(line, string(comma)) >= len(t.header)-2 && (formOf(first) == own || forms[formOf(first)] > 0) {
				return true
			}
		}
	}
	return false
}

// formOf is a cell with each digit and each word as one sign, so that two times,
// or two ids, are the same.
func formOf(cell string) string {
	form := make([]byte, 0, len(cell))
	for _, r := range strings.Trim(cell, "\" \r") {
		sign := byte('.')
		switch {
		case r >= '0' && r <= '9':
			sign = '0'
		case unicode.IsLetter(r):
			sign = 'a'
		}
		if n := len(form); n == 0 || form[n-1] != sign {
			form = append(form, sign)
		}
	}
	return string(form)
}

// apart reads the lines of a row that swallowed others each by itself.
func (t *table) apart(lines []string, row tableRow, comma rune) {
	t.notes = append(t.notes, fmt.Sprintf("%d: a quotation mark that is not closed would join the lines %d to %d: each is read by itself", row.line, row.line, row.until))
	for line := row.line; line <= row.until; line++ {
		cells, err := csvReader(lines[line-1], comma).Read()
		if err == nil {
			t.rows = append(t.rows, tableRow{line, line, cells})
		} else if strings.TrimSpace(lines[line-1]) != "" {
			t.refused = append(t.refused, fmt.Sprintf("%d: %v", line, err))
		}
	}
}

func lineOf(err error) int {
	var where *csv.ParseError
	if errors.As(err, &where) {
		return where.StartLine
	}
	return 0
}

// closedQuotes is a table in which a cell that begins with a quotation mark, and
// goes on behind the second one, is quoted as a whole. A reader would look for the
// end of such a cell in the lines below.
func closedQuotes(text string, comma byte) string {
	ends := string([]byte{comma, '\r', '\n'})
	var b strings.Builder
	for len(text) > 0 {
		n := cellEnd(text, 0, ends)
		if text[0] == '"' {
			closing := closingQuote(text)
			switch {
			case closing < 0: // it would be open to the end of the file, so it is a sign of the text
				b.WriteString(`"` + strings.ReplaceAll(text[:n], `"`, `""`) + `"`)
				text = text[n:]
				n = 0
			case closing+1 == len(text) || strings.IndexByte(ends, text[closing+1]) >= 0:
				n = closing + 1
			default:
				if strings.IndexByte(text[:closing], '\n') < 0 {
					n = cellEnd(text, closing, ends)
				} // else the next line's mark is another cell's
				b.WriteString(`"` + strings.ReplaceAll(text[:n], `"`, `""`) + `"`)
				text = text[n:]
				n = 0
			}
		}
		n = min(len(text), n+1) // with what ends the cell
		b.WriteString(text[:n])
		text = text[n:]
	}
	return b.String()
}

// cellEnd is where a cell that is not quoted ends.
func cellEnd(text string, from int, ends string) int {
	if n := strings.IndexAny(text[from:], ends); n >= 0 {
		return from + n
	}
	return len(text)
}

// closingQuote is the first quotation mark behind the one that a text begins with
// that is not doubled; below zero where there is none.
func closingQuote(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return -1
}

// decoded is the text of a file: UTF-8 with or without a mark, UTF-16, or a legacy
// encoding that was guessed, of which the note says so.
func decoded(src []byte) (text, note string, err error) {
	switch {
	case bytes.HasPrefix(src, []byte{0xef, 0xbb, 0xbf}):
		src = src[3:]
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		if len(src)%2 != 0 {
			return "", "", errors.New("the file is cut off")
		}
		units := make([]uint16, 0, len(src)/2-1)
		for i := 2; i < len(src); i += 2 {
			low, high := src[i], src[i+1]
			if src[0] == 0xfe {
				low, high = high, low
			}
			units = append(units, uint16(high)<<8|uint16(low))
		}
		return string(utf16.Decode(units)), "", nil
	}
	text, encoding := letter.Guess(src)
	if encoding != "" {
		note = fmt.Sprintf("1: the file is not UTF-8; it was read as %s: export it as UTF-8 if its letters are wrong", encoding)
	}
	return text, note, nil
}

// separator is the sign that stands most often in the first line, outside of
// quotes.
func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most, quoted := ',', 0, false
	count := map[rune]int{}
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			count[c]++
		}
	}
	for _, c := range []rune{',', ';', '\t', '|'} {
		if count[c] > most {
			best, most = c, count[c]
		}
	}
	return best
}
