package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// box is the place of a text in a chart, in pixels.
type place4 struct {
	text                     string
	left, top, right, bottom float64
}

func (a place4) meets(b place4) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// textsOf returns the places of the texts of a chart, as wide as their characters
// are at most.
func textsOf(t testing.TB, chart []byte) []place4 {
	t.Helper()
	var all []place4
	from := xml.NewDecoder(strings.NewReader(string(chart)))
	for {
		token, err := from.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, chart)
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local != "text" {
			continue
		}
		at := map[string]string{}
		for _, a := range start.Attr {
			at[a.Name.Local] = a.Value
		}
		var text string
		if err := from.DecodeElement(&text, &start); err != nil {
			t.Fatal(err)
		}
		size, width := 12.0, charWidth
		switch at["class"] {
		case "title":
			size, width = 15, titleWidth
		case "t-mark":
			size, width = 11, smallWidth
		}
		x, _ := strconv.ParseFloat(at["x"], 64)
		y, _ := strconv.ParseFloat(at["y"], 64)
		w := width * float64(len([]rune(text)))
		switch at["text-anchor"] {
		case "end":
			x -= w
		case "middle":
			x -= w / 2
		}
		all = append(all, place4{text, x, y - size*0.8, x + w, y + size*0.2})
	}
}

// randomEntry is a metric with a past of up to a year, with gaps, bounds near and
// far, and the marks of its chart.
func randomEntry(r *rand.Rand) (Entry, []Mark) {
	units := []string{"%", "ms", "hours", "issues", "score", "downloads", "a unit of somebody's own"}
	e := Entry{Definition: metric.Definition{ID: "m", Title: strings.Repeat("Long title ", 1+r.IntN(12)), Unit: units[r.IntN(len(units))]}}
	scale := math.Pow(10, float64(r.IntN(13)-3))
	value := func() float64 { return math.Round((r.Float64()-0.2*float64(r.IntN(2)))*scale*1000) / 1000 }
	flat := r.IntN(6) == 0
	first := value()
	at := time.Date(2026, 1, 1, 18, 17, 0, 0, time.UTC)
	for range 2 + r.IntN(366) {
		at = at.AddDate(0, 0, 1+r.IntN(8)/7*r.IntN(9))
		reading := metric.Reading{At: at}
		if v := value(); r.IntN(10) > 0 {
			if flat {
				v = first
			}
			reading.Value = &v
		}
		e.History = append(e.History, reading)
	}
	last := value()
	e.Reading = metric.Reading{At: at.AddDate(0, 0, 1), From: at.AddDate(0, 0, -6), Until: at.AddDate(0, 0, 1), Value: &last}
	e.Verdict = verdict.Verdict{Level: verdict.OK, Unit: e.Definition.Unit, Number: verdict.Number{Value: &last}}
	bound := func() verdict.Bound {
		if r.IntN(4) == 0 {
			return verdict.Bound{}
		}
		b, _ := verdict.ParseBound(fmt.Sprintf("%s %g", []string{"<", ">", ">=", "="}[r.IntN(4)], math.Round(value()*float64(1+r.IntN(3))*100)/100))
		return b
	}
	if r.IntN(2) == 0 {
		e.SameAge = besides(e, r.IntN(20), value)
	}
	e.Thresholds = verdict.Thresholds{Target: bound(), Warning: bound(), Critical: bound()}
	var marks []Mark
	for n := range r.IntN(40) {
		marks = append(marks, Mark{e.History[0].At.Add(time.Duration(n) * time.Duration(1+r.IntN(60)) * time.Hour), []string{"v1.2.3-beta.14+build", "incident", "yank", "<&>"}[r.IntN(4)]})
	}
	return e, marks
}

// besides is what an earlier version was, until a day before the newer one, which
// was published some days after the past of the entry begins.
func besides(e Entry, days int, value func() float64) SameAge {
	since := e.History[0].At.AddDate(0, 0, days)
	s := SameAge{Of: model.Baseline{Version: "v1.1.0-beta.12+build", Shipped: since.AddDate(-1, 0, 0), Until: since, Newer: "v1.2.0-rc.1+a.long.name", Since: since}}
	for _, r := range append(slices.Clone(e.History), e.Reading) {
		if day, known := s.Of.Day(r.At); known {
			v := value()
			s.Readings = append(s.Readings, metric.Reading{At: day.Add(18 * time.Hour), From: day, Until: day, Value: &v})
		}
	}
	return s
}

