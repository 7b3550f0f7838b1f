package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mask"
	"github.com/aftercare/aftercare/actions/internal/mistake"
)

// Columns name the headers of a survey, as the form tool writes them; an empty
// one is not asked.
type Columns struct {
	At, Satisfaction, Recommend, SuccessEstimate, PrivacyConcern, Requests string
}

// Surveys reads the CSV files of a pattern. Rows that cannot be read are told,
// with file and line, and the rest is taken; a file that cannot be read at all
// is told too. No file at all is an error.
func Surveys(files fs.FS, pattern string, columns Columns) (rows []fact.Row, refused []string, err error) {
	names, err := fs.Glob(files, strings.TrimPrefix(pattern, "./"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("there is no file %s", pattern)
	}
	for _, name := range names {
		src, err := fs.ReadFile(files, name)
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		some, bad := survey(src, columns)
		rows = append(rows, some...)
		for _, b := range bad {
			refused = append(refused, name+":"+b)
		}
	}
	return rows, refused, nil
}

// survey reads one file; the refusals begin with a line's number.
func survey(src []byte, columns Columns) ([]fact.Row, []string) {
	text, err := decoded(src)
	if err != nil {
		return nil, []string{"1: " + err.Error()}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	header, err := r.Read()
	if err != nil {
		return nil, []string{"1: there is no header"}
	}
	at, missing := places(header, columns)
	if missing != "" {
		return nil, []string{"1: " + missing}
	}
	var records [][]string
	var lines []int
	var refused []string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			refused = append(refused, fmt.Sprintf("%d: %v", lineOf(err), errors.Unwrap(err)))
			continue
		}
		line, _ := r.FieldPos(0)
		records, lines = append(records, record), append(lines, line)
	}
	form := dateForm(records, at.at)
	var rows []fact.Row
	for i, record := range records {
		row, err := at.row(record, form)
		if err != nil {
			refused = append(refused, fmt.Sprintf("%d: %v", lines[i], err))
			continue
		}
		rows = append(rows, row)
	}
	return rows, refused
}

func lineOf(err error) int {
	var where *csv.ParseError
	if errors.As(err, &where) {
		return where.StartLine
	}
	return 0
}

// decoded is the text of a file: UTF-8 with or without a mark, or UTF-16 with
// one, as spreadsheets write it.
func decoded(src []byte) (string, error) {
	switch {
	case bytes.HasPrefix(src, []byte{0xef, 0xbb, 0xbf}):
		src = src[3:]
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		if len(src)%2 != 0 {
			return "", errors.New("the file is cut off")
		}
		units := make([]uint16, 0, len(src)/2-1)
		for i := 2; i < len(src); i += 2 {
			low, high := src[i], src[i+1]
			if src[0] == 0xfe {
				low, high = high, low
			}
			units = append(units, uint16(high)<<8|uint16(low))
		}
		return string(utf16.Decode(units)), nil
	}
	return strings.ToValidUTF8(string(src), "\uFFFD"), nil
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
	for _, c := range []rune{',', ';', '\t'} {
		if count[c] > most {
			best, most = c, count[c]
		}
	}
	return best
}

// fields are the places of the columns; -1 is not asked.
type fields struct{ at, satisfaction, recommend, success, privacy, requests int }

// places finds the headers, or says which is missing and what comes nearest.
func places(header []string, columns Columns) (fields, string) {
	same := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	missing := ""
	find := func(name string) int {
		if name == "" {
			return -1
		}
		for i, h := range header {
			if same(h) == same(name) {
				return i
			}
		}
		if missing == "" {
			missing = mistake.Unknown("column", name, header)
		}
		return -1
	}
	f := fields{find(columns.At), find(columns.Satisfaction), find(columns.Recommend), find(columns.SuccessEstimate), find(columns.PrivacyConcern), find(columns.Requests)}
	return f, missing
}

