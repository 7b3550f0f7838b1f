package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// wholeDay is a day with every metric of the catalogue, in each state, with
// texts of strangers in the keys.
func wholeDay() Day {
	number := func(f float64) *float64 { return &f }
	d := Day{Release: model.Release{Project: "Caro", Version: "v1.1.0-beta"}, Now: now, Charts: map[string]bool{},
		Gaps: []model.Gap{{Source: "crates", Reason: "it answers 502 <script>alert(1)</script>", Hint: "wait @everyone"}}, Notes: []string{"telemetry/a.json:3: no event"}}
	levels := []verdict.Level{verdict.OK, verdict.Watch, verdict.Warning, verdict.Critical, verdict.Unknown}
	for i, c := range metric.Catalogue() {
		level := levels[i%5]
		value := 1234.5 / float64(i+1)
		e := Entry{Definition: c, Reading: metric.Reading{At: now, Metric: c.ID, Unit: c.Unit, From: now.Add(-day), Until: now}}
		e.Verdict = verdict.Verdict{Metric: c.ID, Level: level, Unit: c.Unit}
		switch {
		case level == verdict.Unknown:
			e.Verdict.Why = "the source did not answer, and that is a longer sentence than fits on a line of a phone, with_a_word_that_cannot_be_broken_anywhere_at_all_so_it_must_be"
		case i%7 == 0:
			e.Reading.Values = []metric.Entry{{Key: "<img src=x onerror=alert(1)> @everyone | #1", Value: number(7)}, {Key: strings.Repeat("long", 40), Value: number(1)}}
		default:
			e.Reading.Value, e.Verdict.Value, e.Verdict.Previous = number(value), number(value), number(value/2)
		}
		for n := range 20 {
			v := value * (1 + float64(n%5)/10)
			e.History = append(e.History, metric.Reading{At: now.AddDate(0, 0, n-20), Value: &v})
		}
		d.Entries = append(d.Entries, e)
	}
	return d
}

// The dashboard of every metric with a year of readings is a small page that fits
// each screen, runs no script, breaks no word and can be read in light and dark.
func TestTheIndexInABrowser(t *testing.T) {
	d := publishedDay()
	for i := range d.Entries {
		for n := range 365 {
			v := float64(n)
			d.Entries[i].History = append(d.Entries[i].History, metric.Reading{At: now.AddDate(0, 0, n-365), Value: &v})
		}
	}
	page := Index(d)
	if n := len(d.first()); n < 60 {
		t.Errorf("only %d metrics", n)
	}
	if len(page) > 300_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "javascript:") {
		t.Error("the page needs a script")
	}
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := tab(t, chromedp.WithListener(func(e any) {
		switch e := e.(type) {
		case *runtime.EventConsoleAPICalled:
			t.Errorf("the console says %v", e.Args)
		case *runtime.EventExceptionThrown:
			t.Errorf("a script failed: %v", e.ExceptionDetails)
		}
	}))
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{360, 768, 1440} {
			t.Run(fmt.Sprintf("%s at %d", scheme, width), func(t *testing.T) {
				open(ctx, t, "file://"+file, width, scheme)
				look[int](ctx, t, `document.querySelectorAll("details").forEach(d => d.open = true);1`)
				if wide := look[float64](ctx, t, "document.documentElement.scrollWidth"); wide > float64(width) {
					t.Errorf("the page is %.0f pixels wide", wide)
				}
				if poor := look[[]string](ctx, t, contrast); len(poor) > 0 {
					t.Errorf("too little contrast: %s", strings.Join(poor, "; "))
				}
				if broken := look[[]string](ctx, t, brokenWords); len(broken) > 0 {
					t.Errorf("words break over lines: %s", strings.Join(broken, "; "))
				}
				figures := look[map[string]string](ctx, t, shown)
				for _, e := range d.Entries {
					if want := e.Amount(); len(e.Reading.Values) == 0 && figures[e.Definition.ID] != want {
						t.Errorf("%s shows %q, and the reading is %q", e.Definition.ID, figures[e.Definition.ID], want)
					}
				}
			})
		}
	}
}

