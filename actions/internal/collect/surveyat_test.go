package collect_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
)

// A survey at a secret address is read, and no error repeats the address.
func TestSurveyAt(t *testing.T) {
	client := func() *web.Client {
		w, _ := elsewhere(t)
		return &web.Client{HTTP: &http.Client{Timeout: 5 * time.Second}, Agent: "aftercare test", Sleep: w.Sleep}
	}
	columns := collect.Columns{At: "Timestamp", Satisfaction: "Satisfaction"}
	for _, c := range []struct {
		name, address string
		rows, refused int
		want          string
	}{
		{"CSV", serveFeed(t, "Timestamp,Satisfaction\n2026-01-20 08:00:00,4\n2026-01-21 08:00:00,many\n"), 1, 1, ""},
		{"a page", serveFeed(t, "<!doctype html><title>Sign in</title>"), 0, 0, "published as CSV"},
		{"empty", serveFeed(t, ""), 0, 0, "published as CSV"},
		{"other columns", serveFeed(t, "When,How\n1,2\n"), 0, 1, "nothing at the address in SURVEY_URL could be read"},
		{"dead", "http://127.0.0.1:1", 0, 0, "does not answer"},
		{"no address", "s3cret", 0, 0, "SURVEY_URL is not an address"},
	} {
		rows, refused, err := collect.SurveyAt(t.Context(), client(), "SURVEY_URL", c.address+"/s3cret-key?token=s3cret", columns)
		said := strings.Join(refused, "\n")
		if err != nil {
			said += err.Error()
		}
		if len(rows) != c.rows || len(refused) != c.refused || (err == nil) != (c.want == "") || !strings.Contains(said, c.want) || strings.Contains(said, "s3cret") {
			t.Errorf("%s: %d rows, refused %q, %v", c.name, len(rows), refused, err)
		}
	}
}
