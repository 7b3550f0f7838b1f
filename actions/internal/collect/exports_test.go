package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/unicode"

	"github.com/aftercare/aftercare/actions/internal/model"
)

var exportNow = time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)

const five = `{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad1","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:00:00Z","type":"session_start","version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"zsh","backend_available":["static","llm"],"a_later_field":{"x":[1,2]}}
{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad2","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:01:00+01:00","type":"command_generation","backend":"static","duration_ms":42,"success":false,"error_category":"timeout"}
{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad3","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:02:00Z","type":"safety_validation","risk_level":"high","action_taken":"blocked","pattern_category":"rm"}
{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad4","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:03:00Z","type":"backend_error","backend":"llm","error_category":"oom","recoverable":false}
{"id":"7d444840-9dc0-11d1-b245-5ffdce74fad5","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:04:00Z","type":"session_end","duration_ms":1000,"commands_generated":1,"commands_executed":0}
`

func packed(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, s)
	_ = z.Close()
	return b.String()
}

func asArray(lines string) string {
	return "[\n" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", ",\n") + "\n]"
}

// exported reads files of one text each.
func exported1(t testing.TB, files map[string]string) (Exported, []model.Row) {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree["telemetry/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	var rows []model.Row
	done, err := readExports(t.Context(), tree, "telemetry/*", nil, exportNow, func(some []model.Row) error {
		rows = append(rows, some...)
		return nil
	})
	if nothing := done.Refused > 0 && done.Events+done.Twice+done.Personal+len(done.Later) == 0; (err != nil) != nothing {
		t.Fatalf("%+v with the error %v", done, err)
	}
	return done, rows
}

func TestExports(t *testing.T) {
	for name, text := range map[string]string{
		"a line each": five, "an array": asArray(five), "packed": packed(five), "a packed array": packed(asArray(five)),
		"with a mark and the line ends of Windows": "\ufeff" + strings.ReplaceAll(five, "\n", "\r\n"), "without a last line end": strings.TrimSpace(five), "an array on one line": strings.ReplaceAll(asArray(five), "\n", ""),
	} {
		done, rows := exported1(t, map[string]string{"a.json": text})
		if done.Events != 5 || done.Refused+done.Twice+done.Personal != 0 || len(rows) != 4 {
			t.Errorf("%s: %+v, %d rows", name, done, len(rows))
			continue
		}
		for i, want := range []string{
			`[2026-01-26 08:00:00 +0000 UTC 0123456789abcdef {"os_name":"Linux","architecture":"x86_64","shell_type":"zsh","version":"1.1.0-beta","origin":"export"}]`,
			`[2026-01-26 07:01:00 +0000 UTC 0123456789abcdef false 42 static {"error_category":"timeout"}]`,
			`[2026-01-26 08:02:00 +0000 UTC 0123456789abcdef true rm {"risk_level":"high","action_taken":"blocked"}]`,
			`[2026-01-26 08:03:00 +0000 UTC 0123456789abcdef oom false {"backend":"llm"}]`,
		} {
			if got := fmt.Sprint(rows[i].Values()); got != want {
				t.Errorf("%s: row %d is %s, want %s", name, i, got, want)
			}
		}
	}
}

func TestAnEventIsCountedOnce(t *testing.T) {
	done, rows := exported1(t, map[string]string{"a.json": five, "b.json.gz": packed(asArray(five)), "c.json": strings.ToUpper(five[:45]) + five[45:]})
	if done.Events != 5 || done.Twice < 9 || len(rows) != 4 {
		t.Errorf("%+v, %d rows", done, len(rows))
	}
}

func TestWhatIsPersonalIsNotTakenIn(t *testing.T) {
	line := func(n int, field string) string {
		return fmt.Sprintf(`{"id":"7d444840-9dc0-11d1-b245-5ffdce74fa%02d","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:00:00Z","type":"backend_error","recoverable":true,%s}`+"\n", n, field)
	}
	text := line(1, `"error_category":"mail to ann@mail.example"`) + line(2, `"a_later_field":{"deep":["/home/annlee/secret"]}`) + line(3, `"error_category":"ann\u0040mail.example"`) +
		line(4, `"bob@mail.example":1`) + line(5, `"error_category":"out of memory"`) + line(6, `"token":"ghp_abcdefghijklmnopqrstuvwxyz0123456789"`)
	done, rows := exported1(t, map[string]string{"a.json": text})
	var findings []string
	for _, f := range done.Findings {
		findings = append(findings, fmt.Sprintf("%s %s %d", f.File, f.Kind, f.Count))
	}
	if done.Events != 1 || len(rows) != 1 || done.Personal != 5 || len(findings) != 3 || !strings.Contains(strings.Join(findings, "\n"), "telemetry/a.json e-mail 3") {
		t.Errorf("%+v, found %q", done, findings)
	}
}

func TestIdsAreKnownByTheirForm(t *testing.T) {
	for _, c := range []struct {
		name, session string
		personal      int
	}{
		{"sixteen digits, as a card has", "4111111111111111", 0},
		{"a UUID", "7d444840-9dc0-11d1-b245-5ffdce74fad1", 0},
		{"a telephone number", "+1 212-555-0199", 1},
		{"an address", "ann@mail.example", 1},
	} {
		done, _ := exported1(t, map[string]string{"a.json": strings.Replace(five[:strings.Index(five, "\n")], "0123456789abcdef", c.session, 1)})
		if done.Personal != c.personal || done.Events != 1-c.personal {
			t.Errorf("%s: %+v", c.name, done)
		}
	}
}

func TestWhatCannotBeReadIsTold(t *testing.T) {
	good := strings.SplitAfter(five, "\n")
	for _, c := range []struct {
		name, text string
		events     int
		want       string
	}{
		{"a line that is none", good[0] + "oops\n" + good[1], 2, "no event"},
		{"an element that is none", "[" + strings.TrimSpace(good[0]) + ",\n 7,\n" + strings.TrimSpace(good[1]) + "]", 2, "expected an event"},
		{"an element that is broken", "[" + strings.TrimSpace(good[0]) + ",\n{\"id\": },\n" + strings.TrimSpace(good[1]) + "]", 2, "no event"},
		{"a half-written line", good[0] + good[1][:50], 1, "telemetry/a.json:2:1: the file is cut off within an event"},
		{"an element that is a list", "[[1, \"]\", {}],\n" + strings.TrimSpace(good[0]) + "]", 1, "expected an event"},
		{"a text that does not end", "[" + strings.TrimSpace(good[0]) + ",\n{\"id\": \"7d4\n,\"x\": [\n]},\n" + strings.TrimSpace(good[1]) + "]", 2, "no event: a text"},
		{"an event within which the next begins", "[" + strings.TrimSpace(good[0]) + ",\n{\"id\": \"7d4\",\n" + strings.TrimSpace(good[1]) + "]", 2, "no event: the next one"},
		{"two arrays, one behind the other", asArray(good[0]) + "\n" + asArray(good[1]), 2, ""},
		{"something behind the array", asArray(good[0]) + "\nthe end", 1, "telemetry/a.json:4:1: content after the end of the array"},
		{"a list of objects in a later field", "[" + strings.Replace(strings.TrimSpace(good[0]), `{"x":[1,2]}`, `[{"x":{"y":1}} , {"z":[{}]}]`, 1) + "]", 1, ""},
		{"a half-written array", asArray(five)[:700], 2, "cut off"},
		{"an array without its end", strings.TrimSuffix(asArray(five), "]"), 5, "does not end"},
		{"a future", strings.Replace(good[0], "2026", "2036", 1), 0, "cannot be"},
		{"a past", strings.Replace(good[0], "2026", "1970", 1), 0, "cannot be"},
		{"no time", strings.Replace(good[0], "2026-01", "soon", 1), 0, "is not a time"},
		{"no id", strings.Replace(good[0], `"id"`, `"ident"`, 1), 0, "must be set"},
		{"a number for a text", strings.Replace(good[0], `"zsh"`, `7`, 1), 0, "no event"},
		{"a long event", `{"id":"` + strings.Repeat("x", 2<<20) + "\"}\n" + good[0], 1, "over 64 KiB"},
		{"the place of what is wrong", good[0] + "{\"id\":\"1\",\"success\":7}\n", 1, "telemetry/a.json:2:21: no event"},
		{"the place within lines", good[0] + "{\n \"id\": \"1\",\n \"version\": 7\n}\n" + good[1], 2, "telemetry/a.json:4:13: no event"},
		{"lines that are passed over", good[0] + "oops\nagain\n\n" + good[1], 2, "telemetry/a.json:2:1: no event: invalid character 'o' looking for beginning of value (the lines 2 to 4)"},
		{"a list that is not closed", strings.Replace(good[0], `{"x":[1,2]}}`, `[`, 1) + good[1] + good[2], 2, "telemetry/a.json:1:1: no event: the next one begins"},
		{"a broken one on a long line", "[" + strings.TrimSpace(good[0]) + `,{"id": },` + strings.TrimSpace(good[1]) + "]", 2, "no event"},
		{"deep nesting", strings.Repeat("[", 20000) + "\n", 0, "telemetry/a.json:1"},
		{"no gzip", "\x1f\x8bnonsense", 0, "is none"},
		{"cut gzip", packed(five)[:100], 0, "EOF"},
		{"a bomb", packed(strings.Repeat(" ", 64<<20)), 0, "unpacks to over"},
		{"not UTF-8", strings.Replace(good[0], "zsh", "z\xffh", 1), 1, ""},
		{"HTML", "<!doctype html>\n<p>sorry\n", 0, "no event"},
		{"a kind to come", strings.Replace(good[0], "session_start", "mood_ring", 1), 0, ""},
		{"nothing", "", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			done, _ := exported1(t, map[string]string{"a.json": c.text})
			why := strings.Join(done.Why, "\n")
			if done.Events != c.events || (c.want == "") != (why == "") || !strings.Contains(why, c.want) {
				t.Errorf("%+v; want %d events and %q", done, c.events, c.want)
			}
		})
	}
	if _, err := readExports(t.Context(), fstest.MapFS{}, "telemetry/*.json", nil, exportNow, nil); err == nil || !strings.Contains(err.Error(), "telemetry/*.json") {
		t.Errorf("no file: %v", err)
	}
}

