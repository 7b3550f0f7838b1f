package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/store"
)

// rowsOf reads a file and shows its rows.
func rowsOf(t *testing.T, path, kind string, limits Limits) (string, error) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	err = ReadTable(t.Context(), program, path, kind, limits, func(row store.TableRow) error {
		all = append(all, fmt.Sprintf("%d:%d %s%s", row.Line, row.Column, row.Object, row.Why))
		return nil
	})
	return strings.Join(all, "\n"), err
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadTable_CSV(t *testing.T) {
	got, err := rowsOf(t, file(t, "a.csv", "id,note\na,\"x, y\"\nb\nc,d,e\nf,\n"), "csv", DefaultLimits)
	want := `1:0 {"id":"a","note":"x, y"}` + "\n" + `2:0 {"id":"f","note":null}` + "\n3:1 Expected Number of Columns: 2 Found: 1\n4:3 Expected Number of Columns: 2 Found: 3"
	if err != nil || got != want {
		t.Errorf("got\n%s\n%v, want\n%s", got, err, want)
	}
}

func TestReadTable_Parquet(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), "a.parquet")
	if _, err := db.Exec("COPY (SELECT 'a' || i AS id, i % 2 = 0 AS success, TIMESTAMPTZ '2026-01-26 08:00:00+00' AS timestamp FROM range(600) t(i)) TO '" + path + "' (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	got, err := rowsOf(t, path, "parquet", DefaultLimits)
	lines := strings.Split(got, "\n")
	if err != nil || len(lines) != 600 || lines[599] != `600:0 {"id":"a599","success":false,"timestamp":"2026-01-26 08:00:00+00"}` {
		t.Errorf("%d rows, the last is %s, %v", len(lines), lines[len(lines)-1], err)
	}
}

// A file that is none, one that names others, and a reader that takes too long
// are errors, and nothing of the machine is read.
func TestReadTable_Refuses(t *testing.T) {
	if got, err := rowsOf(t, file(t, "a.parquet", "PAR1 nonsense PAR1"), "parquet", DefaultLimits); err == nil || !strings.Contains(err.Error(), "the table cannot be read") || got != "" {
		t.Errorf("no Parquet: %q, %v", got, err)
	}
	if _, err := rowsOf(t, filepath.Join(t.TempDir(), "*.csv"), "csv", DefaultLimits); err == nil {
		t.Error("a pattern was read")
	}
	short := DefaultLimits
	short.Query = time.Nanosecond
	if _, err := rowsOf(t, file(t, "a.csv", "id\na\n"), "csv", short); err == nil {
		t.Error("no limit of time")
	}
	program, _ := os.Executable()
	stop := errors.New("stop")
	if err := ReadTable(context.Background(), program, file(t, "a.csv", "id\n"+strings.Repeat("a\n", 5000)), "csv", DefaultLimits, func(store.TableRow) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the error of who reads", err)
	}
}
