package metric

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// shape reads what a query may return: one row value (and sample), one row part
// and whole, or rows with a key.
func shape(d Definition, t model.Table) answer {
	at := map[string]int{}
	for i, c := range t.Columns {
		at[strings.ToLower(c)] = i
	}
	_, keyed := at["key"]
	_, parted := at["part"]
	_, valued := at["value"]
	_, whole := at["whole"]
	switch {
	case keyed && (valued || parted && whole):
		return breakdown(d, t, at, parted)
	case len(t.Rows) > 1:
		return unknown("the query returns %d rows, must be one", len(t.Rows))
	case parted && whole:
		return rate(d, t, at)
	case valued || len(t.Columns) == 1:
		return single(d, t, at)
	}
	return unknown("the query returns the columns %s: must be value, or part and whole, or key and value", strings.Join(t.Columns, ", "))
}

func single(d Definition, t model.Table, at map[string]int) answer {
	value, reason := number(cell(t, at["value"]))
	empty := reason == "" && value == nil
	if empty {
		reason = firstOf(d.Empty, nothingToMeasure)
	}
	var sample *float64
	if i, there := at["sample"]; there && reason == "" || there && d.Empty != "" {
		sample, _ = number(cell(t, i))
	}
	if reason != "" {
		return answer{reason: reason, sample: sample, empty: empty}
	}
	if d.Count && *value < 0 {
		return unknown("a count below zero, %s, is not a count", trim(*value))
	}
	return answer{value: value, sample: sample}
}

func rate(d Definition, t model.Table, at map[string]int) answer {
	part, reasonPart := number(cell(t, at["part"]))
	whole, reasonWhole := number(cell(t, at["whole"]))
	switch {
	case reasonPart+reasonWhole != "":
		return unknown("%s", firstOf(reasonPart, reasonWhole))
	case whole == nil || *whole == 0:
		return answer{reason: firstOf(d.Empty, nothingToShare), empty: true}
	case part == nil:
		return unknown("%s", firstOf(d.Empty, nothingToMeasure))
	case *part < 0 || *whole < 0:
		return unknown("%s of %s is not a share", trim(*part), trim(*whole))
	}
	if *whole < float64(d.Minimum) {
		return answer{reason: fmt.Sprintf("%s: %s of at least %d", tooFew, trim(*whole), d.Minimum), empty: true}
	}
	return answer{value: quotient(*part, *whole, d.Unit), part: part, whole: whole}
}

// quotient is a rate's value: in per cent where that is its unit.
func quotient(part, whole float64, unit string) *float64 {
	q := part / whole
	if unit == "%" {
		q *= 100
	}
	return &q
}

func breakdown(d Definition, t model.Table, at map[string]int, rates bool) answer {
	a := answer{values: []Entry{}}
	for _, row := range t.Rows {
		e := Entry{Key: fmt.Sprint(row[at["key"]])}
		if row[at["key"]] == nil {
			e.Key = "not told"
		}
		var reason string
		if rates {
			e.Part, _ = number(row[at["part"]])
			e.Whole, reason = number(row[at["whole"]])
			if e.Part == nil || e.Whole == nil || *e.Whole <= 0 || *e.Part < 0 || reason != "" {
				continue
			}
			e.Value = quotient(*e.Part, *e.Whole, d.Unit)
		} else if e.Value, reason = number(row[at["value"]]); reason != "" || e.Value == nil {
			continue
		}
		a.values = append(a.values, e)
	}
	if rates && len(a.values) == 0 {
		return unknown("%s", firstOf(d.Empty, nothingToShare))
	}
	sort.SliceStable(a.values, func(i, j int) bool {
		if x, y := *a.values[i].Value, *a.values[j].Value; x != y {
			return x > y
		}
		return a.values[i].Key < a.values[j].Key
	})
	return a
}

// number reads a cell; nil is unknown, and what is not a finite number has a
// reason.
func number(c any) (*float64, string) {
	switch v := c.(type) {
	case nil:
		return nil, ""
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, "the answer is not a finite number"
		}
		return &v, ""
	case bool:
		n := 0.0
		if v {
			n = 1
		}
		return &n, ""
	}
	return nil, fmt.Sprintf("the answer is %v, must be a number", c)
}

func trim(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.4f", f), "0"), ".")
}
