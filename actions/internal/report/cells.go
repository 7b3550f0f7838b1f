package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

func row(b *strings.Builder, d Day, e Entry, charts string) {
	name := e.Definition.ID
	if len(e.Definition.Window) > 1 {
		name += " (" + windowWords(e.Reading) + ")"
	}
	if d.Charts[e.Definition.ID] {
		name = fmt.Sprintf("[%s](%s%s.svg)", name, charts, e.Definition.ID)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", name, mark(e), nowCell(e), beforeCell(e), orDash(Cell(wanted(e))), Spark(e.History, e.Reading))
}

// overWords is a window in words: now, or over so long.
func overWords(length time.Duration) string {
	switch {
	case length <= 0:
		return "now"
	case length%day == 0:
		return "over " + times(int(length/day), "day")
	case length%time.Hour == 0:
		return "over " + times(int(length/time.Hour), "hour")
	}
	return "over " + span(length)
}

func windowWords(r metric.Reading) string {
	length := r.Until.Sub(r.From)
	if length <= 0 {
		return "now"
	}
	return span(length)
}

// wanted are the bounds of an entry; of an unknown one, why it is.
func wanted(e Entry) string {
	if e.Verdict.Level == verdict.Unknown {
		return whyUnknown(e)
	}
	return bounds(e)
}

func figureCell(v verdict.Verdict) string {
	if v.Value == nil {
		return "–"
	}
	text := figureOf(v)
	if v.Key != "" {
		text = Cell(oneLine(v.Key, 60)) + ": " + text
	}
	if v.Part != nil && v.Whole != nil {
		text += fmt.Sprintf("<br><sub>%s of %s</sub>", short(*v.Part), short(*v.Whole))
	} else if v.Sample != nil {
		text += fmt.Sprintf("<br><sub>of %s</sub>", short(*v.Sample))
	}
	return text
}

// mostKeys is how many keys of a breakdown a table shows.
const mostKeys = 5

func breakdownCell(e Entry) string {
	if len(e.Reading.Values) == 0 {
		if e.Reading.Values != nil {
			return "none"
		}
		return ""
	}
	var parts []string
	for i, v := range e.Reading.Values {
		if i == mostKeys {
			parts = append(parts, fmt.Sprintf("%d more", len(e.Reading.Values)-mostKeys))
			break
		}
		if v.Value != nil {
			parts = append(parts, fmt.Sprintf("%s %s", Code(v.Key, 60), short(*v.Value)))
		}
	}
	if e.Verdict.Value != nil {
		return "<br><sub>" + strings.Join(parts, ", ") + "</sub>"
	}
	return strings.Join(parts, "<br>")
}

// nowCell is the figure, and what a breakdown holds.
func nowCell(e Entry) string {
	keys := breakdownCell(e)
	if keys != "" && e.Verdict.Value == nil {
		return keys
	}
	return figureCell(e.Verdict) + keys
}

func beforeCell(e Entry) string {
	if e.Verdict.Value == nil || e.Verdict.Previous == nil {
		return "–"
	}
	return fmt.Sprintf("%s<br><sub>%s</sub>", beforeOf(e.Verdict, *e.Verdict.Previous), changed(*e.Verdict.Value, *e.Verdict.Previous, e.Verdict.Unit))
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// sparks are the eight heights of a line of text.
var sparks = []rune("▁▂▃▄▅▆▇█")

// Spark is the last two weeks of a metric as a line of text: one sign a day, a
// dot where a day is not known; empty where there is no past.
func Spark(history []metric.Reading, now metric.Reading) string {
	all := append(append([]metric.Reading{}, history...), now)
	if len(all) > 14 {
		all = all[len(all)-14:]
	}
	low, high, known := extent(all)
	if known < 2 {
		return "–"
	}
	var line []rune
	for _, r := range all {
		switch {
		case r.Value == nil:
			line = append(line, '·')
		case high == low:
			line = append(line, sparks[3])
		default:
			line = append(line, sparks[int((*r.Value-low)/(high-low)*7+0.5)])
		}
	}
	return string(line)
}

// extent is the lowest and the highest value of some readings, and how many have
// one.
func extent(readings []metric.Reading) (low, high float64, known int) {
	for _, r := range readings {
		if r.Value == nil {
			continue
		}
		if known == 0 || *r.Value < low {
			low = *r.Value
		}
		if known == 0 || *r.Value > high {
			high = *r.Value
		}
		known++
	}
	return low, high, known
}
