package report

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// views are the plan's three dashboards, with the sections of the catalogue that
// each shows.
var views = []struct {
	id, title string
	sections  []string
}{
	{"health", "Health", []string{"System health", "Privacy and security", "Installation"}},
	{"quality", "Quality", []string{"Command generation", "Engagement", "Community", metric.Own}},
	{"platforms", "Platforms and growth", []string{"Platforms", "Features", "Growth"}},
}

// indexStyle is readable in light and in dark, from a phone to a wide screen.
const indexStyle = `
:root{color-scheme:light dark;--ground:#fff;--card:#f6f8fa;--edge:#d0d7de;--text:#1f2328;--soft:#57606a;--link:#0550ae;--critical:#b3151f;--warning:#7d4e00;--watch:#6b5b00;--ok:#116329;--unknown:#57606a}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--card:#161b22;--edge:#3d444d;--text:#f0f6fc;--soft:#a8b1bb;--link:#79b8ff;--critical:#ff8e87;--warning:#eac04d;--watch:#e3cf6b;--ok:#6fdd8b;--unknown:#a8b1bb}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main,header,footer{max-width:80rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
main>:first-child>h2{margin-top:0}
h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--edge);padding-bottom:.25rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem;color:var(--soft)}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:.5rem}
.lines{list-style:none;margin:0;padding:0}.lines li{padding:.25rem 0;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.75rem;list-style:none;margin:0;padding:0}
.card{background:var(--card);border:1px solid var(--edge);border-left-width:.4rem;border-radius:.5rem;padding:.75rem;min-width:0;overflow-wrap:anywhere}
.critical{border-left-color:var(--critical)}.warning{border-left-color:var(--warning)}.watch{border-left-color:var(--watch)}.ok{border-left-color:var(--ok)}.unknown{border-left-color:var(--unknown)}.aimless{border-left-color:var(--edge)}
.level{font-size:.8rem;font-weight:600;text-transform:uppercase;letter-spacing:.04em}
.l-critical{color:var(--critical)}.l-warning{color:var(--warning)}.l-watch{color:var(--watch)}.l-ok{color:var(--ok)}.l-unknown{color:var(--unknown)}.l-aimless{color:var(--soft)}
.name{font-weight:600;margin:0}.figure{font-size:1.6rem;line-height:1.2;margin:.15rem 0}.soft{color:var(--soft);font-size:.875rem;margin:.15rem 0}
dl{display:grid;grid-template-columns:1fr auto;gap:.1rem .75rem;margin:.25rem 0}dt,dd{margin:0;min-width:0}dd{text-align:right}
svg{display:block;width:100%;height:2.5rem}svg polyline{fill:none;stroke:var(--link);stroke-width:2;vector-effect:non-scaling-stroke}
@media print{.skip,nav{display:none}}
`

