package collect

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Tables reads a file of telemetry that is a table: kind is csv or parquet. It
// calls each for each row, in their order: an object of its columns, or the place
// of a row that cannot be read and why. An error of each ends it and is returned.
type Tables func(ctx context.Context, kind string, file io.Reader, each func(TableRow) error) error

// TableRow is a row of such a file. Line is that of the file where the row cannot
// be read in a CSV file, else its number.
type TableRow struct {
	Line, Column int
	Object       []byte
	Why          string
}

// tableName is the name of a file that is a table by its ending.
var tableName = lazyregexp.New(`(?i)\.(csv|tsv|parquet)(?:\.gz)?$`)

// tableKind is the kind of a file that is a table; empty where it is none.
func tableKind(name string, in *bufio.Reader) string {
	if magic, _ := in.Peek(4); string(magic) == "PAR1" {
		return "parquet"
	}
	m := tableName.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	if strings.EqualFold(m[1], "parquet") {
		return "parquet"
	}
	return "csv"
}

var (
	errNoTables = errors.New("the file is a table, which cannot be read here: export it as JSON")
	errStopped  = errors.New("the reading was stopped")
)

// readTableFile sends the rows of a table as records of events.
func readTableFile(ctx context.Context, tables Tables, kind string, in *bufio.Reader, take func(record) bool) error {
	if tables == nil {
		return errNoTables
	}
	from := io.Reader(in)
	if kind == "csv" {
		from = plainCSV(in)
	}
	err := tables(ctx, kind, from, func(row TableRow) error {
		r := record{line: row.Line, column: row.Column, why: row.Why}
		if r.why == "" {
			r.why, r.text = eventOf(row.Object)
			r.row = true
		}
		if !take(r) {
			return errStopped
		}
		return nil
	})
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// plainCSV is a CSV file in UTF-8, without the line by which Excel names its
// separator and which stays empty. What is no UTF-8 is read as western Windows writes it.
func plainCSV(in *bufio.Reader) io.Reader {
	if mark, _ := in.Peek(len(markOfUTF8)); bytes.Equal(mark, markOfUTF8) {
		_, _ = in.Discard(len(markOfUTF8))
	}
	begin, _ := in.Peek(1 << 12)
	if named := separatorLine.Find(begin); named != nil {
		_, _ = in.Discard(len(named))
	}
	if whole := begin[:len(begin)-len(begin)%4]; !utf8.Valid(whole) && !utf8.Valid(whole[:max(0, len(whole)-utf8.UTFMax)]) {
		return charmap.Windows1252.NewDecoder().Reader(in)
	}
	return in
}

// truths are the fields that hold a truth, and numbers those that hold a number:
// a table in text alone has them as text.
var (
	truths  = map[string]bool{"success": true, "recoverable": true, "opted_out": true}
	numbers = map[string]bool{"duration_ms": true}
)

// eventOf is an event in JSON of a row's columns, without those that are empty; or
// why the row is none.
func eventOf(object []byte) (why string, event []byte) {
	var columns map[string]any
	if err := json.Unmarshal(object, &columns); err != nil {
		return "no event: " + err.Error(), nil
	}
	for name, value := range columns {
		text, isText := value.(string)
		switch {
		case value == nil || isText && strings.TrimSpace(text) == "":
			delete(columns, name)
		case isText && truths[name]:
			truth, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text)))
			if err != nil {
				return fmt.Sprintf("%s: %q is neither true nor false", name, short(text)), nil
			}
			columns[name] = truth
		case isText && numbers[name]:
			n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				return fmt.Sprintf("%s: %q is not a number", name, short(text)), nil
			}
			columns[name] = n
		case isText && name == "timestamp":
			if w, err := readTime(text); err == nil && len(w.orders()) == 1 {
				if at, err := w.in(w.orders()[0]); err == nil {
					columns[name] = at.Format(time.RFC3339Nano)
				}
			}
		}
	}
	event, err := json.Marshal(columns)
	if err != nil {
		return "no event: " + err.Error(), nil
	}
	return "", event
}