func (f fields) row(record []string, form string) (fact.SurveyRow, error) {
	cell := func(i int) string {
		if i < 0 || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	when, err := dated(cell(f.at), form)
	if err != nil {
		return fact.SurveyRow{}, err
	}
	row := fact.SurveyRow{At: when, PrivacyConcern: concern(cell(f.privacy)), Requests: mask.Text(cell(f.requests))}
	for _, scale := range []struct {
		name      string
		at        int
		low, high float64
		to        **float64
	}{
		{"satisfaction", f.satisfaction, 1, 5, &row.Satisfaction}, {"recommend", f.recommend, 0, 10, &row.Recommend}, {"success estimate", f.success, 0, 100, &row.SuccessEstimate},
	} {
		v, err := scaled(cell(scale.at), scale.low, scale.high)
		if err != nil {
			return row, fmt.Errorf("%s: %w", scale.name, err)
		}
		*scale.to = v
	}
	return row, nil
}

var scaleForm = regexp.MustCompile(`^\D{0,40}?([0-9]+(?:[.,][0-9]+)?)\s*(%|/\s*[0-9]+)?(?:\D.*)?$`)

// scaled reads an answer on a scale: 4, 4.5, 4/5, 80%, 5 - Very satisfied. No
// answer is nil.
func scaled(s string, low, high float64) (*float64, error) {
	if s == "" || s == "-" || strings.EqualFold(s, "n/a") {
		return nil, nil
	}
	m := scaleForm.FindStringSubmatch(s)
	if m == nil {
		return nil, fmt.Errorf("%q is no answer from %g to %g", short(s), low, high)
	}
	v, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if err != nil || v < low || v > high || strings.HasPrefix(s, "-") {
		return nil, fmt.Errorf("%q is not from %g to %g", short(s), low, high)
	}
	return &v, nil
}

func short(s string) string {
	if runes := []rune(mask.Text(s)); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return mask.Text(s)
}

// none are the ways to say that there is no concern.
var none = map[string]bool{"": true, "-": true, "no": true, "none": true, "n/a": true, "na": true, "nothing": true, "nope": true, "not really": true, "no concerns": true, "no concern": true, "nil": true, ".": true}

// concern is what worries somebody, masked; empty where nothing does.
func concern(s string) string {
	if none[strings.ToLower(strings.TrimRight(s, ".! "))] {
		return ""
	}
	return mask.Text(s)
}

// dateForms are the forms that form tools write, the sure ones first. Which of
// the two with slashes it is, the file must show.
var dateForms = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006/01/02 3:04:05 PM", "2006/01/02 15:04:05", "2006/01/02 15:04",
	"02.01.2006 15:04:05", "2.1.2006 15:04", "02.01.2006",
	"1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 15:04", "1/2/2006",
	"2/1/2006 15:04:05", "2/1/2006 3:04:05 PM", "2/1/2006 15:04", "2/1/2006",
}

// dateForm is the first form that reads all the times of a file, or the one
// that reads most.
func dateForm(records [][]string, at int) string {
	best, most := dateForms[0], 0
	for _, form := range dateForms {
		reads := 0
		for _, r := range records {
			if at < len(r) {
				if _, err := dated(r[at], form); err == nil {
					reads++
				}
			}
		}
		if reads > most {
			best, most = form, reads
		}
	}
	return best
}

var zoneForm = regexp.MustCompile(`\s+(?:GMT|UTC)([+-][0-9]{1,2}(?::?[0-9]{2})?)?$|\s+([+-][0-9]{2}:?[0-9]{2})$`)

// dated reads a time of a form, with the zone that may stand behind it; without
// one it is UTC.
func dated(s, form string) (time.Time, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	zone := time.UTC
	if m := zoneForm.FindStringSubmatch(s); m != nil {
		s = s[:len(s)-len(m[0])]
		zone = offset(m[1] + m[2])
	}
	t, err := time.ParseInLocation(form, s, zone)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		return t, fmt.Errorf("%q is no time of a form that is known", short(s))
	}
	return t.UTC(), nil
}

func offset(s string) *time.Location {
	digits := strings.ReplaceAll(strings.TrimLeft(s, "+-"), ":", "")
	if digits == "" {
		return time.UTC
	}
	if len(digits) <= 2 {
		digits += "00"
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return time.UTC
	}
	seconds := (n/100)*3600 + (n%100)*60
	if strings.HasPrefix(s, "-") {
		seconds = -seconds
	}
	return time.FixedZone(s, seconds)
}
