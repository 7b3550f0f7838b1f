package audit

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

// signs are the levels as a page shows them, by sign or word.
var signs = map[string]string{
	"🔴": "critical", "🟠": "warning", "🟡": "watch", "🟢": "ok", "⚪": "unknown", "–": "–",
	"critical": "critical", "warning": "warning", "off target": "watch", "on target": "ok", "no data": "unknown", "no comparison": "–",
}

// row is a metric in a table or a list: the cells by what they are.
type row struct {
	place
	level           string // a sign or a word; empty where the page shows none
	value           string // of a breakdown the keys, each on its line
	detail          string // what stands beside the figure, in a cell of its own
	change          string
	lowest, highest string
	share           string // "4 of 8" days
}

// verify compares a row with the reading that decides it.
func (a *audit) verify(w row) {
	some, known := a.find(w.title)
	if !known {
		a.unread(w.place, "the plan has no metric of this title")
		return
	}
	if a.at.month {
		a.ofMonth(w, some[0])
		return
	}
	length, isWindow := lengthOf(w.window)
	if !isWindow {
		a.unread(w.place, "the window "+w.window+" cannot be read")
		return
	}
	for _, m := range some {
		r, found := a.reading(a.at, m.ID, length)
		if !found {
			continue
		}
		if level := signs[w.level]; level != "" && a.aside(m, length) {
			a.same(w.place, "level", w.level, level == "–", "none beside the metric's own window")
		} else if level != "" {
			a.same(w.place, "level", w.level, level == r.Verdict || level == "–" && (r.Verdict == "ok" || uncompared(r)) || r.Verdict == "", r.Verdict)
		}
		value := w.value
		if w.detail != "" && r.Values == nil { // of a breakdown it is about the key that decides
			value += "\n" + w.detail
		}
		a.value(w.place, value, r)
		a.saidEarlier(w.place, m, length, value)
		// Earlier versions did not keep what a breakdown is compared with.
		if kept := r.Values == nil || r.Previous != nil; kept && w.change != "" && w.change != "–" {
			a.same(w.place, "change", w.change, hasMoved(w.change, r), fmt.Sprintf("%s after %s", told(r.Value), told(r.Previous)))
		}
		return
	}
	a.unread(w.place, "there is no reading of it over "+cmp.Or(w.window, "now"))
}

// aside reports whether a window is beside the one by which a page about a day judges
// a metric, so that its figure has no level there.
func (a *audit) aside(m Metric, length time.Duration) bool {
	return a.at.from.IsZero() && !a.at.gate && length != m.Own
}

// uncompared reports whether a reading has a figure and nothing to compare it with,
// so that a page shows no level.
func uncompared(r metric.Reading) bool {
	return r.Verdict == "unknown" && r.Value != nil
}

// hasMoved reports whether a change is that of a reading; of a breakdown, that of
// the key that decides.
func hasMoved(shown string, r metric.Reading) bool {
	if r.Previous == nil {
		return false
	}
	for _, v := range append(r.Values, metric.Entry{Value: r.Value}) {
		if v.Value != nil && moved(shown, *v.Value, *r.Previous) {
			return true
		}
	}
	return false
}

// value compares the figure of a cell, and what stands beside it.
func (a *audit) value(p place, shown string, r metric.Reading) {
	shown = strings.TrimSpace(shown)
	first, rest, _ := strings.Cut(shown, "\n")
	switch {
	case shown == "":
	case strings.HasPrefix(first, "–") || strings.HasPrefix(first, "no data"):
		unknown := r.Value == nil || r.Verdict == "unknown"
		a.same(p, "value", first, unknown, told(r.Value))
		a.beside(p, strings.TrimPrefix(first, "no data")+" "+rest, r)
	case first == "none":
		a.same(p, "value", first, r.Values != nil && len(r.Values) == 0, fmt.Sprintf("%d keys", len(r.Values)))
	case r.Values != nil:
		a.keys(p, shown, r)
	default:
		n := figure.FindString(first)
		unit := strings.TrimPrefix(first, n)
		a.same(p, "value", first, n != "" && r.Value != nil && rounds(n, *r.Value) && strings.HasPrefix(unit, "%") == (r.Unit == "%"), told(r.Value)+" "+r.Unit)
		a.beside(p, unit+" "+rest, r)
	}
}

// beside compares sample, total and interval, which stand beside a figure.
func (a *audit) beside(p place, text string, r metric.Reading) {
	if m := samples.FindStringSubmatch(text); m != nil {
		a.same(p, "sample", strings.TrimSpace(m[0]), r.Part != nil && r.Whole != nil && rounds(m[1], *r.Part) && rounds(m[2], *r.Whole), pair(r.Part, r.Whole))
	} else if m := cases.FindStringSubmatch(text); m != nil {
		a.same(p, "sample", strings.TrimSpace(m[0]), r.Sample != nil && rounds(m[1], *r.Sample), told(r.Sample))
	}
	if m := totals.FindStringSubmatch(text); m != nil {
		a.same(p, "total", m[0], r.Sample != nil && rounds(m[1], *r.Sample), told(r.Sample))
	}
	if m := limits.FindStringSubmatch(text); m != nil && r.Part != nil && r.Whole != nil {
		low, high := wilson(*r.Part, *r.Whole, parse(m[1]))
		a.same(p, "interval", m[0], rounds(m[2], low) && rounds(m[3], high), fmt.Sprintf("%.4g–%.4g", low, high))
	}
}

var (
	share   = regexp.MustCompile(`\((-?[\d,.]+)%\)`)
	more    = regexp.MustCompile(`^(\d+) more(?:, the least (.*))?$`)
	totalOf = regexp.MustCompile(`^total ([\d,.]+)$`)
	spaces  = regexp.MustCompile(`\s+`)
)

