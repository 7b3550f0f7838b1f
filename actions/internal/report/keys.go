package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

// urgentFirst orders the keys of a breakdown by label: the urgent ones come first, so that
// no limit hides them. Any other breakdown stays as it is.
func urgentFirst(values []metric.Entry) []metric.Entry {
	place := func(v metric.Entry) int {
		if i := slices.Index(urgentLabels, v.Key); i >= 0 {
			return i
		}
		return len(urgentLabels)
	}
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b metric.Entry) int { return cmp.Compare(place(a), place(b)) })
	return values
}

// maxKeys is how many keys of a breakdown a table shows.
const maxKeys = 5

// worstFirst returns the keys of a breakdown that have a value, the worst or largest
// first.
func (e Entry) worstFirst() []metric.Entry {
	values := slices.DeleteFunc(slices.Clone(e.Reading.Values), func(v metric.Entry) bool { return v.Value == nil })
	if e.Definition.Lowest {
		slices.Reverse(values)
	}
	return urgentFirst(values)
}

// Keys returns the keys of a breakdown as a table's cell: the worst or largest
// first, with the share that each has of the whole where they add up and the
// total; of a long one also the last, and how many are not shown.
func (e Entry) Keys() []string {
	values := e.worstFirst()
	var all []string
	total := e.total()
	line := func(v metric.Entry) string { return Code(keyName(v.Key), 60) + " " + e.keyValue(v, total) }
	for i, v := range values {
		if i == maxKeys && len(values) > maxKeys+1 {
			all = append(all, fmt.Sprintf("%d more", len(values)-maxKeys))
			if total > 0 {
				all[len(all)-1] += ", the least " + line(values[len(values)-1])
			}
			break
		}
		all = append(all, line(v))
	}
	switch {
	case total > 0:
		all = append(all, "total "+humanize.Number(total))
	case e.overlaps():
		all = append(all, overlap)
	}
	return all
}

// overlap says of a breakdown by label that its counts do not add up.
const overlap = "one may count under several labels"

// overlaps reports whether what is counted under a key of a breakdown by label may count
// under another as well.
func (e Entry) overlaps() bool {
	return slices.Contains([]string{"mail_by_label", "issues_by_label"}, e.Definition.ID) && len(e.Reading.Values) > 1
}

func (e Entry) keyValue(v metric.Entry, total float64) string {
	unit := map[string]string{"%": "%", "days": "days", "users": "users"}[e.Definition.Unit]
	text := humanize.Value(*v.Value, unit)
	if unit == "users" && e.Definition.Days {
		text += " a day" // a mean over days
	}
	if total > 0 {
		text += fmt.Sprintf(" (%s%%)", humanize.Number(100**v.Value/total))
	}
	return text
}

// total returns the sum of a breakdown of counts; 0 for rates and scores, which
// do not add up, and for a single key.
func (e Entry) total() float64 {
	if e.Definition.Unit == "%" || e.Definition.Unit == "score" || e.Definition.NoShares || len(e.Reading.Values) < 2 {
		return 0
	}
	sum := 0.0
	for _, v := range e.Reading.Values {
		if v.Value != nil && *v.Value > 0 {
			sum += *v.Value
		}
	}
	return sum
}

// keyName is a key as people call it: sites have names.
func keyName(key string) string {
	if name, known := places[key]; known {
		return name
	}
	return key
}
