package collect

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/diag"
)

// mentionColumns are those of a file that people fill by hand, in any order.
// What stands under source is the name of the place: x, mail, a newspaper. What has
// neither id nor url, as a mail from a friend, is known by what it says.
var mentionColumns = []string{"source", "id", "url", "at", "author", "score", "text"}

// largestHand is more than anybody writes by hand, in bytes.
const largestHand = 8 << 20

// byHand reads the files of the pattern. Lines, and files, that cannot be read are
// told, with file, line and column, and the rest is taken. Where no file can be
// read, that is an error.
func (m Mentions) byHand(ctx context.Context) (found []Mention, refused []string, err error) {
	names, err := fs.Glob(m.Files, strings.TrimPrefix(m.Pattern, "./"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("there is no file %s", m.Pattern)
	}
	slices.Sort(names)
	var failed []error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return found, refused, err
		}
		some, wrong, err := m.handFile(ctx, name)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
			continue
		}
		found = append(found, some...)
		for _, why := range wrong {
			refused = append(refused, name+":"+why)
		}
	}
	if len(failed) == len(names) {
		return nil, refused, errors.Join(failed...)
	}
	for _, err := range failed {
		refused = append(refused, err.Error())
	}
	return found, refused, nil
}

func (m Mentions) handFile(ctx context.Context, name string) (found []Mention, refused []string, err error) {
	f, err := m.Files.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, largestHand+1))
	if err != nil || len(src) > largestHand {
		return nil, nil, errors.Join(err, fmt.Errorf("it cannot be read, or is over %d MiB", largestHand>>20))
	}
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, nil, nil // nobody has written anything yet
	}
	t, err := readTable(src)
	if err != nil {
		return nil, nil, err
	}
	at, unknown, err := handPlaces(t.header)
	if err != nil {
		return nil, nil, err
	}
	refused = t.refused
	for _, note := range append(unknown, t.notes...) {
		if m.Note != nil {
			m.Note(name + ":" + note)
		}
	}
	for _, row := range t.rows {
		if blankRow(row.cells) {
			continue
		}
		got, column, why := m.handLine(ctx, at, row.cells)
		if why != "" {
			refused = append(refused, fmt.Sprintf("%d:%d: %s", row.line, at[column]+1, why))
			continue
		}
		if got.At.After(m.Since) {
			found = append(found, got)
		}
	}
	return found, refused, nil
}

// handTime is a time as people write it into a table, in UTC where it names no
// zone. One of which the day and the month cannot be told apart is an error.
func handTime(s string) (time.Time, error) {
	w, err := readTime(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("at: %q is not a time such as 2026-01-27 or 2026-01-27 14:05", short(s))
	}
	var found []time.Time
	for _, o := range w.orders() {
		if t, err := w.in(o); err == nil && (len(found) == 0 || !found[0].Equal(t)) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		return time.Time{}, fmt.Errorf("at: %q is not a day: write the year first, such as 2026-01-27", short(s))
	case 1:
		return found[0], nil
	}
	return time.Time{}, fmt.Errorf("at: %q may have the day or the month first: write the year first, such as 2026-01-27", short(s))
}

// handPlaces finds the columns by their headers. Columns that are not known are
// noted.
func handPlaces(header []string) (at map[string]int, notes []string, err error) {
	at = map[string]int{}
	for i, h := range header {
		name := strings.ToLower(strings.TrimSpace(h))
		if name == "" {
			continue // as spreadsheets write them at the end
		}
		if !slices.Contains(mentionColumns, name) {
			notes = append(notes, fmt.Sprintf("1:%d: %s: it is not read", i+1, diag.Unknown("column", short(name), mentionColumns)))
			continue
		}
		at[name] = i
	}
	for _, name := range []string{"source", "at"} {
		if _, there := at[name]; !there {
			return nil, notes, fmt.Errorf("1: the column %s is missing; the columns are %s, and the file has %s", name, strings.Join(mentionColumns, ", "), short(strings.Join(header, ", ")))
		}
	}
	return at, notes, nil
}

// handLine is the mention of a row; or the column of what is wrong, and why.
func (m Mentions) handLine(ctx context.Context, at map[string]int, record []string) (found Mention, column, why string) {
	cell := func(name string) string {
		if i, there := at[name]; there && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	when, err := handTime(cell("at"))
	if err != nil {
		return Mention{}, "at", err.Error()
	}
	score := 0
	if s := cell("score"); s != "" {
		if score, err = strconv.Atoi(s); err != nil {
			return Mention{}, "score", fmt.Sprintf("score: %q is not a number", short(s))
		}
	}
	source := strings.ToLower(clean(cell("source")))
	if source == "" || len(source) > 40 {
		return Mention{}, "source", "source: expected the name of the place"
	}
	id := cmp.Or(cell("id"), cell("url"))
	if id == "" && cell("author")+cell("text") == "" {
		return Mention{}, "source", "expected an id, a url, an author or a text"
	}
	if id == "" {
		sum := sha256.Sum256([]byte(strings.Join([]string{when.Format(time.RFC3339), source, cell("author"), cell("text")}, "\x00")))
		id = hex.EncodeToString(sum[:8])
	}
	found, why = m.mention(ctx, item{source: source, id: id, author: cell("author"), address: cell("url"), at: when, score: score, text: cell("text")})
	return found, "url", why
}
