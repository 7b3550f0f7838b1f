package collect

import (
	"encoding/csv"
	"regexp"
	"strings"
)

// separatorLine is how Excel writes the separator of a file before its header.
var separatorLine = regexp.MustCompile(`(?i)\A"?sep=([,;|\t])"?[ \t,;]*(\r?\n|\z)`)

// csvReader reads a table as spreadsheets and people write it, in any of the
// encodings and with any of the separators that they use.
func csvReader(src []byte) (*csv.Reader, error) {
	text, err := decoded(src)
	if err != nil {
		return nil, err
	}
	comma := rune(0)
	if named := separatorLine.FindStringSubmatch(text); named != nil {
		comma = rune(named[1][0])
		text = named[2] + text[len(named[0]):] // the line stays, so that the others keep their numbers
	} else {
		comma = separator(text)
	}
	r := csv.NewReader(strings.NewReader(closedQuotes(text, byte(comma))))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	return r, nil
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
			case closing < 0: // it is open to the end of the file, as the reader will say
				n = len(text)
			case closing+1 == len(text) || strings.IndexByte(ends, text[closing+1]) >= 0:
				n = closing + 1
			default:
				n = cellEnd(text, closing, ends)
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