// The dashboard leads to each page that the page of today leads to.
func TestIndex_LinksThePagesOfToday(t *testing.T) {
	d := launch(t)
	d.Page, d.Weekly, d.Gated, d.Judged = "https://github.com/caro/caro/blob/HEAD/reports/README.md", true, true, true
	index, n := Index(d), 0
	for _, m := range regexp.MustCompile(`\[(.*?)\]\((.*?)\)`).FindAllStringSubmatch(links(d), -1) {
		if m[1] == "Dashboard" {
			continue
		}
		n++
		if want := `<a href="https://github.com/caro/caro/blob/HEAD/reports/` + m[2] + `">` + m[1] + "</a>"; !strings.Contains(index, want) {
			t.Errorf("the dashboard lacks %s", want)
		}
	}
	if n != 5 {
		t.Errorf("the page of today links %d pages: %s", n, links(d))
	}
}

// Every metric that the dashboard shows links to its page.
func TestIndex_LinksEveryMetric(t *testing.T) {
	d := publishedDay()
	page := Index(d)
	for _, e := range d.first() {
		if !strings.Contains(page, fmt.Sprintf(`<a href="%s">%s</a>`, MetricPath(e.Definition.ID), e.Title())) {
			t.Errorf("%s has no link", e.Definition.ID)
		}
		own := MetricPage(d, e.Definition.ID)
		for _, want := range []string{"<h1>" + e.Title() + "</h1>", `href="../index.html"`, "<code>" + e.Definition.ID + "</code>"} {
			if !strings.Contains(own, want) {
				t.Errorf("the page of %s lacks %q", e.Definition.ID, want)
			}
		}
	}
	if page := MetricPage(d, "none"); page != "" {
		t.Errorf("a metric that is not there has a page:\n%s", page)
	}
}

// brokenWords finds words of a table that stand on more than one line, though
// they have at most 14 characters.
const brokenWords = `(() => {
  const broken = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    for (const m of n.textContent.matchAll(/[^\s-]{2,14}(?=\s|$)/g)) {
      if (m.index > 0 && !/\s/.test(n.textContent[m.index - 1])) continue;
      const r = document.createRange();
      r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
      const lines = new Set([...r.getClientRects()].filter(b => b.width > 1).map(b => Math.round(b.top)));
      if (lines.size > 1) broken.push(m[0]);
    }
  }
  return broken.slice(0, 10);
})()`

// look evaluates an expression on the page.
func look[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// contrast finds texts whose contrast with their ground is under 4.5 to 1
// (WCAG 2.2, relative luminance).
const contrast = `(() => {
  const rgb = c => c.match(/[\d.]+/g).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(e.className + " " + e.textContent.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return poor;
})()`

// shown are the figures on the page, by the name of the card.
const shown = `Object.fromEntries([...document.querySelectorAll("[data-metric]")].map(c => [c.dataset.metric, (c.querySelector(".figure") || {textContent: ""}).textContent]))`

func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "Chromium is not here, so the pages are not looked at: install it (Debian: apt-get install chromium)")
	return ""
}

// Nothing of a stranger's runs, links or mentions on the pages.
func TestPagesTameStrangers(t *testing.T) {
	d := wholeDay()
	d.Opened = []Recent{{Number: 1, Title: "@everyone <script>alert(1)</script> | #2 ](javascript:x)", URL: "https://github.com/caro/caro/issues/1", Labels: []string{"@here", "a|b"}}}
	for name, page := range map[string]string{"the day": DayPage(d), "today": Today(d), "the week": Digest(Week{Entries: d.Entries, From: now, Until: now.AddDate(0, 0, 7)}), "the summary": Snapshot(d, "", "", false)} {
		for _, bad := range []string{"<script", "<img", "](javascript", " @everyone", " @here"} {
			for line := range strings.Lines(page) {
				if strings.Contains(withoutCode(line), bad) {
					t.Errorf("%s holds %q: %s", name, bad, line)
				}
			}
		}
	}
	if page := Index(d); strings.Contains(page, "<img") || strings.Contains(page, "<script") {
		t.Error("the index holds a stranger's tag")
	}
}

// withoutCode is a line without its code spans.
func withoutCode(line string) string {
	parts := strings.Split(line, "`")
	var out strings.Builder
	for i := 0; i < len(parts); i += 2 {
		out.WriteString(parts[i])
	}
	return out.String()
}

