package collect

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// Columns name the headers of a survey, as the form tool writes them; an empty
// one is not asked.
type Columns struct {
	At, Satisfaction, Recommend, SuccessEstimate, PrivacyConcern, Requests, Comments string

	// Latest is when the files are read: no answer is over a day later, which also
	// helps to tell days from months. Zero is not looked at.
	Latest time.Time
	// MaxTime is how long the reading of one file may take; zero is half a minute.
	MaxTime time.Duration
	// Mood is how a text feels; nil is not asked.
	Mood func(text string) float64
	// Note tells how a file was read where that is not certain; nil is not told.
	Note func(text string)
	// Phrases returns the noun phrases of what an answer requests and comments,
	// which is redacted; nil: they are not looked for.
	Phrases func(text string) []string
}

// Surveys reads the CSV files of a pattern. Rows that cannot be read are told,
// with file and line, and the rest is taken; a file that cannot be read at all
// is told too. No file at all, or nothing in them that can be read, is an error.
//
// A file that is too large, or takes too long, is given up with that reason.
func Surveys(ctx context.Context, files fs.FS, pattern string, columns Columns) (rows []model.Row, refused []string, err error) {
	names, err := fs.Glob(files, strings.TrimPrefix(pattern, "./"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("there is no file %s", pattern)
	}
	for _, name := range names {
		src, err := readAtMost(files, name, maxSurvey)
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		some, wrong, err := Survey(ctx, name, src, columns)
		if err != nil {
			return nil, refused, err
		}
		rows, refused = append(rows, some...), append(refused, wrong...)
	}
	if len(rows) == 0 && len(refused) > 0 {
		return nil, refused, errUnread(pattern, refused[0], len(refused))
	}
	return rows, refused, nil
}

// Survey reads one CSV file. Refused are rows that cannot be read, each with the
// name and the line, or the file as a whole; the error is that of a run that ends.
func Survey(ctx context.Context, name string, src []byte, columns Columns) (rows []model.Row, refused []string, err error) {
	got, err := budget.Do(ctx, cmp.Or(columns.MaxTime, maxSurveyTime), func(ctx context.Context) (answers, error) { return survey(ctx, src, columns) })
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		return nil, []string{fmt.Sprintf("%s: the file is given up: %v", name, err)}, nil
	}
	for _, b := range got.refused {
		refused = append(refused, name+":"+b)
	}
	for _, n := range got.notes {
		if columns.Note != nil {
			columns.Note(name + ":" + n)
		}
	}
	return got.rows, refused, nil
}

// SurveyAt reads the CSV at a secret address, such as that of a published sheet;
// what is refused and its errors tell its name alone.
func SurveyAt(ctx context.Context, client *web.Client, name, address string, columns Columns) (rows []model.Row, refused []string, err error) {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, nil, fmt.Errorf("%s is not an address of the web", name)
	}
	src, err := client.Body(ctx, address, http.Header{"Accept": {"text/csv, text/plain;q=0.9, */*;q=0.1"}})
	if err != nil {
		return nil, nil, fmt.Errorf("the address in %s: %w", name, err)
	}
	if page := bytes.TrimSpace(src); len(page) == 0 || page[0] == '<' {
		return nil, nil, fmt.Errorf("the address in %s leads to a page, and not to CSV: see that the sheet is published as CSV", name)
	}
	rows, refused, err = Survey(ctx, name, src, columns)
	if err == nil && len(rows) == 0 && len(refused) > 0 {
		err = fmt.Errorf("nothing at the address in %s could be read: %s", name, refused[0])
	}
	return rows, refused, err
}

const (
	// maxSurvey is larger than the answers of any survey, in bytes.
	maxSurvey = 32 << 20
	// maxSurveyTime is how long the reading of one file may take.
	maxSurveyTime = 30 * time.Second
	// maxCell is how much of an answer is read, in bytes.
	maxCell = 16 << 10
)

// readAtMost reads a file that is no larger than a size.
func readAtMost(files fs.FS, name string, size int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, size+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(src)) > size:
		return nil, fmt.Errorf("the file is over %d MiB", size>>20)
	}
	return src, nil
}

// answers are those of one file; the refusals and notes begin with a line's number.
type answers struct {
	rows           []model.Row
	refused, notes []string
}

func survey(ctx context.Context, src []byte, columns Columns) (answers, error) {
	t, err := readTable(src)
	if err != nil {
		return answers{refused: []string{"1: " + err.Error()}}, nil
	}
	at, missing := places(t.header, columns)
	if missing != "" {
		return answers{refused: []string{"1: " + missing + t.notTaken()}}, nil
	}
	got := answers{refused: t.refused, notes: t.notes}
	var written []writtenTime
	for _, row := range t.rows {
		if w, err := readTime(at.cell(row.cells, at.at)); err == nil {
			written = append(written, w)
		}
	}
	days, said, err := dateOrder(written, columns.Latest)
	if err != nil {
		got.refused = append(got.refused, fmt.Sprintf("%d:%d: %v%s", t.rows[0].line, at.at+1, err, t.notTaken()))
		return got, nil
	}
	if said != "" {
		got.notes = append(got.notes, fmt.Sprintf("%d:%d: %s", t.rows[0].line, at.at+1, said))
	}
	for _, row := range t.rows {
		if err := ctx.Err(); err != nil {
			return answers{}, err
		}
		if blankRow(row.cells) {
			continue
		}
		answer, column, err := at.answer(row.cells, days, columns)
		if err != nil {
			got.refused = append(got.refused, fmt.Sprintf("%d:%d: %v", row.line, column+1, err))
			continue
		}
		got.rows = append(got.rows, answer)
	}
	return got, nil
}

