package collect

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/aftercare/aftercare/actions/internal/model"
)

var columns = Columns{At: "Timestamp", Satisfaction: "Overall satisfaction", Recommend: "Recommend?", SuccessEstimate: "Works", PrivacyConcern: "Privacy", Requests: "Wishes",
	Latest: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)}

const survey1 = `Timestamp,Overall  Satisfaction,Recommend?,Works,Privacy,Wishes
2026/01/26 9:41:02 AM GMT+1,5 - Very satisfied,9/10,80%,"No.","Undo, please; mail ann@mail.example"
2026/01/26 9:41:02 PM,4,,,It sends my "data" away,
2026/01/27 1:00:00 AM,-,0,n/a,none,"two
lines"
`

func show(rows []model.Row) string {
	var lines []string
	number := func(f *float64) string {
		if f == nil {
			return "?"
		}
		return fmt.Sprint(*f)
	}
	for _, row := range rows {
		r := row.(model.SurveyRow)
		lines = append(lines, fmt.Sprintf("%s %s %s %s %q %q", r.At.Format(time.RFC3339), number(r.Satisfaction), number(r.Recommend), number(r.SuccessEstimate), r.PrivacyConcern, r.Requests))
	}
	return strings.Join(lines, "\n")
}

func TestSurveys(t *testing.T) {
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(survey1)) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	want := `2026-01-26T08:41:02Z 5 9 80 "" "Undo, please; mail [e-mail]"
2026-01-26T21:41:02Z 4 ? ? "It sends my \"data\" away" ""
2026-01-27T01:00:00Z ? 0 ? "" "two\nlines"`
	for name, src := range map[string]string{
		"as it is": survey1, "with a mark": "\ufeff" + survey1, "in UTF-16": string(utf16le), "with the line ends of Windows": strings.ReplaceAll(survey1, "\n", "\r\n"),
	} {
		rows, refused, err := Surveys(t.Context(), fstest.MapFS{"surveys/a.csv": {Data: []byte(src)}}, "surveys/*.csv", columns)
		if got := show(rows); err != nil || len(refused) > 0 || got != want {
			t.Errorf("%s: refused %q, %v\ngot\n%s\nwant\n%s", name, refused, err, got, want)
		}
	}
}

// Where nothing can be read, the error names the first reason and counts the others.
func TestSurveys_NothingReadCountsTheReasons(t *testing.T) {
	for lines, want := range map[string]string{
		"yesterday,4\n":                ` is not a time of a form that is known`,
		"yesterday,4\nsoon,5\nold,1\n": ` is not a time of a form that is known, and 2 more`,
	} {
		files := fstest.MapFS{"surveys/a.csv": {Data: []byte("Timestamp,Stars\n" + lines)}}
		_, _, err := Surveys(t.Context(), files, "surveys/*.csv", Columns{At: "Timestamp", Satisfaction: "Stars"})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: got %v", lines, err)
		}
	}
}

// surveyed reads one file.
func surveyed(t *testing.T, src []byte, columns Columns) (rows []model.Row, refused []string) {
	t.Helper()
	got, err := survey(t.Context(), src, columns)
	if err != nil {
		t.Fatal(err)
	}
	return got.rows, got.refused
}

func TestFormsOfTimes(t *testing.T) {
	for _, c := range []struct{ name, want, times string }{
		{"the day first, as one of them shows", "2026-02-01 2026-01-27", "1/2/2026 10:00|27/1/2026 10:00"},
		{"the month first", "2026-01-02 2026-01-27", "1/2/2026 10:00:00|1/27/2026 10:00:00"},
		{"with points", "2026-01-27 2026-02-03", "27.01.2026 09:41:00|03.02.2026 10:00:00"},
		{"the standard", "2026-01-26 2026-01-27", "2026-01-27T00:30:00+01:00|2026-01-27T10:00:00Z"},
		{"with an offset behind", "2026-01-26", "2026-01-27 00:30:00 +0100"},
		{"months, as the order of the rows shows", "2026-01-09 2026-02-01 2026-02-03", "1/9/2026 10:00|2/1/2026 10:00|2/3/2026 10:00"},
		{"days, as the order of the rows shows", "2026-02-03 2026-02-01 2026-01-09", "3/2/2026|1/2/2026|9/1/2026"},
		{"days, as one would be to come", "2026-02-01 2026-02-11", "1/2/2026|11/2/2026"},
		{"the same either way", "2026-01-01 2026-02-02", "1/1/2026|2/2/2026"},
		{"days alone", "2026-01-27", "2026-01-27"},
	} {
		src := "Timestamp\n" + strings.ReplaceAll(c.times, "|", "\n") + "\n"
		rows, refused := surveyed(t, []byte(src), Columns{At: "Timestamp", Latest: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)})
		var days []string
		for _, r := range rows {
			days = append(days, r.(model.SurveyRow).At.Format(time.DateOnly))
		}
		if got := strings.Join(days, " "); got != c.want || len(refused) > 0 {
			t.Errorf("%s: %s, refused %q; want %s", c.name, got, refused, c.want)
		}
	}
}