func TestIssueBodiesAreCutAtASection(t *testing.T) {
	long := "**well**\n\n### One\n\n" + strings.Repeat("x", 40_000) + "\n\n### Two\n\n" + strings.Repeat("y", 40_000)
	got := IssueBody(long, "https://example.org/page")
	if len(got) > maxBody || strings.Contains(got, "yyy") || !strings.Contains(got, "exceeds the size limit") || !strings.HasSuffix(got, "(https://example.org/page)\n") {
		t.Errorf("%d characters, ends in %q", len(got), got[len(got)-120:])
	}
	if short := IssueBody("well", "https://example.org/page"); !strings.HasPrefix(short, "well\n") || strings.Contains(short, "longer") {
		t.Errorf("got %q", short)
	}
}

// A year of readings: how long a page takes.
func BenchmarkPages(b *testing.B) {
	d := wholeDay()
	for i := range d.Entries {
		for n := range 365 {
			v := float64(n)
			d.Entries[i].History = append(d.Entries[i].History, metric.Reading{At: now.AddDate(0, 0, n-365), Value: &v})
		}
	}
	for b.Loop() {
		Today(d)
		DayPage(d)
		Index(d)
		for _, e := range d.Entries {
			Chart(e, nil)
		}
	}
}

// What is past a threshold stands first on the dashboard, though it be no key metric,
// and in the header.
func TestTilesOf_LeadsWithWhatIsPastAThreshold(t *testing.T) {
	entry := func(id string, tile bool, level verdict.Level) Entry {
		one := 1.0
		return Entry{Definition: metric.Definition{ID: id, Title: id, Unit: "issues", Known: metric.Known{Tile: tile}}, Verdict: verdict.Verdict{Metric: id, Level: level, Unit: "issues", Number: verdict.Number{Value: &one}}}
	}
	entries := []Entry{
		entry("key", true, verdict.OK), entry("other", false, verdict.OK), entry("off target", false, verdict.Watch),
		entry("warned", true, verdict.Warning), entry("yanked", false, verdict.Critical),
	}
	var titles []string
	for _, one := range tilesOf(entries) {
		titles = append(titles, one.Definition.ID)
	}
	if got := strings.Join(titles, ", "); got != "yanked, warned, key" {
		t.Errorf("the tiles are %s", got)
	}
}

// The strip names each version in the first line that has room for it, and no two labels
// of a line overlap.
func TestStripLabels_NameEachVersion(t *testing.T) {
	from := time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)
	d := Day{Now: from.AddDate(0, 0, 23), Release: model.Release{Version: "v1.1.0-beta", Shipped: dayOf("2026-01-24")}}
	for n, version := range map[int]string{11: "v1.1.1-beta", 12: "v1.1.2-beta", 22: "v1.1.0", 23: "v1.1.1"} {
		d.Release.Family = append(d.Release.Family, model.Published{Version: version, At: from.AddDate(0, 0, n)})
	}
	got := map[string]stripLabel{}
	all := stripLabels(d, from, 24)
	for i, l := range all {
		got[l.Text] = l
		for _, o := range all[:i] {
			if o.Line == l.Line && o.From < l.To && l.From < o.To {
				t.Errorf("%+v and %+v overlap", o, l)
			}
		}
		if l.From < 1 || l.To > 25 || l.From >= l.To {
			t.Errorf("%+v is outside", l)
		}
	}
	for text, want := range map[string]stripLabel{
		"24 Jan · v1.1.0-beta": {From: 1, To: 5, Line: 1},
		"4 Feb · v1.1.1-beta":  {From: 12, To: 16, Line: 1, Wide: true},
		"5 Feb · v1.1.2-beta":  {From: 13, To: 17, Line: 2, Wide: true},
		"15 Feb · v1.1.0":      {From: 21, To: 25, Line: 2, Wide: true, End: true},
		"16 Feb · v1.1.1":      {From: 21, To: 25, Line: 3, Wide: true, End: true},
		"today":                {From: 21, To: 25, Line: 1, End: true},
	} {
		want.Text = text
		if got[text] != want {
			t.Errorf("got %+v, want %+v", got[text], want)
		}
	}
	if all := stripLabels(d, from, 1); len(all) != 1 || all[0].Text != "today" {
		t.Errorf("on the first day: %v", all)
	}
}
