package audit

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// html compares the tables and tiles of the dashboard, and the tables of the page
// of a metric.
func (a *audit) html(src string) {
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		a.unread(place{title: "the page"}, err.Error())
		return
	}
	for n := range doc.Descendants() {
		if n.DataAtom == atom.H1 {
			a.title = textOf(n)
		}
	}
	a.compared = a.comparedDay(doc)
	heading := ""
	for n := range doc.Descendants() {
		switch {
		case n.DataAtom == atom.H2:
			heading = textOf(n)
		case n.DataAtom == atom.Table:
			a.htmlTable(n, heading)
		case n.DataAtom == atom.Li && hasClass(n, "tile"):
			a.tile(n)
		case n.DataAtom == atom.Span && hasClass(n, "pill"):
			a.tally(0, textOf(n))
		}
	}
}

func (a *audit) htmlTable(table *html.Node, heading string) {
	var heads []string
	for r := range table.Descendants() {
		if r.DataAtom != atom.Tr {
			continue
		}
		var row []string
		by := map[string]string{}
		for c := range r.ChildNodes() {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			if i := len(row); i < len(heads) {
				head := heads[i]
				if strings.HasPrefix(head, sameDayHead) {
					head = sameDayHead
				}
				by[columns[head]] = cellText(c)
			}
			row = append(row, textOf(c))
		}
		switch {
		case heads == nil:
			heads = row
		case heads[0] == "Version":
			versions := map[string]string{}
			for i := range row {
				versions[heads[i]] = row[i]
			}
			a.version(0, "", versions)
		case by["incident"] != "":
			a.incident(0, strings.TrimSpace(trimLevel(row[1])))
			for n := range r.Descendants() {
				if n.DataAtom == atom.Li {
					a.incident(0, trimLevel(textOf(n)))
				}
			}
		case groupHead.MatchString(by["metric"]):
			for n := range r.Descendants() {
				if n.DataAtom == atom.Li {
					a.member(0, textOf(n))
				}
			}
		case by["metric"] != "":
			title, window, _ := strings.Cut(by["metric"], "\n")
			a.verify(htmlRow(title, window, by))
		case by["window"] != "":
			a.verify(htmlRow(a.title, by["window"], by))
			some, known := a.find(a.title)
			if length, isWindow := lengthOf(by["window"]); known && isWindow && by["same"] != "" && by["same"] != "–" {
				a.earlier(place{title: a.title, window: by["window"]}, some[0], length, a.compared, by["same"])
			}
		case by["day"] != "":
			a.ofDay(by)
		case by["key"] != "":
			a.ofKey(a.title, by["key"], by["value"])
		case by["of version"] != "": // the heading names the metric and its window
			title, _, _ := strings.Cut(strings.Replace(heading, ", on ", ", last ", 1), ", last ")
			a.ofKey(title, by["of version"], by["value"])
		}
	}
}

// ofDay compares a day's row on the page of a metric.
func (a *audit) ofDay(by map[string]string) {
	at, err := time.Parse("2 Jan 2006", by["day"])
	some, known := a.find(a.title)
	if err != nil || !known {
		a.unread(place{title: a.title}, "the row of "+by["day"]+" is of no day or of no metric")
		return
	}
	page := a.at
	a.at = basis{until: at.Add(day - time.Second)}
	a.verify(htmlRow(a.title, windowIn(some[0].Own), by))
	a.at = page
}

// ofKey compares a key's row in a table of a breakdown on the page of a metric.
func (a *audit) ofKey(title, key, value string) {
	p := place{title: title}
	some, known := a.find(title)
	if !known {
		a.unread(p, "the plan has no metric of this title")
		return
	}
	p.window = windowIn(some[0].Own)
	if r, found := a.reading(a.at, some[0].ID, some[0].Own); found {
		a.keys(p, key+" "+value, r)
	}
}

func htmlRow(title, window string, by map[string]string) row {
	return row{place: place{title: title, window: window}, level: by["level"], value: by["value"], change: by["change"], detail: by["detail"]}
}

// trimLevel drops the word of a level before the title of an incident.
func trimLevel(text string) string {
	for word := range signs {
		if rest, found := strings.CutPrefix(text, word+" "); found {
			return rest
		}
	}
	return text
}

