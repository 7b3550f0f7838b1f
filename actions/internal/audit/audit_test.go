package audit

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
)

const example = "../../../reports/example"

// catalogue are the metrics that the example measures, with the windows of the
// catalogue.
func catalogue(t *testing.T) []Metric {
	t.Helper()
	kept, err := readings(os.DirFS(example))
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, r := range kept {
		measured[r.Metric] = true
	}
	all := []Metric{{ID: "oldest_open_bug", Title: "Oldest open bug"}}
	for _, id := range metric.IDs() {
		d, _ := metric.Find(id)
		m := Metric{ID: id, Title: d.Title, Weekly: 7 * day}
		if length, err := model.ParseDuration(d.Window[0]); err == nil {
			m.Own = length.Duration()
		}
		if m.Own == 0 || m.Own > m.Weekly {
			m.Weekly = m.Own
		}
		if measured[id] {
			all = append(all, m)
		}
	}
	return all
}

func TestReadings_EqualThePagesOfTheExample(t *testing.T) {
	got, err := Readings(os.DirFS(example), catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range got.Findings {
		t.Error(f)
	}
	for _, u := range got.Unread {
		t.Error(u)
	}
	if got.Pages < 140 || len(got.Figures) < 12000 {
		t.Errorf("%d pages with %d figures were compared", got.Pages, len(got.Figures))
	}
	for what, is := range map[string]func(Figure) bool{
		"action item":        func(f Figure) bool { return f.What == "action" },
		"highlight":          func(f Figure) bool { return weekPage.MatchString(f.Page) && f.What == "change" && f.Line < 20 },
		"sample of a median": func(f Figure) bool { return f.What == "sample" && strings.HasPrefix(f.Shown, "sample ") },
		"key of a metric":    func(f Figure) bool { return f.Page == "metrics/survey_themes.html" && f.Key == "support" }, // beyond those of the first table
		"week of the release": func(f Figure) bool {
			return strings.HasSuffix(f.Page, "2026-02-06.md") && f.Title == "Crash rate" && f.Window == "7 days" && f.What == "change"
		},
		"level of a past day": func(f Figure) bool { return strings.HasPrefix(f.Page, "metrics/") && f.What == "level" },
	} {
		if !slices.ContainsFunc(got.Figures, is) {
			t.Errorf("no %s was compared", what)
		}
	}
}

// One figure of each kind on each sort of page is changed, each in a copy of its
// own: the change, and nothing else, is found.
func TestReadings_FindsAChangedFigure(t *testing.T) {
	folder, metrics := copied(t), catalogue(t)
	whole, err := Readings(folder, metrics)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := readings(folder)
	if err != nil {
		t.Fatal(err)
	}
	record := newRecord(kept, metrics)
	if record.peaks, err = peaks(folder); err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, f := range whole.Figures {
		kind := sortOf(f.Page) + " " + f.What
		if tried[kind] || f.What == "level" || f.What == "status" || f.What == "action" || f.What == "age" { // TestReadings_ComparesTheSameAge changes the age
			continue
		}
		changed, where := alter(folder[f.Page].Data, f)
		if !where {
			continue
		}
		tried[kind] = true
		one := &audit{record: record}
		one.page(f.Page, string(changed))
		got := one.result
		if len(got.Findings) == 0 {
			t.Errorf("%s, line %d: %s of %s changed from %q, and nothing was found", f.Page, f.Line, f.What, f.Title, f.Shown)
			continue
		}
		if first := got.Findings[0]; first.Page != f.Page || first.Line != f.Line {
			t.Errorf("%s, line %d: %s of %s changed from %q, and %s was found", f.Page, f.Line, f.What, f.Title, f.Shown, first)
		}
	}
	for _, kind := range []string{"today value", "today change", "today sample", "today Crash-free sessions", "day value", "day interval", "week value", "week share", "week incident", "month lowest", "month days", "gate value", "index value", "chart value", "metric value", "metric change", "metric incident"} {
		if !tried[kind] {
			t.Errorf("no figure was changed of %s; of %v", kind, tried)
		}
	}
}

func TestReadings_FindsAChangedLevel(t *testing.T) {
	folder := copied(t)
	src := folder["README.md"].Data
	folder["README.md"].Data = bytes.Replace(src, []byte("| 🟢 | [Crash rate]"), []byte("| 🔴 | [Crash rate]"), 1)
	got, err := Readings(folder, catalogue(t))
	if err != nil || len(got.Findings) != 1 || got.Findings[0].What != "level" || got.Findings[0].Recorded != "ok" {
		t.Errorf("%v: %v", got.Findings, err)
	}
	want := `: Crash rate (24 hours): level shown "🔴", recorded ok`
	if len(got.Findings) == 1 && !strings.HasSuffix(got.Findings[0].String(), want) {
		t.Errorf("it says %q, want %q", got.Findings[0], want)
	}
}

func TestReadings_WithoutReadings(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"name the folder of reports":                         {"README.md": {Data: []byte("# x")}},
		"data/readings/2026-01.ndjson: line 1: no reading: ": {"data/readings/2026-01.ndjson": {Data: []byte("{")}},
	} {
		if _, err := Readings(folder, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
}

func copied(t *testing.T) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(example), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(example + "/" + name)
		folder[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func sortOf(page string) string {
	switch {
	case dayPage.MatchString(page):
		return "day"
	case weekPage.MatchString(page):
		return "week"
	case monthPage.MatchString(page), page == "retrospective.md":
		return "month"
	case strings.HasPrefix(page, "charts/"):
		return "chart"
	case strings.HasPrefix(page, "metrics/"):
		return "metric"
	case page == "README.md":
		return "today"
	}
	name, _, _ := strings.Cut(page, ".")
	return name
}

// alter changes the first digit of a figure on its line; false where the line does
// not hold it as it is shown.
func alter(src []byte, f Figure) ([]byte, bool) {
	lines := strings.Split(string(src), "\n")
	shown, _, _ := strings.Cut(f.Shown, "\n")
	digit := strings.IndexAny(shown, "0123456789")
	if digit < 0 {
		return nil, false
	}
	n, _ := strconv.Atoi(shown[digit : digit+1])
	other := shown[:digit] + strconv.Itoa((n+5)%10) + shown[digit+1:]
	isMetric := strings.HasPrefix(f.Page, "metrics/")
	if isMetric { // the title is in its heading; the figure fills a cell
		shown, other = ">"+shown+"<", ">"+other+"<"
	}
	for i := range lines {
		if strings.Contains(lines[i], `class="next"`) {
			continue // the same figure stands in a table
		}
		if (isMetric || f.Line == i+1 || f.Line == 0 && strings.Contains(lines[i], f.Title)) && strings.Count(lines[i], shown) == 1 {
			lines[i] = strings.Replace(lines[i], shown, other, 1)
			return []byte(strings.Join(lines, "\n")), true
		}
	}
	return nil, false
}