// overlap is what a page says below the counts of labels, which do not add up.
const overlap = "one may count under several labels"

// keys compares a breakdown: a line for each key, or one line of them.
func (a *audit) keys(p place, shown string, r metric.Reading) {
	total := 0.0
	for _, v := range r.Values {
		if v.Value != nil {
			total += max(0, *v.Value)
		}
	}
	listed := 0
	for line := range strings.Lines(shown) {
		for line = words(line); line != ""; {
			if m := more.FindStringSubmatch(line); m != nil {
				a.same(p, "count", m[1]+" more", number(m[1]) == len(r.Values)-listed, fmt.Sprintf("%d more", len(r.Values)-listed))
				if line = m[2]; line == "" {
					break
				}
			}
			if m := totalOf.FindStringSubmatch(line); m != nil {
				a.same(p, "total", line, rounds(m[1], total), told(&total))
				break
			}
			if line == overlap {
				break
			}
			key, rest, found := keyIn(line, r.Values)
			if !found {
				a.same(p, "value", line, false, "no such key")
				break
			}
			n := figure.FindString(rest)
			p.key = key.Key
			a.same(p, "value", key.Key+" "+n, n != "" && key.Value != nil && rounds(n, *key.Value), told(key.Value))
			rest, listed = strings.TrimPrefix(rest, n), listed+1
			one, others, _ := strings.Cut(rest, ", ")
			if m := share.FindStringSubmatch(one); m != nil && key.Value != nil {
				part := 100 * *key.Value / total
				a.same(p, "share", m[0], rounds(m[1], part), told(&part))
			}
			line = others
		}
	}
}

// keyIn is the entry with whose key a text begins, the longest of them, and what
// follows. A long key is shown shortened, and sites by their names.
func keyIn(text string, values []metric.Entry) (metric.Entry, string, bool) {
	best, rest := -1, ""
	length := 0
	for i, v := range values {
		for _, shown := range shownAs(v.Key, text) {
			if len(shown) > length && strings.HasPrefix(text, shown) {
				best, rest, length = i, strings.TrimLeft(text[len(shown):], " :`"), len(shown)
			}
		}
	}
	if best < 0 {
		return metric.Entry{}, "", false
	}
	return values[best], rest, true
}

// shownAs are the ways in which a text may show a key.
func shownAs(key, text string) []string {
	key = words(key)
	all := []string{key}
	if i := strings.Index(text, "…"); i > 0 && strings.HasPrefix(key, text[:i]) {
		all = append(all, text[:i+len("…")])
	}
	// Sites have names: hackernews is Hacker News.
	at := 0
	for i, c := range text {
		if at == len(key) {
			return append(all, text[:i])
		}
		if c != ' ' {
			if !strings.EqualFold(string(c), key[at:at+1]) {
				break
			}
			at++
		}
	}
	return all
}

// words is a text as people see it: without marks of Markdown and invisible signs,
// with one space between words.
func words(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0xad, r == 0x61c:
			return -1
		case r == '|':
			return '¦'
		}
		return r
	}, text)
	return strings.TrimSpace(spaces.ReplaceAllString(text, " "))
}

// ofMonth compares a row about a month, or the whole watch, with its readings.
func (a *audit) ofMonth(w row, m Metric) {
	course := a.course(a.at, m)
	low, high, known, met := math.Inf(1), math.Inf(-1), 0, 0
	for _, r := range course {
		if r.Value != nil {
			low, high = min(low, *r.Value), max(high, *r.Value)
		}
		if (r.Value != nil || r.Values != nil) && r.Verdict != "unknown" {
			known++
			if r.Verdict == "ok" || r.Verdict == "" {
				met++
			}
		}
	}
	for _, p := range a.peaks { // what alerts recorded between two readings
		if p.Metric == m.ID && !p.At.Before(a.at.from) && p.At.Before(a.at.until) {
			low, high = min(low, *p.Value), max(high, *p.Value)
		}
	}
	for _, end := range []struct {
		what, shown string
		is          float64
	}{{"lowest", w.lowest, low}, {"highest", w.highest, high}} {
		if end.shown != "" && end.shown != "–" {
			a.same(w.place, end.what, end.shown, is(end.shown, end.is), told(&end.is))
		}
	}
	if part, whole, found := strings.Cut(w.share, " of "); found {
		// A day on target with an alert is none, so there may be fewer.
		a.same(w.place, "days", w.share, number(whole) == known && number(part) <= met, fmt.Sprintf("%d of %d", met, known))
	}
}

// incident compares the worst figure of an alert with the readings: one of them
// must be it.
func (a *audit) incident(line int, text string) {
	text = strings.TrimLeft(text, "🔴🟠🟡🟢– ")
	m, rest, found := a.leading(text)
	rest = strings.TrimLeft(rest, ": ")
	n := figure.FindString(rest)
	if !found || n == "" {
		return // mail and mentions are no readings
	}
	fits := func(r metric.Reading) bool {
		if r.Metric != m.ID || r.Value == nil || !rounds(n, *r.Value) || r.At.After(a.at.until) && !a.at.until.IsZero() {
			return false
		}
		s := samples.FindStringSubmatch(rest)
		return s == nil || r.Part != nil && r.Whole != nil && rounds(s[1], *r.Part) && rounds(s[2], *r.Whole)
	}
	a.same(place{line: line, title: m.Title}, "incident", strings.TrimSpace(rest), slices.ContainsFunc(a.all, fits) || slices.ContainsFunc(a.peaks, fits), "no reading with this figure")
}
