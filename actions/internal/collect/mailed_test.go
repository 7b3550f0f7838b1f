package collect

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/actions/internal/letter"
	"github.com/aftercare/aftercare/actions/internal/model"
)

func mailedEvent(id, kind, fields string) string {
	return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-00000000000%s","session_id":"00000000000000aa","timestamp":%q,"type":%q,%s}`, id, exportNow.Format("2006-01-02T15:04:05Z07:00"), kind, fields)
}

func scan(t *testing.T, exports ...[]byte) Mailed {
	t.Helper()
	got, err := Scan(t.Context(), exports, exportNow)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// What came by mail is scanned before it is kept: what is personal is counted,
// and kept nowhere.
func TestScan(t *testing.T) {
	good := mailedEvent("1", "session_start", `"version":"1.1.0-beta","platform":"linux-x86_64","shell_type":"bash"`)
	leak := mailedEvent("2", "backend_error", `"backend":"llm","error_category":"refused for jane.doe@example.org","recoverable":true`)
	old := strings.Replace(good, "2026-", "2025-", 1)
	for _, c := range []struct {
		name     string
		exports  []string
		kept     int
		personal map[string]int
		refused  map[letter.Refusal]int
	}{
		{"an event a line", []string{good + "\n" + good + "\n"}, 2, nil, nil},
		{"an array", []string{"[" + good + ",\n" + leak + "]"}, 1, map[string]int{"e-mail": 1}, nil},
		{"two of them", []string{good, "[" + good + "]"}, 2, nil, nil},
		{"all of it personal", []string{leak}, 0, map[string]int{"e-mail": 1}, nil},
		{"a record that is none", []string{good + "\n{\"id\": 1}\n"}, 1, nil, map[letter.Refusal]int{Unreadable: 1}},
		{"no JSON at all", []string{"hello\x00\xff"}, 0, nil, map[letter.Refusal]int{Unreadable: 1}},
		{"nothing", []string{""}, 0, nil, nil},
		{"cut off", []string{good[:40]}, 0, nil, map[letter.Refusal]int{Unreadable: 1}},
		{"a kind of its own", []string{mailedEvent("1", "my_diagnosis", `"x":1`)}, 0, nil, map[letter.Refusal]int{UnknownKind: 1}},
		{"long ago", []string{old + "\n" + good}, 1, nil, map[letter.Refusal]int{TooOld: 1}},
		{"sessions as one person has them", []string{sessions(MostMailSessions, 1)}, MostMailSessions, nil, nil},
		{"sessions as nobody has them", []string{sessions(MostMailSessions, 1), sessions(MostMailSessions+1, 1)}, 0, nil, map[letter.Refusal]int{ManySessions: 2*MostMailSessions + 1}},
		{"events without end", []string{sessions(3, 10_000)}, 0, nil, map[letter.Refusal]int{ManyEvents: MostMailEvents + 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var exports [][]byte
			for _, e := range c.exports {
				exports = append(exports, []byte(e))
			}
			got := scan(t, exports...)
			if n := strings.Count(string(got.Kept), "\n"); n != c.kept || strings.Contains(string(got.Kept), "jane.doe") {
				t.Errorf("%d kept, want %d: %.500s", n, c.kept, got.Kept)
			}
			if !maps.Equal(got.Personal, c.personal) {
				t.Errorf("personal: %v, want %v", got.Personal, c.personal)
			}
			if !maps.Equal(got.Refused, c.refused) {
				t.Errorf("refused: %v, want %v", got.Refused, c.refused)
			}
		})
	}
}

// sessions is an export of so many sessions with so many events each.
func sessions(n, events int) string {
	var b strings.Builder
	for s := range n {
		for e := range events {
			fmt.Fprintf(&b, `{"id":"%04x%04x","session_id":"%016x","timestamp":%q,"type":"session_start"}`+"\n", s, e, s, exportNow.Format(time.RFC3339))
		}
	}
	return b.String()
}

// The values of an export are kept where a program may have written them, and
// nothing is that a person may have written.
func TestValuesThatComeByMail(t *testing.T) {
	fields := func(v string) string {
		return fmt.Sprintf(`"version":%[1]q,"platform":%[1]q,"shell_type":%[1]q,"backend":%[1]q,"category":%[1]q,"control":%[1]q,"error_category":%[1]q,"risk_level":%[1]q,"action_taken":%[1]q,"pattern_category":%[1]q,"success":true,"recoverable":true,"opted_out":true`, v)
	}
	for _, foul := range []string{"Jane Roe", "JaneRoe", "jane_roe_lives_here_since_may", "call-now", "v-Maria-Huber", "1.0-jane", "Huber-x86_64", "a.example", "<b>", "@everyone", "bash jane", "привет", "jane\u202e", "a-b-c-d"} {
		for _, kind := range []string{"session_start", "command_generation", "safety_validation", "backend_error", "telemetry_consent"} {
			content := strings.Replace(mailedEvent("1", kind, fields(foul)), "00000000000000aa", foul, 1)
			content = strings.Replace(content, "00000000-0000-4000-8000-000000000001", "id of "+foul, 1)
			got := string(scan(t, []byte(content)).Kept)
			if got == "" || strings.Contains(got, foul) && foul != "call-now" {
				t.Errorf("%s of %q is kept as %s", kind, foul, got)
			}
		}
	}
	for _, good := range []exported{
		{Version: "1.1.0-beta", Platform: "linux-x86_64", ShellType: "PowerShell", Backend: "static", Category: "files"},
		{Version: "v2.0.0-rc.1+ab12cd", Platform: "darwin-aarch64", ShellType: "zsh", PatternCategory: "recursive_delete", ErrorCategory: "safety-block"},
		{},
	} {
		got := good.tamed(exportNow)
		got.ID, got.Session, got.Timestamp = "", "", ""
		if got != good {
			t.Errorf("%+v is kept as %+v", good, got)
		}
	}
}

// The events that came by mail count beside those of the files, and once; where
// both tell of one event, the file is believed.
func TestMailedExportsAreReadWithTheFiles(t *testing.T) {
	one := mailedEvent("1", "session_start", `"version":"1","platform":"linux-x86_64","shell_type":"bash"`)
	two := mailedEvent("3", "session_start", `"version":"1","platform":"linux-x86_64","shell_type":"zsh"`)
	forged := strings.Replace(one, "bash", "fish", 1)
	files := fstest.MapFS{"telemetry/a.json": {Data: []byte(one)}}
	mailed := map[string][]byte{"mail/7:1:0": scan(t, []byte("["+forged+","+two+"]")).Kept}
	for pattern, want := range map[string]string{"telemetry/*.json": "bash zsh", "nothing/*.json": "fish zsh", "": "fish zsh"} {
		var shells []string
		done, err := readExports(t.Context(), files, pattern, mailed, exportNow, func(some []model.Row) error {
			for _, r := range some {
				var shell struct {
					Type string `json:"shell_type"`
				}
				err := json.Unmarshal([]byte(r.(model.SessionRow).Metadata), &shell)
				shells = append(shells, shell.Type)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || strings.Join(shells, " ") != want || done.Refused != 0 {
			t.Errorf("%s: %s, want %s, %+v, %v", pattern, shells, want, done, err)
		}
	}
}

// A session of which a part came by mail and a part in a file is one session, and
// what is kept of the mail holds neither its id nor those of its events.
func TestMailedExports_SessionsAreOneWithThoseOfFiles(t *testing.T) {
	session := `"version":"1","platform":"linux-x86_64","shell_type":"bash"`
	first, second := mailedEvent("1", "session_start", session), mailedEvent("2", "command_generation", `"success":true`)
	kept := scan(t, []byte(first)).Kept
	for _, id := range []string{"00000000000000aa", "00000000-0000-4000-8000-000000000001"} {
		if strings.Contains(string(kept), id) {
			t.Errorf("%s is kept: %s", id, kept)
		}
	}
	sessions := map[string]bool{}
	events := 0
	_, err := readExports(t.Context(), fstest.MapFS{"a.json": {Data: []byte(first + "\n" + second)}}, "*.json", map[string][]byte{"mail/1": kept}, exportNow, func(rows []model.Row) error {
		for _, r := range rows {
			events++
			switch r := r.(type) {
			case model.SessionRow:
				sessions[r.Session] = true
			case model.CommandRow:
				sessions[r.Session] = true
			}
		}
		return nil
	})
	if err != nil || len(sessions) != 1 || events != 2 {
		t.Errorf("%d events of sessions %v, %v", events, sessions, err)
	}
}
