package metric_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// real opens a file of real histories; where there is none, the test is
// skipped.
func real(t *testing.T, name string) io.Reader {
	t.Helper()
	dir := os.Getenv("AFTERCARE_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "issues", name))
	if err != nil {
		t.Skipf("the real histories are not here: set AFTERCARE_DATA to their folder (%v)", err)
	}
	t.Cleanup(func() { file.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return file
	}
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

type person struct{ Login, Type string }

type comment struct {
	by person
	at time.Time
}

// programs are the accounts of type User that the reference counts as programs.
var programs = model.People{Ignore: model.Names{"DrahtBot", "gitcoinbot"}}

// answered is an issue with its first response: the earliest comment by another
// person, no bot.
func answered(i model.Issue, comments []comment) model.IssueRow {
	row := model.IssueRow{Issue: i}
	for _, c := range comments {
		if c.by.Login == i.Author || programs.IsBot(c.by.Login, c.by.Type) {
			continue
		}
		if row.FirstResponseAt.IsZero() || c.at.Before(row.FirstResponseAt) {
			row.FirstResponseAt = c.at
		}
	}
	return row
}

func listing(t *testing.T) (rows []model.Row) {
	type line struct {
		Issue struct {
			Number    int
			Title     string
			State     string
			User      person
			CreatedAt time.Time `json:"created_at"`
			ClosedAt  time.Time `json:"closed_at"`
		}
		Events []struct {
			Event       string
			User, Actor person
			CreatedAt   time.Time `json:"created_at"`
		}
	}
	lines := bufio.NewScanner(real(t, "bitcoin-core-gui.issues.jsonl.gz"))
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		var comments []comment
		for _, e := range l.Events {
			if e.Event == "commented" {
				comments = append(comments, comment{e.User, e.CreatedAt})
			}
		}
		i := l.Issue
		rows = append(rows, answered(model.Issue{Number: i.Number, Title: i.Title, State: i.State, Author: i.User.Login, CreatedAt: i.CreatedAt, ClosedAt: i.ClosedAt}, comments))
	}
	return rows
}

func archive(t *testing.T) (rows []model.Row) {
	var all struct {
		Issues []struct {
			Number              int
			Title, State        string
			Author              string
			CreatedAt, ClosedAt time.Time
			Comments            []struct {
				Author    string
				CreatedAt time.Time
			}
		}
	}
	if err := json.NewDecoder(real(t, "tls13-spec.archive.json.gz")).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, i := range all.Issues {
		var comments []comment
		for _, c := range i.Comments {
			comments = append(comments, comment{person{Login: c.Author}, c.CreatedAt})
		}
		rows = append(rows, answered(model.Issue{Number: i.Number, Title: i.Title, State: strings.ToLower(i.State), Author: i.Author, CreatedAt: i.CreatedAt, ClosedAt: i.ClosedAt}, comments))
	}
	return rows
}

// The figures of two real repositories are those that were computed
// independently, to the second.
func TestRealHistories(t *testing.T) {
	var reference struct {
		Repos map[string]struct {
			Answered int                      `json:"with_first_response"`
			Open     float64                  `json:"open"`
			Response struct{ Median float64 } `json:"ttfr_hours"`
			Close    struct {
				N      float64
				Median float64
			} `json:"ttc_hours"`
		}
	}
	if err := json.NewDecoder(real(t, "reference_metrics.json")).Decode(&reference); err != nil {
		t.Fatal(err)
	}
	all := model.Window{From: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	for name, rows := range map[string][]model.Row{"bitcoin-core-gui": listing(t), "tls13-spec": archive(t)} {
		want := reference.Repos[name]
		s := newStore(t)
		if err := s.Put(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		ask := func(id string) (value, sample float64) {
			got, err := s.Query(t.Context(), metric.Definition{ID: id}.Whole().Parts[0].SQL, all)
			if err != nil {
				t.Fatal(err)
			}
			return got.Rows[0][0].(float64), got.Rows[0][1].(float64)
		}
		if hours, n := ask("time_to_first_response"); !sameSecond(hours, want.Response.Median) || int(n) != want.Answered {
			t.Errorf("%s: first response after %.4f hours in %v issues, want %.4f in %d", name, hours, n, want.Response.Median, want.Answered)
		}
		if hours, n := ask("time_to_close"); !sameSecond(hours, want.Close.Median) || n != want.Close.N {
			t.Errorf("%s: closed after %.4f hours, %v issues, want %.4f, %v", name, hours, n, want.Close.Median, want.Close.N)
		}
	}
}

func sameSecond(x, y float64) bool { return math.Abs(x-y)*3600 < 0.5 }
