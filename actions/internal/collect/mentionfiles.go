package collect

import (
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

// byHand reads the files of the pattern. Lines that cannot be read are told, with
// file and line, and the rest is taken.
func (m Mentions) byHand(ctx context.Context) (found []Mention, refused []string, err error) {
	names, err := fs.Glob(m.Files, strings.TrimPrefix(m.Pattern, "./"))
	if err != nil || len(names) == 0 {
		return nil, nil, fmt.Errorf("there is no file %s", m.Pattern)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return found, refused, err
		}
		some, wrong, err := m.handFile(ctx, name)
		if err != nil {
			return found, refused, fmt.Errorf("%s: %w", name, err)
		}
		found = append(found, some...)
		for _, why := range wrong {
			refused = append(refused, name+":"+why)
		}
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
	reader, err := csvReader(src)
	if err != nil {
		return nil, nil, err
	}
	header, err := reader.Read()
	if err == io.EOF {
		return nil, nil, nil // nobody has written anything yet
	}
	if err != nil {
		return nil, nil, err
	}
	at, err := handPlaces(header)
	if err != nil {
		return nil, nil, err
	}
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return found, refused, nil
		}
		line, _ := reader.FieldPos(0)
		if err != nil {
			return found, append(refused, fmt.Sprintf("%d: %v", line, err)), nil
		}
		got, why := m.handLine(ctx, at, record)
		if why != "" {
			refused = append(refused, fmt.Sprintf("%d: %s", line, why))
			continue
		}
		if got.At.After(m.Since) {
			found = append(found, got)
		}
	}
}

// handTime is a time as people write it into a table, in UTC where it names no
// zone.
func handTime(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, time.UTC); err == nil && t.Year() > 1990 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("at: %q is no time such as 2026-01-27 or 2026-01-27 14:05", short(s))
}

// handPlaces finds the columns by their headers.
func handPlaces(header []string) (map[string]int, error) {
	at := map[string]int{}
	for i, h := range header {
		name := strings.ToLower(strings.TrimSpace(h))
		if name == "" {
			continue // as spreadsheets write them at the end
		}
		if !slices.Contains(mentionColumns, name) {
			return nil, fmt.Errorf("1: %s", diag.Unknown("column", short(name), mentionColumns))
		}
		at[name] = i
	}
	for _, name := range []string{"source", "at"} {
		if _, there := at[name]; !there {
			return nil, fmt.Errorf("1: the column %s is missing; the columns are %s", name, strings.Join(mentionColumns, ", "))
		}
	}
	return at, nil
}

func (m Mentions) handLine(ctx context.Context, at map[string]int, record []string) (Mention, string) {
	cell := func(name string) string {
		if i, there := at[name]; there && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	when, err := handTime(cell("at"))
	if err != nil {
		return Mention{}, err.Error()
	}
	score := 0
	if s := cell("score"); s != "" {
		if score, err = strconv.Atoi(s); err != nil {
			return Mention{}, fmt.Sprintf("score: %q is no number", short(s))
		}
	}
	source := strings.ToLower(clean(cell("source")))
	if source == "" || len(source) > 40 {
		return Mention{}, "source: expected the name of the place"
	}
	id := cmp.Or(cell("id"), cell("url"))
	if id == "" && cell("author")+cell("text") == "" {
		return Mention{}, "expected an id, a url, an author or a text"
	}
	if id == "" {
		sum := sha256.Sum256([]byte(strings.Join([]string{when.Format(time.RFC3339), source, cell("author"), cell("text")}, "\x00")))
		id = hex.EncodeToString(sum[:8])
	}
	return m.mention(ctx, item{source: source, id: id, author: cell("author"), address: cell("url"), at: when, score: score, text: cell("text")})
}
