// Package audit verifies that the figures which people see on the pages of
// reports/ are those of the readings beside them. It reads the pages as people
// do, by the titles, windows and figures that stand on them, and shares no code
// with package report, which writes them.
package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

// Metric is a metric of the plan, as far as a page is read by it.
type Metric struct {
	ID, Title string
	Own       time.Duration // its first window, 0 for a state as of now
	Weekly    time.Duration // the window over which the digest tells it
}

// Figure is something on a page that a reading decides.
type Figure struct {
	Page   string // its path in the folder
	Line   int    // from 1; 0 where the page has no lines that people see
	Title  string // of the metric
	Window string // in words, such as 7 days; empty for a state as of now
	Key    string // of a breakdown; empty for all else
	What   string // value, sample, interval, change, level, share, total, count
	Shown  string
}

// Finding is a figure that is not what the readings say.
type Finding struct {
	Figure
	Recorded string // what they say
}

// String names the page, the metric, its window, and both values.
func (f Finding) String() string {
	at := f.Page
	if f.Line > 0 {
		at += fmt.Sprintf(":%d", f.Line)
	}
	title := f.Title
	if f.Window != "" {
		title += " (" + f.Window + ")"
	}
	return fmt.Sprintf("%s: %s: %s shown %q, recorded %s", at, title, f.What, f.Shown, f.Recorded)
}

// Result is what became of an audit.
type Result struct {
	Pages    int
	Figures  []Figure  // that were compared, in the order of pages and lines
	Findings []Finding // those that differ, in the same order
	// Unread are rows whose figures could not be compared, each with the reason:
	// a metric that the plan has no longer, a day whose readings are gone.
	Unread []string
}

// Readings compares every figure of the pages in a folder of reports with the
// readings in its data. The metrics are those of the plan; pages of metrics that
// it has no longer are unread.
func Readings(files fs.FS, metrics []Metric) (Result, error) {
	kept, err := readings(files)
	if err != nil {
		return Result{}, err
	}
	a := &audit{record: newRecord(kept, metrics)}
	if a.peaks, err = peaks(files); err != nil {
		return Result{}, err
	}
	names, err := pages(files)
	if err != nil {
		return Result{}, err
	}
	for _, name := range names {
		src, err := fs.ReadFile(files, name)
		if err != nil {
			return Result{}, err
		}
		if a.page(name, string(src)) {
			a.result.Pages++
		}
	}
	return a.result, nil
}

// readings reads those of all months.
func readings(files fs.FS) ([]metric.Reading, error) {
	names, err := fs.Glob(files, "data/readings/*.ndjson")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("data/readings: no *.ndjson there: name the folder of reports that snapshot writes")
	}
	var all []metric.Reading
	for _, name := range names {
		src, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		some, damaged := metric.Decode(src)
		if len(damaged) > 0 {
			return nil, fmt.Errorf("%s: %s", name, strings.Join(damaged, "; "))
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b metric.Reading) int { return a.At.Compare(b.At) })
	return all, nil
}

// peaks reads the worst figures that alerts recorded, as readings; nil where there is
// no record of alerts. Runs between two readings of a day measure too.
func peaks(files fs.FS) ([]metric.Reading, error) {
	src, err := fs.ReadFile(files, "data/alerts.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	memory, err := alert.Decode(src)
	if err != nil {
		return nil, fmt.Errorf("data/alerts.json: %w", err)
	}
	var all []metric.Reading
	for _, a := range memory.Alerts {
		for _, e := range a.Episodes {
			if p := e.Peak; p != nil {
				all = append(all, metric.Reading{Metric: a.Metric, At: p.At, From: p.From, Until: p.Until, Value: &p.Value, Part: p.Part, Whole: p.Whole})
			}
		}
	}
	return all, nil
}

// pages are the files that people read, in the order of their paths. Folders of
// other reports are left out.
func pages(files fs.FS) ([]string, error) {
	var all []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && !ours(name) {
			return fs.SkipDir
		}
		switch path.Ext(name) {
		case ".md", ".html", ".svg", ".xml":
			all = append(all, name)
		}
		return nil
	})
	return all, err
}

// ours tells the folders of reports: years, weeks, charts, metrics.
func ours(name string) bool {
	if name == "charts" || name == "metrics" {
		return true
	}
	year, week, _ := strings.Cut(name, "/")
	return len(year) == 4 && strings.Trim(year, "0123456789") == "" && (week == "" || week[0] == 'W')
}

// audit is one run: the record, the page that is read, and what was found.
type audit struct {
	record
	at    basis
	name  string
	head  string // the first line of a page of today, which names the status
	title string // the heading of an HTML page, which names the metric of its tables
	// compared is the day of an earlier version beside which a page of a metric puts its
	// own; zero for none.
	compared time.Time
	result   Result
}

// page compares one page; false for a file that has no figures of readings.
func (a *audit) page(name, src string) bool {
	a.name, a.head, a.title = name, "", ""
	var known bool
	if a.at, known = a.basisOf(name, src); !known {
		if path.Ext(name) != ".xml" || !strings.Contains(src, "<feed") {
			return false
		}
	}
	switch path.Ext(name) {
	case ".md":
		a.markdown(src)
	case ".html":
		a.html(src)
	case ".svg":
		a.chart(src)
	case ".xml":
		a.feed(src)
	}
	return true
}

// place is where on a page a figure stands, and of which metric.
type place struct {
	line          int
	title, window string
	key           string // of a breakdown
}

// same notes a figure that was compared, and a finding where it differs.
func (a *audit) same(p place, what, shown string, equal bool, recorded string) {
	f := Figure{Page: a.name, Line: p.line, Title: p.title, Window: p.window, Key: p.key, What: what, Shown: shown}
	a.result.Figures = append(a.result.Figures, f)
	if !equal {
		a.result.Findings = append(a.result.Findings, Finding{f, recorded})
	}
}

func (a *audit) unread(p place, why string) {
	a.result.Unread = append(a.result.Unread, fmt.Sprintf("%s:%d: %s: %s", a.name, p.line, p.title, why))
}