var foot = regexp.MustCompile(`(?:last|on) (\d+ \w+)`)

// tile compares a tile: its name, its figure with the change, and its foot.
func (a *audit) tile(li *html.Node) {
	w := row{}
	for n := range li.Descendants() {
		switch {
		case hasClass(n, "name"):
			w.title = textOf(n)
		case n.DataAtom == atom.Small:
			w.change = textOf(n)
		case hasClass(n, "v"):
			w.value = textOf(n)
		case hasClass(n, "foot"):
			text := textOf(n)
			if m := foot.FindStringSubmatch(text); m != nil {
				w.window = m[1]
			}
			w.detail = strings.ReplaceAll(text, " · ", "\n ")
		}
	}
	if w.change != "" {
		w.value = strings.Replace(w.value, " "+w.change, "", 1)
	}
	if w.window == "" { // the foot of a tile without data says why, and no window
		if some, known := a.find(w.title); known && some[0].Own > 0 {
			w.window = windowIn(some[0].Own)
		}
	}
	a.verify(w)
}

// cellText is the text of a cell, with what is small print on a line of its own.
func cellText(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if hasClass(c, "m") || hasClass(c, "sub") {
			b.WriteString("\n")
		}
		if c.DataAtom != atom.Svg {
			b.WriteString(textOf(c))
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// textOf is the text of an element, without what repeats another cell on narrow
// screens.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if hasClass(n, "slim") {
		return ""
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(textOf(c))
	}
	return words(b.String())
}

func hasClass(n *html.Node, class string) bool {
	return slices.ContainsFunc(n.Attr, func(at html.Attribute) bool {
		return at.Key == "class" && slices.Contains(strings.Fields(at.Val), class)
	})
}

var (
	chartTitle  = regexp.MustCompile(`<text class="title" x="\d+" y="\d+">(.*?)</text>`)
	chartFigure = regexp.MustCompile(`<text class="title" x="\d+" y="\d+" text-anchor="end">(.*?)</text>`)
)

// chart compares the figure in the corner of a chart with the newest reading.
func (a *audit) chart(src string) {
	title, value := chartTitle.FindStringSubmatch(src), chartFigure.FindStringSubmatch(src)
	if title == nil || value == nil {
		a.unread(place{title: "the chart"}, "it has no title and no figure")
		return
	}
	name, window, found := strings.Cut(html.UnescapeString(title[1]), ", each point: ")
	if !found { // as earlier versions wrote
		name, window, _ = strings.Cut(name, ", last ")
	}
	a.verify(row{place: place{title: name, window: window}, value: html.UnescapeString(value[1])})
	if some, known := a.find(name); known {
		if length, isWindow := lengthOf(window); isWindow {
			a.saidEarlier(place{title: name, window: window}, some[0], length, html.UnescapeString(src))
		}
	}
	if m := chartEnds.FindStringSubmatch(html.UnescapeString(src)); m != nil {
		a.end(name, window, m[1], m[2])
		a.end(name, window, m[3], m[4])
	}
}

var chartEnds = regexp.MustCompile(`<desc id="d">.*?: (\S+)[^:]*? on (\d+ [A-Z][a-z]{2}), (\S+).*? on (\d+ [A-Z][a-z]{2}), \d+ days? with data`)

// end compares the value that a chart's description gives for a day.
func (a *audit) end(name, window, shown, date string) {
	some, known := a.find(name)
	length, isWindow := lengthOf(window)
	if !known || !isWindow {
		return
	}
	r, found := last(a.all, func(r metric.Reading) bool {
		return r.Metric == some[0].ID && !r.OfWeek() && r.Until.Sub(r.From) == length && r.At.UTC().Format("2 Jan") == date
	})
	a.same(place{title: name, window: window}, "value on "+date, shown, found && r.Value != nil && is(shown, *r.Value), told(r.Value))
}

// feed compares the incidents in the titles of a feed's entries.
func (a *audit) feed(src string) {
	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(src), &feed); err != nil {
		a.unread(place{title: "the feed"}, err.Error())
		return
	}
	a.at = basis{}
	for _, e := range feed.Entries {
		a.incident(0, e.Title)
	}
}
