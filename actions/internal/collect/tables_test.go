package collect

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// csvTables reads CSV as the program's own reader does, without a process.
func csvTables(_ context.Context, kind string, file io.Reader, each func(TableRow) error) error {
	if kind != "csv" {
		return errors.New("the table cannot be read: no magic bytes")
	}
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		return err
	}
	for i, cells := range all[1:] {
		object := map[string]any{}
		for j, name := range all[0] {
			if j >= len(cells) {
				if err := each(TableRow{Line: i + 2, Column: len(cells) + 1, Why: fmt.Sprintf("Expected Number of Columns: %d Found: %d", len(all[0]), len(cells))}); err != nil {
					return err
				}
				object = nil
				break
			}
			object[name] = cells[j]
		}
		if object == nil {
			continue
		}
		text, _ := json.Marshal(object)
		if err := each(TableRow{Line: i + 1, Object: text}); err != nil {
			return err
		}
	}
	return nil
}

// Telemetry in tables is read as that in JSON: with the marks and separators of
// spreadsheets, each row scanned for personal data, and what is not an event named.
func TestTelemetry_Tables(t *testing.T) {
	const header = "id,session_id,timestamp,type,success,duration_ms,error_category\n"
	row := func(n int, rest string) string {
		return fmt.Sprintf("7d444840-9dc0-11d1-b245-5ffdce74fa%02d,0123456789abcdef,%s\n", n, rest)
	}
	text := header + row(1, "2026-01-26T08:00:00Z,session_start,,,") + row(2, "2026-01-26 08:01:00+00,command_generation,True,42.5,") + row(3, "2026-01-26 08:02:00,command_generation,maybe,1,") +
		row(4, "2026-01-26T08:03:00Z,command_generation,false,fast,") + row(5, "2026-01-26T08:04:00Z,command_generation,false,1,mail to ann@mail.example") + row(6, "soon,session_start,,,") + "alone\n"
	want := []string{
		`t.csv: row 3: success: "maybe" is neither true nor false`, `t.csv: row 4: duration_ms: "fast" is not a number`, `t.csv: row 6: timestamp "soon" is not a time`, "t.csv:8:2: Expected Number of Columns: 7 Found: 1",
	}
	for name, src := range map[string]string{"plain": text, "packed": packed(text), "with a mark and the separator named": "\ufeffsep=,\n" + text} {
		var rows []model.Row
		done, err := Telemetry{Files: fstest.MapFS{"t.csv": {Data: []byte(src)}}, Pattern: "*", Now: exportNow, Tables: csvTables}.Read(t.Context(), func(some []model.Row) error { rows = append(rows, some...); return nil })
		if err != nil || done.Events != 2 || done.Personal != 1 || done.Refused != 4 || strings.Join(done.Why, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %+v, %v; want 2 events and\n%s", name, done, err, strings.Join(want, "\n"))
		}
		if command, is := rows[1].(model.CommandRow); !is || !command.Success || *command.Millis != 42.5 {
			t.Errorf("%s: row 2 is %+v", name, rows[1])
		}
	}
	for name, tables := range map[string]Tables{"no magic bytes": csvTables, "export it as JSON": nil} {
		done, err := Telemetry{Files: fstest.MapFS{"a": {Data: []byte("PAR1xxxxPAR1")}, "b.json": {Data: []byte(five)}}, Pattern: "*", Now: exportNow, Tables: tables}.Read(t.Context(), func([]model.Row) error { return nil })
		if err != nil || done.Events != 5 || done.Refused != 1 || !strings.Contains(done.Why[0], "a: the ") || !strings.Contains(done.Why[0], name) {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
}