func TestThousandsOfFilesInTheirOrder(t *testing.T) {
	files := map[string]string{}
	for n := range 3000 {
		files[fmt.Sprintf("%05d.json", n)] = strings.Replace(strings.Replace(five[:strings.Index(five, "\n")], "74fad1", fmt.Sprintf("%06d", n), 1), "0123456789abcdef", fmt.Sprintf("%016d", n), 1)
	}
	done, rows := exported1(t, files)
	if done.Events != 3000 || len(rows) != 3000 {
		t.Fatalf("%+v", done)
	}
	for n, r := range rows {
		if got := r.(model.SessionRow).Session; got != fmt.Sprintf("%016d", n) {
			t.Fatalf("row %d is of session %s", n, got)
		}
	}
}

func TestAStoreThatFailsEndsTheReading(t *testing.T) {
	tree := fstest.MapFS{"a.json": {Data: []byte(strings.Repeat(five, 5000))}, "b.json": {Data: []byte(five)}}
	full := errors.New("the disk is full")
	if _, err := readExports(t.Context(), tree, "*.json", nil, exportNow, func([]model.Row) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readExports(ctx, tree, "*.json", nil, exportNow, func([]model.Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Whatever the bytes are, reading them ends, and what is taken in has a time
// that can be.
func FuzzExports(f *testing.F) {
	for _, s := range []string{five, asArray(five), packed(five), "[{}", "[1,", `{"id":"\u0000"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := readExports(t.Context(), fstest.MapFS{"a": {Data: src}}, "a", nil, exportNow, func(rows []model.Row) error {
			for _, r := range rows {
				if s, ok := r.(model.SessionRow); ok && (s.CreatedAt.Before(oldestEvent) || s.CreatedAt.After(exportNow.AddDate(0, 0, 2))) {
					t.Errorf("%+v", s)
				}
			}
			return nil
		})
		if err != nil && !strings.Contains(err.Error(), "could be read") {
			t.Error(err)
		}
	})
}

func BenchmarkExports(b *testing.B) {
	tree := fstest.MapFS{}
	lines := strings.SplitAfter(five, "\n")[:5]
	const files, each = 20, 10_000
	for n := range files {
		var text strings.Builder
		for i := range each {
			text.WriteString(strings.Replace(lines[i%5], "7d444840-9dc0", fmt.Sprintf("%08x-%04x", i, n), 1))
		}
		tree[fmt.Sprintf("%03d.json", n)] = &fstest.MapFile{Data: []byte(text.String())}
	}
	b.ReportAllocs()
	for b.Loop() {
		done, err := readExports(b.Context(), tree, "*.json", nil, exportNow, func([]model.Row) error { return nil })
		if err != nil || done.Events != files*each {
			b.Fatalf("%+v, %v", done, err)
		}
	}
	b.ReportMetric(float64(files*each)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// Whatever damage a file took on its way, each of its lines is an event that is
// taken in, or is named among what is not.
func TestExports_ReadAndRefusedAreAllLines(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for run := range 600 {
		const lines = 9
		array := run%3 == 0
		var b strings.Builder
		for n := range lines {
			event := fmt.Sprintf(`{"id":"event-%d","session_id":"s","timestamp":"2026-01-26T08:00:00Z","type":"session_start","list":[{"x":1},{"y":[2]}],"version":"1.%d"}`, n+1, n)
			if array {
				event = map[bool]string{true: "[", false: ""}[n == 0] + event + map[bool]string{true: "]", false: ","}[n == lines-1]
			}
			b.WriteString(event + "\n")
		}
		src := []byte(b.String())
		for range 1 + r.IntN(3) {
			if at := 1 + r.IntN(len(src)-3); src[at] != '\n' {
				src[at] = []byte("\"',:{}[]\\x\x00 ")[r.IntN(12)]
			}
		}
		named := map[int]bool{}
		done, err := readExports(t.Context(), fstest.MapFS{"a.json": {Data: src}}, "*.json", nil, exportNow, func(rows []model.Row) error {
			for _, row := range rows {
				if s, is := row.(model.SessionRow); is {
					named[lineOfID(src, s.ID)] = true
				}
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		for _, why := range done.Why {
			from, until := 0, 0
			if _, err := fmt.Sscanf(why, "a.json:%d:", &from); err != nil {
				t.Fatal(why)
			}
			until = from
			if i := strings.LastIndex(why, "(the lines "); i > 0 {
				if _, err := fmt.Sscanf(why[i:], "(the lines %d to %d)", &from, &until); err != nil {
					t.Fatal(why)
				}
			}
			for line := from; line <= until; line++ {
				named[line] = true
			}
		}
		for line := 1; line <= lines; line++ {
			if !named[line] && len(done.Later)+done.Twice+done.Personal == 0 {
				t.Fatalf("run %d: line %d is neither read nor named: %q\n%s", run, line, done.Why, src)
			}
		}
	}
}

// lineOfID is the line of a file on which an event's id stands.
func lineOfID(src []byte, id string) int {
	for i, line := range bytes.Split(src, []byte("\n")) {
		var x struct{ ID string }
		if at := bytes.IndexByte(line, '{'); at >= 0 && json.NewDecoder(bytes.NewReader(line[at:])).Decode(&x) == nil && x.ID == id {
			return i + 1
		}
	}
	return 0
}

// A file whose records take too long to understand is given up and named with its
// line; other files are read.
func TestExports_SlowFileIsGivenUp(t *testing.T) {
	s := &slowFiles{limit: 30 * time.Millisecond, names: map[string]bool{}, work: func(b *batch, ctx context.Context) error {
		if b.file == "slow.json" {
			<-ctx.Done()
		}
		return b.understand(ctx)
	}}
	good := []byte(mailedEvent("1", "session_start", `"version":"1"`))
	c := &collector{done: Exported{Later: map[string]int{}}, ids: map[eventID]struct{}{}, now: exportNow, put: func([]model.Row) error { return nil }}
	for _, file := range []string{"slow.json", "slow.json", "fast.json"} {
		b := &batch{file: file, now: exportNow, records: []record{{line: 7, text: good}, {line: 8, text: good}}}
		s.understand(t.Context(), b)
		if err := c.take(b); err != nil {
			t.Fatal(err)
		}
	}
	if d := c.done; d.Refused != 4 || d.Events != 1 || len(d.Why) != 1 || d.Why[0] != "slow.json:7: the file is given up here: it took longer than 30ms" {
		t.Errorf("%+v", d)
	}
}

// A record that is too long is passed over, and the events behind it are read.
func TestExports_LongRecordIsPassedOver(t *testing.T) {
	good := mailedEvent("1", "session_start", `"version":"1"`)
	long := `{"id":"` + strings.Repeat("x", maxRecord) + `"}`
	for name, content := range map[string]string{"an array": "[" + long + "," + good + "]", "lines": long + "\n" + good + "\n"} {
		got := scan(t, []byte(content))
		if got.Refused[Unreadable] != 1 || strings.Count(string(got.Kept), "\n") != 1 {
			t.Errorf("%s: refused %v, kept %q", name, got.Refused, got.Kept)
		}
	}
}

// PowerShell's > writes UTF-16; the events in such a file are read.
func TestExports_UTF16(t *testing.T) {
	for name, order := range map[string]unicode.Endianness{"little-endian": unicode.LittleEndian, "big-endian": unicode.BigEndian} {
		src, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(mailedEvent("1", "session_start", `"version":"1"`) + "\r\n")
		if err != nil {
			t.Fatal(err)
		}
		done, err := readExports(t.Context(), fstest.MapFS{"a.json": {Data: []byte(src)}}, "*.json", nil, exportNow, func([]model.Row) error { return nil })
		if err != nil || done.Events != 1 || done.Refused != 0 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
}

// Files that were put together, or written by hand, hold several events on a line,
// commas at the ends of lines and marks in the middle: every whole event is read.
func TestExports_SeveralEventsOnALine(t *testing.T) {
	event := func(n int) string {
		return fmt.Sprintf(`{"id":"7d444840-9dc0-11d1-b245-5ffdce74fa%02d","session_id":"0123456789abcdef","timestamp":"2026-01-26T08:00:00Z","type":"session_start","version":"1.0"}`, n)
	}
	for name, c := range map[string]struct {
		src             string
		events, refused int
	}{
		"two on a line":              {event(1) + event(2) + "\n" + event(3) + "\n", 3, 0},
		"a comma behind each":        {event(1) + ",\n" + event(2) + " ,\r\n" + event(3) + ",\n", 3, 0},
		"commas between":             {event(1) + ", " + event(2) + "," + event(3), 3, 0},
		"a mark in the middle":       {"\ufeff" + event(1) + "\n\ufeff" + event(2) + "\n" + event(3) + "\ufeff" + event(4), 4, 0},
		"a broken one behind a good": {event(1) + `{"id":` + "\n" + event(2) + "\n", 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rows := 0
			done, err := readExports(t.Context(), fstest.MapFS{"a.jsonl": {Data: []byte(c.src)}}, "*.jsonl", nil, time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC), func(r []model.Row) error { rows += len(r); return nil })
			if err != nil || done.Events != c.events || done.Refused != c.refused {
				t.Errorf("%+v, %d rows, %v", done, rows, err)
			}
		})
	}
}

// readExports reads telemetry without tables, see Telemetry.Read.
func readExports(ctx context.Context, files fs.FS, pattern string, mailed map[string][]byte, now time.Time, put func([]model.Row) error) (Exported, error) {
	return Telemetry{Files: files, Pattern: pattern, Mailed: mailed, Now: now}.Read(ctx, put)
}
