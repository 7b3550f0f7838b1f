package audit

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// columns are the heads of tables, by what stands in them.
var columns = map[string]string{
	"Metric": "metric", "Criterion": "metric", "Now": "value", "Value": "value", "This week": "value", "Evidence": "value", "Current": "value", "Change": "change", "Detail": "detail",
	"Lowest": "lowest", "Highest": "highest", "Days on target without an alert": "share",
	"Lowest reading": "lowest", "Highest reading": "highest", "Days on target": "share", // as earlier versions wrote
	"Incident": "incident", "": "level", "Level": "level",
	"Window": "window", "Day": "day", "Key": "key", "Of version": "of version", sameDayHead: "same",
}

var (
	boxLine   = regexp.MustCompile(`^- (?:\[[ x]\]|⚪|–) \*\*(.+?)\*\*(?:, (now|[0-9]+ [A-Za-z]+))?: (.*)$`)
	boldLine  = regexp.MustCompile(`^(?:- (?:\S+ )?|\d+\. )\*\*(.+?)\*\*(?:: (.*)| on (.*))?$`)
	movedLine = regexp.MustCompile(`^- (🔴|🟠|🟡|🟢|–) ([^*].*) \((.*) against the previous week\)(?:, .*)?$`)
	listLine  = regexp.MustCompile("^- (`.*`: .*)$")
	moreLine  = regexp.MustCompile(`^- (\d+ more)$`)
	nextLine  = regexp.MustCompile(`^(?:Next step|Then)(?: for .+?)?: (?:(Respond to|Follow up on) )?(.*)\.$`)
	heading   = regexp.MustCompile(`^#{2,3} (.*)$`)
	link      = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\([^)]*\)`)
	escape    = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	subMark   = regexp.MustCompile(`</?sub>`)
	codeMark  = regexp.MustCompile("^(`+) ?(.*?) ?(`+)(:? .*)?$")
)

// plain is a piece of Markdown as people read it: no links, marks or escapes, with
// a line for each <br>.
func plain(text string) string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(text), "<br>") {
		line = subMark.ReplaceAllString(line, "")
		if m := codeMark.FindStringSubmatch(strings.TrimSpace(line)); m != nil && m[1] == m[3] {
			lines = append(lines, m[2]+strings.Replace(m[4], ":", "", 1))
			continue
		}
		line = link.ReplaceAllString(strings.ReplaceAll(line, "**", ""), "$1")
		lines = append(lines, escape.ReplaceAllString(html.UnescapeString(line), "$1"))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// cells are those of a table's line. A pipe in a cell is escaped.
func cells(line string) []string {
	var all []string
	from := 1
	for i := 1; i < len(line); i++ {
		if line[i] == '|' && line[i-1] != '\\' {
			all, from = append(all, strings.TrimSpace(line[from:i])), i+1
		}
	}
	return all
}

// markdown compares the tables and lists of a page.
func (a *audit) markdown(src string) {
	var heads []string
	section, list, n := "", 0, 0
	if a.name == "README.md" {
		a.head, _, _ = strings.Cut(src, "\n")
	}
	for line := range strings.Lines(src) {
		n++
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "|---"):
		case strings.HasPrefix(line, "|"):
			if heads == nil {
				heads = cells(line)
			} else {
				a.tableRow(n, section, heads, cells(line))
			}
			continue
		case heading.MatchString(line):
			section, list = plain(heading.FindStringSubmatch(line)[1]), 0
		default:
			list = a.line(n, section, list, line)
		}
		if !strings.HasPrefix(line, "|") {
			heads = nil
		}
	}
}

// tableRow compares a row of a table of metrics, of incidents or of versions.
func (a *audit) tableRow(line int, section string, heads, row []string) {
	if len(row) != len(heads) {
		return
	}
	by := map[string]string{}
	for i, head := range heads {
		by[columns[head]] = row[i]
		by["="+head] = row[i]
	}
	switch {
	case heads[0] == "Version":
		by = map[string]string{}
		for i, head := range heads {
			by[head] = plain(row[i])
		}
		a.version(line, section, by)
	case by["incident"] != "":
		for _, one := range strings.Split(plain(by["incident"]), "\n") { // the alerts of a group have a line each
			a.incident(line, one)
		}
	case weekHead.MatchString(heads[min(1, len(heads)-1)]):
		a.weeks(line, rowOf(line, by), plain(row[1]), plain(row[2]))
	case groupHead.MatchString(plain(by["metric"])):
		for _, one := range strings.Split(plain(by["metric"]), "\n")[1:] {
			a.member(line, one)
		}
	case by["metric"] != "":
		if w := rowOf(line, by); w.window != "" || by["=Criterion"] == "" { // a box that people check has no window
			a.verify(w)
		}
	}
}

// groupHead begins a row about several alerts, which has a line for each metric:
// "🔴 Crash rate: 11.3%, last 24 hours, target < 0.1%".
var groupHead = regexp.MustCompile(`^\d+ alerts in one message: `)

// member compares a metric of a group of alerts.
func (a *audit) member(line int, text string) {
	level := ""
	for sign := range signs {
		if rest, found := strings.CutPrefix(text, sign+" "); found {
			level, text = sign, rest
			break
		}
	}
	of, rest, found := a.leading(text)
	if !found {
		a.unread(place{line: line, title: text}, "the plan has no metric of this title")
		return
	}
	parts := strings.Split(strings.TrimPrefix(rest, ": "), ", ")
	w := row{place: place{line: line, title: of.Title}, level: level, value: parts[0]}
	for _, p := range parts[1:] {
		for _, over := range []string{"last ", "on "} {
			if window, found := strings.CutPrefix(p, over); found {
				w.window = window
			}
		}
	}
	a.verify(w)
}

// weekHead heads the column of a week of the release on the page of its last day.
var weekHead = regexp.MustCompile(`^To \d{1,2}.[A-Z][a-z]{2}$`)

// weeks compares a metric over two weeks of the release, of which the later ends with the
// day of the page.
func (a *audit) weeks(line int, w row, before, after string) {
	some, known := a.find(w.title)
	length, isWindow := lengthOf(w.window)
	if !known || !isWindow {
		a.unread(w.place, "the plan has no metric of this title and window")
		return
	}
	was, found := a.reading(basis{until: a.at.until.AddDate(0, 0, -7)}, some[0].ID, length)
	now, foundNow := a.reading(a.at, some[0].ID, length)
	if !found || !foundNow {
		a.unread(w.place, "there is no reading of both weeks")
		return
	}
	a.value(w.place, before, was)
	a.value(w.place, after, now)
	now.Previous = was.Value
	a.same(w.place, "change", w.change, hasMoved(w.change, now), fmt.Sprintf("%s after %s", told(now.Value), told(was.Value)))
}

func rowOf(line int, by map[string]string) row {
	title, window, _ := strings.Cut(plain(by["metric"]), "\n")
	w := row{place: place{line: line, title: title, window: window}, level: plain(by["level"]), value: plain(by["value"]), change: plain(by["change"]), detail: plain(by["detail"]),
		lowest: plain(by["lowest"]), highest: plain(by["highest"]), share: plain(by["share"])}
	for sign := range signs {
		if rest, found := strings.CutPrefix(title, sign+" "); found {
			w.level, w.title = sign, rest
		}
	}
	if by["=Evidence"] != "" {
		w.value = strings.TrimPrefix(w.value, "missed: ")
		if !figure.MatchString(w.value) {
			w.value = "" // a box that people check, or no data
		}
		w.level = ""
	}
	return w
}

// line compares a line of text, and answers how many lines of its list were.
func (a *audit) line(n int, section string, listed int, line string) int {
	text := plain(line)
	switch {
	case boxLine.MatchString(line):
		m := boxLine.FindStringSubmatch(line)
		a.box(n, plain(m[1]), m[2], plain(m[3]))
	case movedLine.MatchString(text):
		m := movedLine.FindStringSubmatch(text)
		if of, rest, found := a.leading(m[2]); found {
			a.verify(row{place: place{line: n, title: of.Title, window: windowOf(of)}, level: m[1], value: strings.TrimSpace(rest), change: m[3]})
		}
	case nextLine.MatchString(text):
		m := nextLine.FindStringSubmatch(text)
		a.next(n, m[1] != "", m[2])
	case boldLine.MatchString(line):
		m := boldLine.FindStringSubmatch(line)
		a.bold(n, plain(m[1]), plain(m[2]))
	case listLine.MatchString(line):
		a.item(n, section, plain(listLine.FindStringSubmatch(line)[1]))
		return listed + 1
	case moreLine.MatchString(line) && listed > 0:
		a.rest(n, section, listed, moreLine.FindStringSubmatch(line)[1])
	default:
		a.tally(n, text)
	}
	return listed
}

// box compares a box of the daily check. Earlier versions named no window.
func (a *audit) box(line int, title, window, text string) {
	some, known := a.find(title)
	if !known {
		return // alerts and issues are no readings
	}
	if r, found := a.reading(a.at, some[0].ID, some[0].Own); found {
		if r.Values == nil {
			text = strings.Replace(text, ", ", "\n", 1)
		}
		if length, is := lengthOf(window); window != "" {
			a.same(place{line: line, title: title}, "window", window, is && length == some[0].Own, windowIn(some[0].Own))
		}
		a.value(place{line: line, title: title}, text, r)
	}
}

// bold compares a highlight, which begins with a metric's title, or an action item,
// whose reason does: "**Answer the issues that wait**: Unanswered issues: 3, target 0".
func (a *audit) bold(line int, title, text string) {
	some, known := a.find(title)
	isAction := false
	if of, rest, found := a.leading(text); !known && found && strings.HasPrefix(rest, ": ") {
		some, known, isAction, text = []Metric{of}, true, true, strings.TrimPrefix(rest, ": ")
	}
	at := figure.FindStringIndex(text)
	switch {
	case !known:
		a.incident(line, title)
	case a.at.month || at == nil || at[0] > 0:
	default:
		r, found := a.reading(a.at, some[0].ID, some[0].Weekly)
		if !found {
			return
		}
		p := place{line: line, title: some[0].Title, window: windowOf(some[0])}
		a.value(p, strings.Replace(text, ", ", "\n", 1), r)
		if isAction {
			due := r.Verdict == "critical" || r.Verdict == "warning" || r.Verdict == "watch"
			a.same(p, "action", title, due, r.Verdict)
		}
	}
}

// next compares the figure in the next step of a page: that of an alert, or that of the
// metric for whose sake something is to be done, which stands in brackets at the end.
func (a *audit) next(line int, isAlert bool, text string) {
	if isAlert {
		_, rest, found := a.leading(text)
		if at := figure.FindStringIndex(strings.TrimLeft(rest, ": ")); found && at != nil && at[0] == 0 {
			a.incident(line, text)
		}
		return
	}
	for i := range text {
		if !strings.HasPrefix(text[i:], " (") {
			continue
		}
		of, rest, found := a.leading(text[i+2:])
		if !found || !strings.HasPrefix(rest, ": ") {
			continue
		}
		if r, known := a.reading(a.at, of.ID, of.Own); known {
			p := place{line: line, title: of.Title}
			a.value(p, strings.Replace(strings.TrimSuffix(strings.TrimPrefix(rest, ": "), ")"), ", ", "\n", 1), r)
			a.same(p, "action", text[:i], r.Verdict == "critical" || r.Verdict == "warning" || r.Verdict == "watch", r.Verdict)
		}
		return
	}
}

// item compares an item of a list that is a breakdown.
func (a *audit) item(line int, section, text string) {
	if m, r, found := a.listed(section); found {
		a.keys(place{line: line, title: m.Title}, text, r)
	}
}

func (a *audit) rest(line int, section string, listed int, text string) {
	if m, r, found := a.listed(section); found {
		a.same(place{line: line, title: m.Title}, "count", text, text == fmt.Sprintf("%d more", len(r.Values)-listed), fmt.Sprintf("%d more", len(r.Values)-listed))
	}
}

// listed is the breakdown that a section's list shows. A month names its window in
// the section: "Mail by label, 24 hours to 28 Jan".
func (a *audit) listed(section string) (Metric, metric.Reading, bool) {
	some, known := a.find(section)
	over := ""
	if i := strings.LastIndex(section, ", "); !known && i > 0 {
		over = section[i+2:]
		some, known = a.find(section[:i])
	}
	if !known {
		return Metric{}, metric.Reading{}, false
	}
	if r, days := summed(a.course(a.at, some[0])); a.at.month && some[0].Own == day && days > 0 {
		if window := fmt.Sprintf("%d days to %s", days, r.Until.UTC().Format("2 Jan")); over != window && (days > 1 || over != "1 day"+strings.TrimPrefix(window, "1 days")) {
			a.same(place{title: some[0].Title}, "window", over, false, window)
		}
		return some[0], r, true
	}
	if a.at.month {
		r, found := last(a.course(a.at, some[0]), func(r metric.Reading) bool { return len(r.Values) > 0 })
		if window := windowIn(some[0].Own) + " to " + r.Until.UTC().Format("2 Jan"); found && some[0].Own > 0 && over != window {
			a.same(place{title: some[0].Title}, "window", over, false, window)
		}
		return some[0], r, found
	}
	for _, length := range []time.Duration{some[0].Weekly, some[0].Own} {
		if r, found := a.reading(a.at, some[0].ID, length); found {
			return some[0], r, true
		}
	}
	return Metric{}, metric.Reading{}, false
}

// summed adds up the breakdowns of days, as a page of a longer period lists them.
func summed(all []metric.Reading) (sum metric.Reading, days int) {
	by := map[string]float64{}
	for _, r := range all {
		if r.Values == nil {
			continue
		}
		days, sum.Until = days+1, r.Until
		for _, v := range r.Values {
			if v.Value != nil {
				by[v.Key] += *v.Value
			}
		}
	}
	for key, n := range by {
		sum.Values = append(sum.Values, metric.Entry{Key: key, Value: &n})
	}
	return sum, days
}

func windowOf(m Metric) string { return windowIn(m.Weekly) }

// windowIn is a length of time as pages name a window.
func windowIn(length time.Duration) string {
	switch {
	case length == 0:
		return ""
	case length == day:
		return "24 hours"
	}
	return fmt.Sprintf("%d days", length/day)
}