func TestScales(t *testing.T) {
	for _, c := range []struct {
		answer    string
		low, high float64
		want      float64
	}{
		{"4", 1, 5, 4}, {"4,5", 1, 5, 4.5}, {"4/5", 1, 5, 4}, {"5 - Very satisfied", 1, 5, 5}, {"Satisfied (4)", 1, 5, 4}, {"4 stars", 1, 5, 4},
		{"9/10", 0, 10, 9}, {"4/5", 0, 10, 8}, {"90%", 0, 10, 9}, {"0", 0, 10, 0}, {"80 %", 0, 100, 80}, {"9 / 10", 0, 100, 90}, {"about 75%", 0, 100, 75},
		{"8 out of 10", 0, 100, 80}, {"About 8 Out Of 10 times", 0, 100, 80}, {"3 of 4", 0, 10, 7.5}, {"4 von 5", 1, 5, 4}, {"9 sur 10", 0, 100, 90}, {"7 из 10", 0, 100, 70}, {"50 of the time", 0, 100, 50},
	} {
		got, err := scaled(c.answer, c.low, c.high)
		if err != nil || got == nil || *got != c.want {
			t.Errorf("%q from %g to %g: %v, %v; want %g", c.answer, c.low, c.high, got, err, c.want)
		}
	}
}

func TestWhatIsWrongInASurvey(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a header that is missing", "Time,Overall satisfaction\n2026-01-27,5\n", `a.csv:1: unknown column "Timestamp"`},
		{"one that is nearly right", "Timestamp,Overal satisfaction,Recommend?,Works,Privacy,Wishes\n", `did you mean "Overal satisfaction"`},
		{"no time", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\nsoon,5,9,,,\n2026-01-27,5,9,,,\n", "a.csv:2:1: \"soon\" is not a time"},
		{"off the scale", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,7,9,,,\n", "a.csv:2:2: satisfaction: \"7\" is not from 1 to 5"},
		{"below it", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,3,-1,,,\n", "recommend: \"-1\" is not from 0 to 10"},
		{"words", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,great,9,,,\n", "is not an answer from 1 to 5"},
		{"days or months", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n1/1/2026,3,1,,,\n1/2/2026,3,1,,,\n", "a.csv:2:1: ambiguous dates: the day or the month"},
		{"a part of another whole", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,4/10,1,,,\n", "satisfaction: \"4/10\" is not from 1 to 5"},
		{"more than the whole", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,4,6/5,,,\n", "recommend: \"6/5\" is not from 0 to 10"},
		{"over a hundred percent", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2026-01-27,4,6,120%,,\n", "is not from 0 to 100"},
		{"an answer to come", "Timestamp,Overall satisfaction,Recommend?,Works,Privacy,Wishes\n2027-01-27,4,6,,,\n", "a.csv:2:1: the answer is of 2027-01-27, which is to come"},
		{"an empty file", "", "a.csv:1: there is no header"},
		{"half of UTF-16", "\xff\xfex", "cut off"},
	} {
		rows, refused, err := Surveys(t.Context(), fstest.MapFS{"a.csv": {Data: []byte(c.src)}}, "*.csv", columns)
		if got := strings.Join(refused, "\n"); (err != nil) != (len(rows) == 0 && got != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, %v; want %q", c.name, got, err, c.want)
		}
	}
	if _, _, err := Surveys(t.Context(), fstest.MapFS{}, "surveys/*.csv", columns); err == nil || !strings.Contains(err.Error(), "surveys/*.csv") {
		t.Errorf("no file: %v", err)
	}
}

func TestARealSurvey(t *testing.T) {
	folder := os.Getenv("AFTERCARE_DATA")
	if folder == "" {
		folder = "../../../../shared/data"
	}
	files, _ := filepath.Glob(filepath.Join(folder, "surveys", "*.csv"))
	if len(files) == 0 {
		t.Skip("the real survey is not here (AFTERCARE_DATA names its folder)")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, refused := surveyed(t, src, Columns{At: "Timestamp", Requests: "What are the biggest pain points for you in running your class?"})
		if len(rows) < 50 || len(refused) > 0 {
			t.Errorf("%s: %d rows, refused %q", file, len(rows), refused)
		}
	}
}

// No bytes make the reader panic, and what it takes lies in the scales.
func FuzzSurvey(f *testing.F) {
	f.Add([]byte(survey1))
	f.Add([]byte("\xff\xfeT\x00\n\x00"))
	f.Add([]byte("Timestamp;Overall satisfaction;Recommend?;Works;Privacy;Wishes\n\"2026-01-27;5"))
	f.Fuzz(func(t *testing.T, src []byte) {
		rows, _ := surveyed(t, src, columns)
		for _, row := range rows {
			r := row.(model.SurveyRow)
			if r.At.IsZero() || r.Satisfaction != nil && (*r.Satisfaction < 1 || *r.Satisfaction > 5) || r.Recommend != nil && (*r.Recommend < 0 || *r.Recommend > 10) {
				t.Errorf("%+v", r)
			}
		}
	})
}

// A time that is read can be written in the standard's form and is the same.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"2026-01-27T00:30:00+01:00", "2026/01/26 9:41:02 AM GMT+1", "27.01.2026 09:41", "1/27/2026 9:41:02", "2026-01-27 00:30:00 +0130", "31/2/2026", "2026. 1. 27 오후 2:05:12", "46049.5", "27 janv. 2026 14h05", "27/1/2569 2:05"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range []order{yearMonthDay, dayMonthYear, monthDayYear} {
			at, err := dated(s, o)
			if err != nil {
				continue
			}
			if again, err := dated(at.Format(time.RFC3339), o); err != nil || !again.Equal(at.Truncate(time.Second)) || at.Year() < 1989 || at.Year() > 2201 {
				t.Errorf("%q is %s, which reads as %s, %v", s, at, again, err)
			}
		}
	})
}