// Index is reports/index.html: the plan's three views on one page that needs
// nothing else, no script among it.
func Index(d Day) string {
	var b strings.Builder
	title := html.EscapeString(Headline(d))
	fmt.Fprintf(&b, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>%s</title>
<style>%s</style>
</head>
<body>
<a class="skip" href="#main">To the figures</a>
<header>
<h1>%s</h1>
<p class="soft">Measured <time datetime="%s">%s</time>%s.</p>
<nav aria-label="Views"><ul>`, title, indexStyle, title, d.Now.UTC().Format(time.RFC3339), clock(d.Now, time.Time{}), html.EscapeString(phaseOf(d)))
	for _, v := range views {
		fmt.Fprintf(&b, `<li><a href="#%s">%s</a></li>`, v.id, v.title)
	}
	if d.Page != "" {
		fmt.Fprintf(&b, `<li><a href="%s">The day, the week and the gate</a></li>`, html.EscapeString(d.Page))
	}
	b.WriteString("</ul></nav>\n</header>\n<main id=\"main\">\n")
	indexAttention(&b, d)
	for _, v := range views {
		indexView(&b, d, v.id, v.title, v.sections)
	}
	indexGaps(&b, d)
	b.WriteString("</main>\n<footer><p class=\"soft\">Made by Aftercare from the readings in this repository.</p></footer>\n</body>\n</html>\n")
	return b.String()
}

// indexAttention is what is not well, the worst first, a line each.
func indexAttention(b *strings.Builder, d Day) {
	bad := ailing(d)
	if len(bad) == 0 {
		fmt.Fprintf(b, "<p>%s</p>\n", quiet(d))
		return
	}
	b.WriteString("<section aria-labelledby=\"attention\">\n<h2 id=\"attention\">What needs attention</h2>\n<ul class=\"lines\">\n")
	for _, e := range bad {
		since := ""
		if !e.Since.IsZero() {
			since = ", since " + clock(e.Since, time.Time{})
		}
		fmt.Fprintf(b, "<li><span class=\"level l-%s\">%s</span> <strong>%s</strong>: %s%s</li>\n", e.Verdict.Level, e.Verdict.Level, html.EscapeString(e.Definition.ID), plainHTML(e.Verdict.Sentence(), mostCell), since)
	}
	b.WriteString("</ul>\n</section>\n")
}

func indexGaps(b *strings.Builder, d Day) {
	if len(d.Gaps)+len(d.Notes) == 0 {
		return
	}
	b.WriteString("<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\">What could not be read</h2>\n<ul>\n")
	for _, g := range d.Gaps {
		source := g.Source
		if g.Table != "" {
			source += ", " + g.Table
		}
		fmt.Fprintf(b, "<li><strong>%s</strong>: %s. %s</li>\n", plainHTML(source, 80), plainHTML(g.Reason, mostCell), plainHTML(g.Hint, mostCell))
	}
	for _, n := range d.Notes {
		fmt.Fprintf(b, "<li>%s</li>\n", plainHTML(n, mostCell))
	}
	b.WriteString("</ul>\n</section>\n")
}

// plainHTML is a text that may be a stranger's, as text of a page.
func plainHTML(s string, n int) string {
	return html.EscapeString(strings.Map(printable, oneLine(s, n)))
}

func indexView(b *strings.Builder, d Day, id, title string, sections []string) {
	fmt.Fprintf(b, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title)
	for _, section := range sections {
		var some []Entry
		for _, e := range d.Entries {
			if e.Definition.Section == section {
				some = append(some, e)
			}
		}
		if len(some) == 0 {
			continue
		}
		fmt.Fprintf(b, "<h3>%s</h3>\n<ul class=\"cards\">\n", section)
		for _, e := range byLevel(some) {
			card(b, e)
		}
		b.WriteString("</ul>\n")
	}
	b.WriteString("</section>\n")
}

func card(b *strings.Builder, e Entry) {
	level := e.Verdict.Level
	if level == "" {
		level = verdict.Unknown
	}
	style, words := string(level), string(level)
	if aimless(e) {
		style, words = "aimless", "no target"
	}
	name := e.Definition.ID
	if len(e.Definition.Window) > 1 {
		name += ", " + windowWords(e.Reading)
	}
	fmt.Fprintf(b, "<li class=\"card %s\" data-metric=\"%s\">\n<span class=\"level l-%s\">%s</span>\n<p class=\"name\">%s</p>\n", style, html.EscapeString(name), style, words, html.EscapeString(name))
	if e.Verdict.Value != nil || len(e.Reading.Values) == 0 {
		figure := Figure(e.Verdict)
		if e.Verdict.Value == nil && e.Reading.Values != nil {
			figure = "none" // a list that was read, and is empty
		}
		fmt.Fprintf(b, "<p class=\"figure\">%s</p>\n", plainHTML(figure, 100))
	}
	if len(e.Reading.Values) > 0 {
		b.WriteString("<dl>")
		for i, v := range e.Reading.Values {
			if i == mostKeys || v.Value == nil {
				break
			}
			fmt.Fprintf(b, "<dt>%s</dt><dd>%s</dd>", plainHTML(v.Key, 80), html.EscapeString(withUnit(*v.Value, e.Definition.Unit)))
		}
		b.WriteString("</dl>\n")
	}
	fmt.Fprintf(b, "<p class=\"soft\">%s</p>\n", plainHTML(e.Definition.Title, 200))
	switch {
	case level == verdict.Unknown:
		fmt.Fprintf(b, "<p class=\"soft\">%s</p>\n", plainHTML(firstOf(e.Verdict.Why, e.Reading.Reason), mostCell))
	case bounds(e) != "":
		fmt.Fprintf(b, "<p class=\"soft\">Wanted: %s</p>\n", plainHTML(bounds(e), mostCell))
	}
	if t := trend(e); t != "" {
		fmt.Fprintf(b, "<p class=\"soft\">%s</p>\n", plainHTML(t, mostCell))
	}
	sparkline(b, e)
	b.WriteString("</li>\n")
}

// sparkline is the past of a metric as a small picture; its words are in the
// card already.
func sparkline(b *strings.Builder, e Entry) {
	var values []float64
	for _, r := range append(append([]metric.Reading{}, e.History...), e.Reading) {
		if r.Value != nil {
			values = append(values, *r.Value)
		}
	}
	if len(values) < 3 {
		return
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if high == low {
		high = low + 1
	}
	var points []string
	for i, v := range values {
		points = append(points, fmt.Sprintf("%.1f,%.1f", 100*float64(i)/float64(len(values)-1), 22-20*(v-low)/(high-low)))
	}
	fmt.Fprintf(b, "<svg viewBox=\"0 0 100 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><polyline points=\"%s\"/></svg>\n", strings.Join(points, " "))
}
