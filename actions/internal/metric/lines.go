package metric

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// line is a reading as it is kept: one line of JSON, the keys in this order.
type line struct {
	At      time.Time       `json:"at"`
	Metric  string          `json:"metric"`
	From    time.Time       `json:"from"`
	Until   time.Time       `json:"until"`
	Unit    string          `json:"unit"`
	Value   json.RawMessage `json:"value,omitempty"` // null is unknown; not there where there are values
	Values  json.RawMessage `json:"values,omitempty"`
	Part    *float64        `json:"part,omitempty"`
	Whole   *float64        `json:"whole,omitempty"`
	Sample  *float64        `json:"sample,omitempty"`
	Prev    *float64        `json:"previous,omitempty"`
	Issues  []int           `json:"issues,omitempty"`
	Names   []string        `json:"names,omitempty"`
	Verdict string          `json:"verdict,omitempty"`
	Reason  string          `json:"reason,omitempty"`
}

// Encode writes readings, a line each, ordered by day, metric and window, so
// that the same readings are the same bytes.
func Encode(readings []Reading) []byte {
	all := append([]Reading{}, readings...)
	slices.SortFunc(all, func(a, b Reading) int {
		if first := cmp.Or(cmp.Compare(a.order(), b.order()), a.At.Compare(b.At), a.From.Compare(b.From)); first != 0 {
			return first
		}
		return bytes.Compare(a.encode(), b.encode())
	})
	var b bytes.Buffer
	for _, r := range all {
		b.Write(r.encode())
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// order sorts by day, by the place in the catalogue, by name and by length.
func (r Reading) order() string {
	place := len(order())
	if at, known := order()[r.Metric]; known {
		place = at
	}
	day := r.At.UTC().Format(time.DateOnly)
	if r.OfWeek() {
		day += " week"
	}
	return fmt.Sprintf("%s %04d %s %012d", day, place, r.Metric, int64(r.Until.Sub(r.From)/time.Second))
}

var order = sync.OnceValue(func() map[string]int {
	places := map[string]int{}
	for i, id := range IDs() {
		places[id] = i
	}
	return places
})

func (r Reading) encode() []byte {
	l := line{
		At: r.At.UTC(), Metric: r.Metric, From: r.From.UTC(), Until: r.Until.UTC(), Unit: r.Unit,
		Part: r.Part, Whole: r.Whole, Sample: r.Sample, Prev: r.Previous, Issues: r.Issues, Names: r.Names, Verdict: r.Verdict, Reason: r.Reason,
	}
	if r.Values != nil {
		l.Values = entries(r.Values)
	} else {
		l.Value, _ = json.Marshal(r.Value) // a finite number, or null
	}
	out, _ := marshal(l)
	return out
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// entries is the object of a breakdown, in its order.
func entries(all []Entry) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		key, _ := marshal(strings.ToValidUTF8(e.Key, "\uFFFD"))
		value, _ := json.Marshal(e.Value)
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// Decode reads lines that Encode wrote. A line that cannot be read is left out
// and told, with its number; the rest is taken.
func Decode(src []byte) (readings []Reading, damaged []string) {
	n := 0
	for text := range bytes.Lines(src) {
		n++
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		r, err := decode(text)
		if err != nil {
			damaged = append(damaged, fmt.Sprintf("line %d: %v", n, err))
			continue
		}
		readings = append(readings, r)
	}
	return readings, damaged
}

func decode(text []byte) (Reading, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return Reading{}, fmt.Errorf("no reading: %v", strings.TrimPrefix(err.Error(), "json: "))
	}
	if l.Metric == "" || l.At.IsZero() || l.Until.Before(l.From) {
		return Reading{}, fmt.Errorf("invalid reading: metric, at, from and until must be set")
	}
	for _, t := range []time.Time{l.At, l.From, l.Until} {
		if year := t.UTC().Year(); year < 0 || year > 9999 {
			return Reading{}, fmt.Errorf("no reading: %s of %s is outside the years 0 to 9999", t, l.Metric)
		}
	}
	r := Reading{
		At: l.At.UTC(), Metric: l.Metric, From: l.From.UTC(), Until: l.Until.UTC(), Unit: l.Unit,
		Part: l.Part, Whole: l.Whole, Sample: l.Sample, Previous: l.Prev, Issues: l.Issues, Names: l.Names, Verdict: l.Verdict, Reason: l.Reason,
	}
	if len(l.Values) > 0 && string(l.Values) != "null" {
		values, err := readEntries(l.Values)
		r.Values = values
		return r, err
	}
	if len(l.Value) > 0 && string(l.Value) != "null" {
		v, err := strconv.ParseFloat(string(l.Value), 64)
		if err != nil {
			return r, fmt.Errorf("%s: value %s is not a number", l.Metric, l.Value)
		}
		r.Value = &v
	}
	return r, nil
}

func readEntries(src []byte) ([]Entry, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("values are not an object")
	}
	all := []Entry{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("values: %v", err)
		}
		var value *float64
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("values: %s is not a number", key)
		}
		all = append(all, Entry{Key: key.(string), Value: value})
	}
	return all, nil
}

// Merge is what is kept when a run has read anew: its readings take the place
// of those of the same day, metric and length of window.
func Merge(kept, read []Reading) []Reading {
	at := map[string]int{}
	var all []Reading
	for _, r := range append(append([]Reading{}, kept...), read...) {
		key := r.order()
		if i, seen := at[key]; seen {
			all[i] = r
			continue
		}
		at[key] = len(all)
		all = append(all, r)
	}
	return all
}

// Month names the file of a time's readings: 2026-01.
func Month(t time.Time) string { return t.UTC().Format("2006-01") }

// Same reports whether the readings stand among those that are kept, of the same
// day and equal but for their times.
func Same(kept, read []Reading) bool {
	at := map[string]Reading{}
	for _, r := range kept {
		at[r.order()] = r
	}
	for _, r := range read {
		old, found := at[r.order()]
		if !found {
			return false
		}
		old.At, old.From, old.Until = r.At, r.From, r.Until
		if !bytes.Equal(old.encode(), r.encode()) {
			return false
		}
	}
	return true
}
