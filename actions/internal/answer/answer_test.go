package answer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

type entry struct {
	Number  int `answer:"id"`
	At      time.Time
	Closed  *time.Time
	Body    *string `answer:"asked"`
	Count   struct{ Total int }
	Extra   string `json:"extra_field" answer:"optional"`
	Cursor  string `answer:"null"`
	Replies []struct{ ID int64 }
	Even    bool
}

func (e *entry) Check() error {
	if e.Number == 13 {
		return errors.New("is unlucky")
	}
	return nil
}

func good(number int, change ...string) string {
	text := fmt.Sprintf(`{"number":%d,"at":"2026-01-27T09:00:00Z","closed":null,"body":"b","count":{"total":1},"cursor":null,"replies":[{"id":1},{"id":2}],"even":true,"other":7}`, number)
	return strings.NewReplacer(change...).Replace(text)
}

// Each way in which an answer can lack what was asked for is an error or a lack
// with its place; nothing that is absent is read as zero.
func TestDecode(t *testing.T) {
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		nodes       string
		numbers     string
		lacks, fail string
	}{
		"whole":                 {"[" + good(1) + "," + good(2) + "]", "1 2", "", ""},
		"empty list":            {"[]", "", "", ""},
		"null list":             {"null", "", "", "nodes is null"},
		"object for the list":   {"{}", "", "", "nodes must be a list, got {}"},
		"null entry":            {"[" + good(1) + ",null]", "1", "nodes[1] is null", ""},
		"only null entries":     {"[null,null]", "", "nodes[0] is null; nodes[1] is null", "nodes has 2 entries, and none can be read: nodes[0] is null"},
		"empty entry":           {"[{}," + good(2) + "]", "2", "nodes[0].number is missing", ""},
		"id of zero":            {"[" + good(0) + "," + good(2) + "]", "2", "nodes[0] (#0).number must be an id, got 0", ""},
		"number below zero":     {"[" + good(-4) + "," + good(2) + "]", "2", "nodes[0] (#-4).number must not be below zero, got -4", ""},
		"count below zero":      {"[" + good(1, `"total":1`, `"total":-1`) + "," + good(2) + "]", "2", "nodes[0] (#1).count.total must not be below zero, got -1", ""},
		"count missing":         {"[" + good(1, `"total":1`, ``) + "," + good(2) + "]", "2", "nodes[0] (#1).count.total is missing", ""},
		"false or missing":      {"[" + good(1, `"even":true,`, ``) + "," + good(2) + "]", "2", "nodes[0] (#1).even is missing", ""},
		"null time":             {"[" + good(1, `"2026-01-27T09:00:00Z"`, `null`) + "," + good(2) + "]", "2", "nodes[0] (#1).at is null", ""},
		"year 9999":             {"[" + good(1, `2026-01-27T09`, `9999-01-27T09`) + "," + good(2) + "]", "2", "nodes[0] (#1).at cannot be: 9999-01-27T09:00:00Z", ""},
		"year 1":                {"[" + good(1, `2026-01-27T09:00:00Z`, `0001-01-01T00:00:00Z`) + "," + good(2) + "]", "2", "nodes[0] (#1).at cannot be: 0001-01-01T00:00:00Z", ""},
		"tomorrow":              {"[" + good(1, `01-27T09`, `01-28T09`) + "]", "1", "", ""},
		"in two days":           {"[" + good(1, `01-27T09`, `01-29T09`) + "," + good(2) + "]", "2", "nodes[0] (#1).at cannot be: 2026-01-29T09:00:00Z", ""},
		"closed in year 9999":   {"[" + good(1, `"closed":null`, `"closed":"9999-01-01T00:00:00Z"`) + "," + good(2) + "]", "2", "nodes[0] (#1).closed cannot be: 9999-01-01T00:00:00Z", ""},
		"closed missing":        {"[" + good(1, `"closed":null,`, ``) + "," + good(2) + "]", "2", "nodes[0] (#1).closed is missing", ""},
		"asked field missing":   {"[" + good(1, `"body":"b",`, ``) + "," + good(2) + "]", "2", "nodes[0] (#1).body is missing", ""},
		"text for a number":     {"[" + good(1, `"total":1`, `"total":"1"`) + "," + good(2) + "]", "2", `nodes[0] (#1).count.total must be a whole number, got "1"`, ""},
		"null in an inner list": {"[" + good(1, `{"id":2}`, `null`) + "]", "1", "nodes[0] (#1).replies[1] is null", ""},
		"checked":               {"[" + good(13) + "," + good(2) + "]", "2", "nodes[0] (#13) is unlucky", ""},
		"list for an entry":     {"[[]," + good(2) + "]", "2", "nodes[0] must be an object, got []", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got struct{ Nodes []entry }
			lacks, err := Decode([]byte(`{"nodes":`+c.nodes+`}`), &got, Options{Now: now, Asked: func(name string) bool { return name == "body" }})
			var numbers, why []string
			for _, e := range got.Nodes {
				numbers = append(numbers, fmt.Sprint(e.Number))
			}
			for _, l := range lacks {
				why = append(why, l.String())
			}
			fail := ""
			if err != nil {
				fail = err.Error()
			}
			if strings.Join(numbers, " ") != c.numbers || strings.Join(why, "; ") != c.lacks || fail != c.fail {
				t.Errorf("got  %q, lacks %q, error %q\nwant %q, lacks %q, error %q", numbers, why, fail, c.numbers, c.lacks, c.fail)
			}
		})
	}
}

func TestDecode_WholeAnswer(t *testing.T) {
	for body, want := range map[string]string{
		"": "invalid JSON: an empty answer", "null": "the answer is null", "{}": "nodes is missing", "[]": "the answer must be an object, got []", `"x"`: `the answer must be an object, got "x"`, `{"nodes":[]}}`: "invalid JSON: {\"nodes\":[]}}",
	} {
		var got struct{ Nodes []entry }
		if _, err := Decode([]byte(body), &got, Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", body, err, want)
		}
	}
}
