package source

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/actions/internal/fact"
)

func mailedEvent(id, kind, fields string) string {
	return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-00000000000%s","session_id":"00000000000000aa","timestamp":%q,"type":%q,%s}`, id, exportNow.Format("2006-01-02T15:04:05Z07:00"), kind, fields)
}

// What came by mail is scanned before it is kept: what is personal is counted,
// and kept nowhere.
func TestScan(t *testing.T) {
	good := mailedEvent("1", "session_start", `"version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"bash"`)
	leak := mailedEvent("2", "backend_error", `"backend":"llm","error_category":"refused for jane.doe@example.org","recoverable":true`)
	for _, c := range []struct {
		name, content string
		kept          int
		personal      map[string]int
		refused       string
	}{
		{"an event a line", good + "\n" + good + "\n", 2, nil, ""},
		{"an array", "[" + good + ",\n" + leak + "]", 1, map[string]int{"e-mail": 1}, ""},
		{"all of it personal", leak, 0, map[string]int{"e-mail": 1}, ""},
		{"a record that is none", good + "\n{\"id\": 1}\n", 1, nil, "mail x:2: "},
		{"no JSON at all", "hello\x00\xff", 0, nil, "mail x:1: "},
		{"nothing", "", 0, nil, ""},
		{"cut off", good[:40], 0, nil, "mail x:1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Scan("mail x", []byte(c.content), exportNow)
			if n := strings.Count(string(got.Kept), "\n"); n != c.kept || strings.Contains(string(got.Kept), "jane.doe") {
				t.Errorf("%d kept, want %d: %s", n, c.kept, got.Kept)
			}
			if !reflect.DeepEqual(got.Personal, c.personal) {
				t.Errorf("personal: %v, want %v", got.Personal, c.personal)
			}
			if said := strings.Join(got.Refused, "; "); c.refused == "" && got.Count != 0 || !strings.Contains(said, c.refused) {
				t.Errorf("refused %d: %q, want %q", got.Count, said, c.refused)
			}
		})
	}
}

// The events that came by mail count beside those of the files, and once.
func TestMailedExportsAreReadWithTheFiles(t *testing.T) {
	one := mailedEvent("1", "session_start", `"version":"1","platform":"linux-x86_64","shell_type":"bash"`)
	two := mailedEvent("3", "session_start", `"version":"1","platform":"linux-x86_64","shell_type":"zsh"`)
	files := fstest.MapFS{"telemetry/a.json": {Data: []byte(one)}}
	mailed := map[string][]byte{"mail/7:1:0": Scan("m", []byte("["+one+","+two+"]"), exportNow).Kept}
	rows := 0
	for _, pattern := range []string{"telemetry/*.json", "nothing/*.json"} {
		rows = 0
		done, err := Exports(t.Context(), files, pattern, mailed, exportNow, func(some []fact.Row) error { rows += len(some); return nil })
		if err != nil || rows != 2 || done.Refused != 0 {
			t.Errorf("%s: %d rows, %+v, %v", pattern, rows, done, err)
		}
	}
}
