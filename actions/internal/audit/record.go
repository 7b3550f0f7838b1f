package audit

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

const day = 24 * time.Hour

// record are the readings, in the order of time, and the metrics by their titles.
type record struct {
	all     []metric.Reading
	peaks   []metric.Reading    // the worst figures that alerts recorded
	byTitle map[string][]Metric // by the title as a page shows it
	metrics []Metric
	days    map[string][]metric.Reading // by day, without those of whole weeks
}

func newRecord(all []metric.Reading, metrics []Metric) record {
	r := record{all: all, byTitle: map[string][]Metric{}, metrics: metrics, days: map[string][]metric.Reading{}}
	for _, m := range metrics {
		if m.Title == "" {
			m.Title = m.ID
		}
		key := words(m.Title)
		r.byTitle[key] = append(r.byTitle[key], m)
	}
	for _, reading := range all {
		if !reading.OfWeek() {
			key := reading.At.UTC().Format(time.DateOnly)
			r.days[key] = append(r.days[key], reading)
		}
	}
	return r
}

// basis is the time of a page, and the readings on which it rests.
type basis struct {
	from, until time.Time // of a page about a period; from is zero for one about a day
	gate        bool
	month       bool
}

var (
	dayPage   = regexp.MustCompile(`^\d{4}/W\d{2}/(\d{4}-\d{2}-\d{2})\.md$`)
	weekPage  = regexp.MustCompile(`^(\d{4})/W(\d{2})/README\.md$`)
	monthPage = regexp.MustCompile(`^(\d{4})/(\d{2})\.md$`)
	moment    = regexp.MustCompile(`(?:Updated|updated|decided)\D{0,60}(\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}) UTC`)
	span      = regexp.MustCompile(`(\d{1,2} [A-Z][a-z]{2})(?: (\d{4}))? – (\d{1,2} [A-Z][a-z]{2} \d{4})`)
)

// basisOf returns what a page rests on; false for a page that has no figures of
// readings, such as one that explains the folder.
func (r *record) basisOf(name, src string) (basis, bool) {
	if m := dayPage.FindStringSubmatch(name); m != nil {
		at, err := time.Parse(time.DateOnly, m[1])
		return basis{until: at.Add(day - time.Second)}, err == nil
	}
	if m := weekPage.FindStringSubmatch(name); m != nil {
		from := mondayOf(number(m[1]), number(m[2]))
		return basis{from: from, until: from.AddDate(0, 0, 7)}, true
	}
	if m := monthPage.FindStringSubmatch(name); m != nil {
		from, err := time.Parse("2006-01", m[1]+"-"+m[2])
		return basis{from: from, until: from.AddDate(0, 1, 0), month: true}, err == nil
	}
	switch {
	case name == "README.md" || name == "index.html" || name == "gate.md" || strings.HasPrefix(name, "metrics/") && strings.HasSuffix(name, ".html"):
		m := moment.FindStringSubmatch(strip(src))
		if m == nil {
			return basis{}, false
		}
		at, err := time.Parse("2 Jan 2006 15:04", m[1])
		return basis{until: at.Add(time.Minute - time.Second), gate: name == "gate.md"}, err == nil
	case name == "retrospective.md":
		m := span.FindStringSubmatch(src)
		if m == nil {
			return basis{}, false
		}
		last, err := time.Parse("2 Jan 2006", m[3])
		first := m[1] + " " + m[2]
		if m[2] == "" {
			first = m[1] + m[3][len(m[3])-5:]
		}
		from, errFrom := time.Parse("2 Jan 2006", first)
		return basis{from: from, until: last.AddDate(0, 0, 1), month: true}, err == nil && errFrom == nil
	case strings.HasPrefix(name, "charts/") && len(r.all) > 0:
		return basis{until: r.all[len(r.all)-1].At}, true
	}
	return basis{}, false
}

// strip removes the tags of a page, so that its words are next to one another.
func strip(src string) string { return tags.ReplaceAllString(src, "") }

var tags = regexp.MustCompile(`<[^>]*>`)

// mondayOf is the Monday with which an ISO week begins.
func mondayOf(year, week int) time.Time {
	return metric.Monday(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(week-1))
}

// reading is that of a metric over a window on which the page rests, with the
// value of the period before as the page compares it.
func (r *record) reading(at basis, id string, length time.Duration) (metric.Reading, bool) {
	fits := func(x metric.Reading) bool { return x.Metric == id && x.Until.Sub(x.From) == length }
	switch {
	case at.gate:
		return last(r.all, func(x metric.Reading) bool { return fits(x) && !x.At.After(at.until) })
	case at.from.IsZero():
		return last(r.days[at.until.Format(time.DateOnly)], fits)
	}
	if whole, found := last(r.all, func(x metric.Reading) bool { return fits(x) && x.OfWeek() && x.At.Equal(at.until) }); found {
		if length == 0 && whole.Values == nil { // a state is compared with that at the begin of the week
			before, _ := last(r.all, func(x metric.Reading) bool { return fits(x) && x.OfWeek() && x.At.Equal(at.from) })
			whole.Previous = before.Value
		}
		return whole, true
	}
	within := func(from, until time.Time) func(metric.Reading) bool {
		return func(x metric.Reading) bool {
			return fits(x) && !x.OfWeek() && !x.At.Before(from) && x.At.Before(until)
		}
	}
	read, found := last(r.all, within(at.from, at.until))
	read.Previous = nil
	if before, known := last(r.all, within(at.from.AddDate(0, 0, -7), at.from)); known {
		read.Previous = before.Value
	}
	return read, found
}

func last(all []metric.Reading, fits func(metric.Reading) bool) (metric.Reading, bool) {
	for _, r := range slices.Backward(all) {
		if fits(r) {
			return r, true
		}
	}
	return metric.Reading{}, false
}

// course are the readings of a metric over its own window in the page's period.
func (r *record) course(at basis, m Metric) []metric.Reading {
	var some []metric.Reading
	for _, x := range r.all {
		if x.Metric == m.ID && !x.OfWeek() && x.Until.Sub(x.From) == m.Own && !x.At.Before(at.from) && x.At.Before(at.until) {
			some = append(some, x)
		}
	}
	return some
}

// find is the metric whose title a text is.
func (r *record) find(title string) ([]Metric, bool) {
	some, known := r.byTitle[words(title)]
	return some, known
}

// leading is the metric whose title a text begins with, the longest of them, and
// the rest of the text.
func (r *record) leading(text string) (Metric, string, bool) {
	text = words(text)
	var found Metric
	var title string
	for t, some := range r.byTitle {
		if len(t) > len(title) && strings.HasPrefix(text, t) && (len(text) == len(t) || strings.ContainsRune(" :", rune(text[len(t)]))) {
			found, title = some[0], t
		}
	}
	return found, strings.TrimPrefix(text, title), title != ""
}

// dayWindow is a whole day by its date: "3 Feb".
var dayWindow = regexp.MustCompile(`^\d{1,2} [A-Z][a-z]{2}$`)

// lengthOf reads a window in words; a state as of now has none.
func lengthOf(window string) (time.Duration, bool) {
	n, unit, found := strings.Cut(strings.TrimPrefix(window, "last "), " ")
	switch {
	case window == "" || window == "now" || window == "at the end of the week":
		return 0, true
	case window == "whole day" || dayWindow.MatchString(window):
		return day, true
	case !found || number(n) == 0:
		return 0, false
	}
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return time.Duration(number(n)) * day, true
	case "hour":
		return time.Duration(number(n)) * time.Hour, true
	}
	return 0, false
}