// notTaken says behind a reason how many rows it keeps out.
func (t *table) notTaken() string {
	if len(t.rows) < 2 {
		return ""
	}
	return fmt.Sprintf(" (none of the %d rows is taken in)", len(t.rows))
}

// blankRow reports whether a row is one that spreadsheets leave at the end: separators alone.
func blankRow(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// answer is the answer of a row, its texts redacted and looked at; or the column
// of what is wrong, from zero, and what is.
func (f fields) answer(cells []string, days order, columns Columns) (row model.SurveyRow, column int, err error) {
	row, comments, column, err := f.row(cells, days)
	if err == nil && late(row.At, columns.Latest) {
		column, err = f.at, fmt.Errorf("the answer is of %s, which is to come", row.At.Format(time.DateOnly))
	}
	if err != nil {
		return row, max(0, column), err
	}
	wishes := strings.TrimSpace(row.Requests + "\n\n" + comments)
	if said := row.PrivacyConcern + "\n" + wishes; columns.Mood != nil && strings.TrimSpace(said) != "" {
		mood := columns.Mood(said)
		row.Sentiment = &mood
	}
	if columns.Phrases != nil && wishes != "" {
		row.Phrases = columns.Phrases(wishes)
	}
	return row, 0, nil
}

// fields are the places of the columns; -1 is not asked.
type fields struct{ at, satisfaction, recommend, success, privacy, requests, comments int }

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
			missing = diag.Unknown("column", name, header)
		}
		return -1
	}
	f := fields{find(columns.At), find(columns.Satisfaction), find(columns.Recommend), find(columns.SuccessEstimate), find(columns.PrivacyConcern), find(columns.Requests), find(columns.Comments)}
	return f, missing
}

// cell is a cell of a record, cut; empty where it has none or none is asked.
func (f fields) cell(record []string, i int) string {
	if i < 0 || i >= len(record) {
		return ""
	}
	return strings.TrimSpace(cutAt(record[i], maxCell))
}

// row returns the answer of a record, and what it comments, redacted; or the
// column of what is wrong.
func (f fields) row(record []string, days order) (row model.SurveyRow, comments string, column int, err error) {
	cell := func(i int) string { return f.cell(record, i) }
	when, err := dated(cell(f.at), days)
	if err != nil {
		return row, "", f.at, err
	}
	row = model.SurveyRow{At: when, PrivacyConcern: concern(cell(f.privacy)), Requests: redact.Text(cell(f.requests))}
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
			return row, "", scale.at, fmt.Errorf("%s: %w", scale.name, err)
		}
		*scale.to = v
	}
	return row, redact.Text(cell(f.comments)), 0, nil
}

var scaleForm = lazyregexp.New(`^\D{0,40}?([0-9]+(?:[.,][0-9]+)?)\s*(%|(?:/|(?i:out of|of|von|sur|de|di|van|av|af|из|z))\s*[0-9]{1,4})?(?:\D.*)?$`)

// scaled reads an answer on a scale: 4, 4.5, 4/5, 4 out of 5, 80%, 5 - Very satisfied. A
// part of another whole (4/5 where ten is the most) is brought to the scale
// where that begins at 0, and refused where it does not. No answer is nil.
func scaled(s string, low, high float64) (*float64, error) {
	if s == "" || s == "-" || strings.EqualFold(s, "n/a") {
		return nil, nil
	}
	m := scaleForm.FindStringSubmatch(s)
	if m == nil {
		return nil, fmt.Errorf("%q is not an answer from %g to %g", short(s), low, high)
	}
	v, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
	if most := whole(m[2], high); most != high {
		if v > most || low != 0 || most == 0 {
			return nil, fmt.Errorf("%q is not from %g to %g", short(s), low, high)
		}
		v *= high / most
	}
	if err != nil || v < low || v > high || strings.HasPrefix(s, "-") {
		return nil, fmt.Errorf("%q is not from %g to %g", short(s), low, high)
	}
	return &v, nil
}

// whole is what an answer is a part of, as %, /10 or "out of 10" says behind it.
func whole(behind string, high float64) float64 {
	if behind == "%" {
		return 100
	}
	if most, err := strconv.Atoi(strings.TrimLeftFunc(behind, func(r rune) bool { return r < '0' || r > '9' })); err == nil {
		return float64(most)
	}
	return high
}

func short(s string) string {
	s = redact.Text(cutAt(s, maxCell))
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}

// cutAt is the beginning of a text, of at most n bytes.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// none are the ways to say that there is no concern.
var none = map[string]bool{"": true, "-": true, "no": true, "none": true, "n/a": true, "na": true, "nothing": true, "nope": true, "not really": true, "no concerns": true, "no concern": true, "nil": true, ".": true}

// concern is what worries somebody, masked; empty where nothing does.
func concern(s string) string {
	if none[strings.ToLower(strings.TrimRight(s, ".! "))] {
		return ""
	}
	return redact.Text(s)
}
