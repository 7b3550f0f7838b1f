package collect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// Times as Google and Microsoft Forms, spreadsheets and other form tools write them in
// their languages: all of them are the same moment, two hours and five minutes past
// noon on 27 January 2026, in their zone.
func TestReadTime_OfFormsInTheirLanguages(t *testing.T) {
	for _, written := range []string{
		// Google Sheets, by locale
		"1/27/2026 14:05:12", "27/01/2026 14:05:12", "27.01.2026 14:05:12", "27.1.2026 14:05:12", "27. 1. 2026 14:05:12", "27. 01. 2026. 14:05:12", "2026. 1. 27 오후 2:05:12", "2026. 1. 27. 오후 2:05:12",
		"2026/1/27 14:05:12", "2026/1/27 下午 2:05:12", "2026/1/27 下午2:05:12", "2026-01-27 14:05:12", "2026. 01. 27. 14:05:12", "27-1-2026 14:05:12", "27.1.2026 klo 14.05.12", "27/01/2026 14.05.12", "27.1.2026 г., 14:05:12",
		"27/1/2569, 14:05:12", "٢٧/١/٢٠٢٦ ٢:٠٥:١٢ م", "27/1/2026, 2:05:12 μ.μ.", "27/1/2026 2:05:12 CH", "14:05:12 27/01/2026", "2:05:12 CH 27/1/2026", "2026/01/27 午後2:05:12", "27/1/2026 2:05:12 pm",
		// Google Forms, downloaded as CSV
		"2026/01/27 2:05:12 PM GMT", "2026/01/27 2:05:12 p.\u00a0m. GMT", "2026/01/27 2:05:12\u202fp. m. GMT-0", "2026/01/27 3:05:12 PM GMT+1", "2026/01/27 3:05:12 PM MEZ", "2026/01/27 4:05:12 μ.μ. EET", "2026/01/27 11:05:12 오후 GMT+9",
		"2026/01/27 10:05:12 下午 GMT+8", "2026/01/27 7:35:12 PM GMT+5:30", "2026/01/27 9:05:12 AM EST", "2026/01/27 11:05:12 a. m. GMT-3", "2026/01/27 11:05:12 AM GMT\u22123", "2026/01/27 16:05:12 OEZ", "2026/01/27 3:05:12 du. GMT+1",
		// Microsoft Forms and Excel
		"1/27/26 14:05:12", "1/27/26 2:05:12 PM", "27.01.26 14:05:12", "27/01/26 14:05:12", "27-01-26 14:05:12", "46049.58694444444", "46049,58694444444", "2026-01-27T14:05:12", "27-Jan-2026 14:05:12", "27-Jan-26 14:05:12",
		// others
		"2026-01-27T14:05:12Z", "2026-01-27T14:05:12.345Z", "2026-01-27T15:05:12+01:00", "2026-01-27 15:05:12 +0100", "2026-01-27 14:05:12 UTC", "2026-01-27 15:05:12 (GMT+1)", "1769522712", "1769522712000", "Jan 27, 2026 2:05:12 PM",
		"January 27, 2026 at 2:05:12 PM", "27 janv. 2026 14:05:12", "27 January 2026, 14:05:12", "27. Januar 2026 14:05:12 Uhr", "27 de enero de 2026 14:05:12", "martes, 27 de enero de 2026 14:05:12", "Tue, 27 Jan 2026 14:05:12 +0000", "2026年1月27日 14:05:12",
		"2026年1月27日 14時05分12秒", "2026년 1월 27일 오후 2:05:12", "01/27/2026 02:05:12 PM", "２０２６/０１/２７ 14:05:12", "2026/01/27 午後 2時05分12秒", "01-27-2026 14:05:12",
	} {
		w, err := readTime(written)
		if err != nil {
			t.Errorf("%q: %v", written, err)
			continue
		}
		found := false
		for _, o := range w.orders() {
			at, err := w.in(o)
			found = found || err == nil && at.Sub(time.Date(2026, 1, 27, 14, 5, 12, 0, time.UTC)).Abs() < time.Second
		}
		if !found {
			t.Errorf("%q is read as %+v", written, w)
		}
	}
	for _, none := range []string{"", "soon", "27/01", "14:05", "2026-13-40", "31/2/2026", "1/27/2026 25:05", "1/27/2026 2:61 PM", "1/27/2026 13:05 AM", "1/27/2026 0 PM", "2026-01-27 14:05 XYZ", "1.2.3", "123/1/2026", "20260", "2026-01-27 14:05:12 and more", "99999.5"} {
		w, err := readTime(none)
		for _, o := range w.orders() {
			if at, errDay := w.in(o); err == nil && errDay == nil {
				t.Errorf("%q is read as %s", none, at)
			}
		}
	}
}

// A zone that is not known is named, and not taken for UTC in silence.
func TestReadTime_NamesTheZoneThatItDoesNotKnow(t *testing.T) {
	if _, err := readTime("2026-01-27 14:05 IST"); err == nil || !strings.Contains(err.Error(), `unknown time zone "IST"`) {
		t.Errorf("got %v", err)
	}
}

// How the days of a column are read is said where people might read them otherwise.
func TestSurveys_SayHowDaysAreRead(t *testing.T) {
	for times, want := range map[string]string{
		"27/1/2026 14:05|1/2/2026 14:05":      "a.csv:2:1: the day is read before the month",
		"1/27/26 14:05|1/2/26 14:05":          "a.csv:2:1: the month is read before the day",
		"3/2/2026|1/2/2026|9/1/2026":          "a.csv:2:1: the day is read before the month",
		"27.1.2026 14:05|2026-01-28 14:05:12": "",
	} {
		var notes []string
		rows, refused, err := Surveys(t.Context(), fstest.MapFS{"a.csv": {Data: []byte("Timestamp,x\n" + strings.ReplaceAll(times, "|", ",\n") + ",\n")}}, "*.csv",
			Columns{At: "Timestamp", Latest: time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC), Note: func(text string) { notes = append(notes, text) }})
		if got := strings.Join(notes, "; "); err != nil || len(refused) > 0 || len(rows) != strings.Count(times, "|")+1 || !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %d rows, notes %q, refused %q, %v; want %q", times, len(rows), got, refused, err, want)
		}
	}
}

// Whatever damage a file took on its way, each of its rows is read, or named as
// one that is not, by its line: none vanishes in the cell above it.
func TestSurveys_ReadAndRefusedAreAllRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for n := range 800 {
		const rows = 12
		var b strings.Builder
		b.WriteString("Timestamp,Satisfaction,Requests\n")
		for i := range rows {
			fmt.Fprintf(&b, "2026-01-%02d 10:00:00,%d,%s\n", 10+i, 1+i%5, []string{"an undo", `"undo, please"`, `"say ""yes"""`, ""}[r.IntN(4)])
		}
		src := []byte(b.String())
		header := strings.IndexByte(b.String(), '\n') + 1
		for range 1 + r.IntN(3) {
			at := header + r.IntN(len(src)-header)
			if src[at] != '\n' {
				src[at] = []byte("\"',;\\x\xff\t ")[r.IntN(9)]
			}
		}
		got, err := survey(t.Context(), src, Columns{At: "Timestamp", Satisfaction: "Satisfaction", Requests: "Requests"})
		if err != nil {
			t.Fatal(err)
		}
		all := len(got.rows) + len(got.refused)
		if all != rows {
			t.Fatalf("run %d: %d read and refused of %d rows: %q\n%s", n, all, rows, got.refused, src)
		}
	}
}