// The line of an earlier version stands at the days that are as old, in a legend of its
// own, and a day that it did not live to has none.
func TestChart_ShowsTheSameAgeOfAnEarlierVersion(t *testing.T) {
	e := Entry{Definition: metric.Definition{ID: "m", Title: "Crash rate", Unit: "%"}}
	for n := range 9 {
		v := float64(n)
		e.History = append(e.History, metric.Reading{At: now.AddDate(0, 0, n-9), Value: &v})
	}
	last, early := 9.0, 40.0
	e.Reading = metric.Reading{At: now, Value: &last}
	plain := string(Chart(e, nil))
	shipped := now.AddDate(0, -2, 0)
	e.SameAge = SameAge{Of: model.Baseline{Version: "v1.0.0", Shipped: shipped, Until: shipped.AddDate(0, 0, 4), Newer: "v1.1.0", Since: now.AddDate(0, 0, -5)}}
	for n := range 4 {
		e.SameAge.Readings = append(e.SameAge.Readings, metric.Reading{At: shipped.AddDate(0, 0, n), Value: &early})
	}
	got := string(Chart(e, nil))
	if strings.Contains(plain, "base\"") || strings.Contains(plain, "measured") || !strings.Contains(plain, `height="318"`) {
		t.Errorf("a chart without another line has its legend:\n%s", plain)
	}
	line := regexp.MustCompile(`<polyline class="base" points="([^"]*)"/>`).FindStringSubmatch(got)
	if line == nil || len(strings.Fields(line[1])) != 4 {
		t.Fatalf("the line has not the 4 days that v1.0.0 lived: %q\n%s", line, got)
	}
	for _, want := range []string{">v1.0.0, same day after release<", `height="340"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the chart lacks %q:\n%s", want, got)
		}
	}
	if e.SameDay() != "–" { // today v1.1.0 is older than v1.0.0 became
		t.Errorf("today is compared with %s", e.SameDay())
	}
}

// No two texts of a chart overlap, and none stands outside, whatever the values,
// the bounds and the marks are.
func TestChart_TextsNeverOverlap(t *testing.T) {
	for seed := range uint64(1000) {
		e, marks := randomEntry(rand.New(rand.NewPCG(seed, 1)))
		chart := Chart(e, marks)
		if chart == nil {
			continue
		}
		texts := textsOf(t, chart)
		for i, a := range texts {
			if a.left < 0 || a.right > chartWidth || a.top < 0 || a.bottom > float64(ChartHeight(e)) {
				t.Fatalf("seed %d: %q stands outside: %+v", seed, a.text, a)
			}
			for _, b := range texts[:i] {
				if a.meets(b) {
					t.Fatalf("seed %d: %q and %q overlap: %+v %+v", seed, a.text, b.text, a, b)
				}
			}
		}
	}
}

// Where things are counted, the axis has whole numbers.
func TestChart_CountsHaveWholeNumbers(t *testing.T) {
	for top := 1; top < 50; top++ {
		zero, value := 0.0, float64(top)
		e := Entry{Definition: metric.Definition{ID: "m", Unit: "issues"}, History: []metric.Reading{{At: now.AddDate(0, 0, -1), Value: &zero}}, Reading: metric.Reading{At: now, Value: &value}}
		c := newCanvas(drawn(e), nil, e)
		for _, v := range c.ticks {
			if v != math.Trunc(v) {
				t.Fatalf("a chart of 0 to %d has the tick %g", top, v)
			}
		}
		if c.low > 0 || c.high < value {
			t.Errorf("a chart of 0 to %d goes from %g to %g", top, c.low, c.high)
		}
	}
}

// A day without a value, and a day without a reading, part the line; a value
// between two gaps is a dot.
func TestChart_GapsAreGaps(t *testing.T) {
	e := Entry{Definition: metric.Definition{ID: "m", Unit: "issues"}}
	for _, n := range []int{0, 1, 2, 4, 5, 7, 9, 10} { // no reading on days 3, 6 and 8
		v := float64(n)
		r := metric.Reading{At: now.AddDate(0, 0, n), Value: &v}
		if n == 1 {
			r.Value = nil
		}
		e.History = append(e.History, r)
	}
	last := 11.0
	e.Reading = metric.Reading{At: now.AddDate(0, 0, 11), Value: &last}
	var got []string
	for _, run := range runs(append(e.History, e.Reading)) {
		var days []string
		for _, r := range run {
			days = append(days, fmt.Sprint(*r.Value))
		}
		got = append(got, strings.Join(days, "-"))
	}
	if want := "0 2 4-5 7 9-10-11"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
	chart := string(Chart(e, nil))
	if n := strings.Count(chart, "<polyline"); n != 2 {
		t.Errorf("%d lines, want 2:\n%s", n, chart)
	}
	if n := strings.Count(chart, "<circle"); n != 8 {
		t.Errorf("%d dots, want 8", n)
	}
	if l := lineOf(e); l == nil || len(l.Points) != 2 {
		t.Errorf("the small line is %+v, want two parts", l)
	}
	if got, want := Spark(e.History, e.Reading), "▁·▂·▄▄·▅·▇▇█"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The chart of a metric marks releases, yanks and its own incidents.
func TestMarksOf(t *testing.T) {
	d := launch(t)
	d.Release.Family = []model.Published{{Version: "1.1.0-beta", At: now.AddDate(0, 0, -3)}, {Version: "1.1.1-beta", At: now.AddDate(0, 0, -1)}}
	d.Fired[0].Metric = yanked
	var got []string
	for _, m := range MarksOf(d, "crash_rate") {
		got = append(got, m.Text)
	}
	if want := "1.1.0-beta yank 1.1.1-beta incident"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