// What people wrote has a mood; where they wrote nothing there is none.
func TestHowAnswersFeel(t *testing.T) {
	src := "at,worry,wish\n2026-01-24,none,\n2026-01-24,,it is great\n2026-01-25,bad bad,\n"
	rows, refused, err := Surveys(t.Context(), fstest.MapFS{"a.csv": {Data: []byte(src)}}, "a.csv", Columns{
		At: "at", PrivacyConcern: "worry", Requests: "wish", Mood: func(s string) float64 { return float64(strings.Count(s, "great") - strings.Count(s, "bad")) },
	})
	if err != nil || len(refused) != 0 || len(rows) != 3 {
		t.Fatalf("%d rows, %q, %v", len(rows), refused, err)
	}
	for i, want := range []string{"<nil>", "1", "-2"} {
		got := "<nil>"
		if s := rows[i].(model.SurveyRow).Sentiment; s != nil {
			got = fmt.Sprint(*s)
		}
		if got != want {
			t.Errorf("answer %d feels %s, want %s", i+1, got, want)
		}
	}
}

// Themes come from what an answer requests and comments, redacted, and from no
// other column.
func TestSurveys_PhrasesOfRequestsAndComments(t *testing.T) {
	src := "at,worry,wish,remark\n2026-01-24,trackers,an undo,mail ann@example.com\n2026-01-24,trackers,,\n2026-01-25,,,slow\n"
	var read []string
	rows, refused, err := Surveys(t.Context(), fstest.MapFS{"a.csv": {Data: []byte(src)}}, "a.csv", Columns{
		At: "at", PrivacyConcern: "worry", Requests: "wish", Comments: "remark", Phrases: func(s string) []string { read = append(read, s); return []string{s} },
	})
	if err != nil || len(refused) != 0 || len(rows) != 3 {
		t.Fatalf("%d rows, %q, %v", len(rows), refused, err)
	}
	if want := []string{"an undo\n\nmail [e-mail]", "slow"}; !slices.Equal(read, want) {
		t.Errorf("read %q, want %q", read, want)
	}
	for i, want := range []int{1, 0, 1} {
		if got := rows[i].(model.SurveyRow).Phrases; len(got) != want {
			t.Errorf("answer %d has the phrases %q, want %d", i+1, got, want)
		}
	}
}

// A file that takes too long, and one that is too large, are given up by name; the
// others are read.
func TestSurveys_SlowAndLargeFilesAreGivenUp(t *testing.T) {
	columns := Columns{At: "Timestamp", Requests: "Requests", MaxTime: 50 * time.Millisecond, Mood: func(text string) float64 {
		if strings.Contains(text, "slow") {
			time.Sleep(100 * time.Millisecond)
		}
		return 0
	}}
	const row = "2026-01-26T10:00:00Z,%s\n"
	rows, refused, err := Surveys(t.Context(), fstest.MapFS{
		"a.csv": {Data: []byte("Timestamp,Requests\n" + strings.Repeat(fmt.Sprintf(row, "slow"), 4))},
		"b.csv": {Data: []byte("Timestamp,Requests\n" + fmt.Sprintf(row, "more"))},
		"c.csv": {Data: make([]byte, maxSurvey+1)},
	}, "*.csv", columns)
	if want := "a.csv: the file is given up: it took longer than 50ms; c.csv: the file is over 32 MiB"; err != nil || len(rows) != 1 || strings.Join(refused, "; ") != want {
		t.Errorf("%d rows, refused %q, %v; want %q", len(rows), refused, err, want)
	}
}

// Of an answer without end the beginning is read.
func TestSurveys_LongAnswerIsCut(t *testing.T) {
	rows, refused, err := Surveys(t.Context(), fstest.MapFS{"a.csv": {Data: []byte("Timestamp,Requests\n2026-01-26T10:00:00Z," + strings.Repeat("more ", maxCell))}}, "*.csv", Columns{At: "Timestamp", Requests: "Requests"})
	if err != nil || len(refused) != 0 || len(rows) != 1 || len(rows[0].(model.SurveyRow).Requests) > maxCell {
		t.Errorf("%d rows, %q, %v", len(rows), refused, err)
	}
}
