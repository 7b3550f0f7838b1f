// Package answer reads JSON answers of servers strictly: what the caller's type
// names must be there, so that an answer that lacks it is never taken for an
// empty one. It knows no server.
//
// A field must be present. A pointer may be null. Tags allow more, separated by
// commas, as `answer:"null,optional"`:
//
//	null      null is read as the zero value
//	optional  the field may be absent
//	asked     the field may be absent where Options.Asked does not know its name
//	id        must not be zero or empty
//
// Integers below zero and times that cannot be are refused. An entry of a list
// that cannot be read is left out and reported; the others are read.
package answer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Options say what an answer may hold.
type Options struct {
	Now   time.Time // times after Now plus a day are refused; zero refuses none
	Asked func(name string) bool
}

// Lack is an entry of a list that could not be read.
type Lack struct {
	Where string // such as "repository.page.nodes[3] (#12)"
	Why   string
}

func (l Lack) String() string { return strings.TrimPrefix(l.Where, ".") + " " + l.Why }

// Checker is a type that finds what is wrong with its value after reading.
type Checker interface{ Check() error }

// Decode reads an answer into the value that a pointer points to. The lacks are
// in the order of the answer. With an error the value is not whole.
func Decode(body []byte, into any, o Options) ([]Lack, error) {
	if !json.Valid(body) {
		return nil, fmt.Errorf("invalid JSON: %s", firstOf(brief(body), "an empty answer"))
	}
	d := &decoder{Options: o}
	err := d.value(body, reflect.ValueOf(into).Elem(), "")
	return d.lacks, err
}

type decoder struct {
	Options
	lacks []Lack
}

// earliest is before any time that a server tells of what it keeps.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// shapeError is an answer, or a part of it, that is not what was asked for.
type shapeError struct{ where, why string }

func (e *shapeError) Error() string {
	if e.where == "" {
		return "the answer " + e.why
	}
	return strings.TrimPrefix(e.where, ".") + " " + e.why
}

var timeType = reflect.TypeFor[time.Time]()

func (d *decoder) value(raw []byte, v reflect.Value, where string) error {
	null := isNull(raw)
	switch {
	case v.Kind() == reflect.Interface:
		return json.Unmarshal(raw, v.Addr().Interface())
	case v.Kind() == reflect.Pointer:
		if null {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(raw, v.Elem(), where)
	case null:
		return &shapeError{where, "is null"}
	case v.Type() == timeType:
		return d.time(raw, v, where)
	case reflect.PointerTo(v.Type()).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return d.leaf(raw, v, where)
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.structure(raw, v, where)
	case reflect.Slice:
		return d.list(raw, v, where)
	case reflect.Map:
		return d.mapping(raw, v, where)
	}
	return d.leaf(raw, v, where)
}

func isNull(raw []byte) bool { return string(bytes.TrimSpace(raw)) == "null" }

func (d *decoder) leaf(raw []byte, v reflect.Value, where string) error {
	if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
		return &shapeError{where, "must be " + kindOf(v.Type()) + ", got " + brief(raw)}
	}
	if v.CanInt() && v.Int() < 0 {
		return &shapeError{where, fmt.Sprintf("must not be below zero, got %d", v.Int())}
	}
	return nil
}

func (d *decoder) time(raw []byte, v reflect.Value, where string) error {
	var at time.Time
	if err := json.Unmarshal(raw, &at); err != nil {
		return &shapeError{where, "must be a time, got " + brief(raw)}
	}
	if at.Before(earliest) || !d.Now.IsZero() && at.After(d.Now.Add(24*time.Hour)) {
		return &shapeError{where, "cannot be: " + at.UTC().Format(time.RFC3339)}
	}
	v.Set(reflect.ValueOf(at))
	return nil
}

func (d *decoder) structure(raw []byte, v reflect.Value, where string) error {
	keys, isObject := members(raw)
	if !isObject {
		return &shapeError{where, "must be an object, got " + brief(raw)}
	}
	for _, f := range fieldsOf(v.Type()) {
		value, found := f.in(keys)
		at := where + "." + f.name
		switch {
		case !found && (f.optional || f.asked && (d.Asked == nil || !d.Asked(f.name))):
			continue
		case !found:
			return &shapeError{at, "is missing"}
		case f.null && isNull(value):
			continue
		}
		field := v.FieldByIndex(f.index)
		if err := d.value(value, field, at); err != nil {
			return err
		}
		if f.id && field.IsZero() {
			return &shapeError{at, "must be an id, got " + brief(value)}
		}
	}
	if c, checks := v.Addr().Interface().(Checker); checks {
		if err := c.Check(); err != nil {
			return &shapeError{where, err.Error()}
		}
	}
	return nil
}

// list reads the entries that can be read, and notes the others. A list of
// which none can be read is an error.
func (d *decoder) list(raw []byte, v reflect.Value, where string) error {
	all, isList := entries(raw)
	if !isList {
		return &shapeError{where, "must be a list, got " + brief(raw)}
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(all)))
	before := len(d.lacks)
	for i, entry := range all {
		at := fmt.Sprintf("%s[%d]", where, i)
		item := reflect.New(v.Type().Elem()).Elem()
		inner := len(d.lacks)
		err := d.value(entry, item, at)
		if isNull(entry) && err == nil {
			err = &shapeError{at, "is null"}
		}
		if err == nil {
			v.Set(reflect.Append(v, item))
		} else {
			var shape *shapeError
			if !errors.As(err, &shape) {
				shape = &shapeError{at, err.Error()}
			}
			d.lacks = append(d.lacks[:inner], Lack{shape.where, shape.why})
		}
		if added := d.lacks[inner:]; len(added) > 0 {
			name := nameOf(entry) // which reads the entry again
			for i, l := range added {
				added[i].Where = at + name + strings.TrimPrefix(l.Where, at)
			}
		}
	}
	if v.Len() == 0 && len(all) > 0 {
		return &shapeError{where, fmt.Sprintf("has %d entries, and none can be read: %s", len(all), d.lacks[before])}
	}
	return nil
}

func (d *decoder) mapping(raw []byte, v reflect.Value, where string) error {
	keys, isObject := members(raw)
	if !isObject {
		return &shapeError{where, "must be an object, got " + brief(raw)}
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(keys)))
	for _, key := range slices.Sorted(maps.Keys(keys)) { // of several mistakes always the same is reported
		item := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(keys[key], item, where+"."+key); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), item)
	}
	return nil
}

// nameOf is the number of an entry for people, such as " (#12)", or the name that
// its server gives it, such as " (t3_2r539r)"; empty where it has none.
func nameOf(entry json.RawMessage) string {
	var keys map[string]json.RawMessage
	if json.Unmarshal(entry, &keys) != nil {
		return ""
	}
	var number int64
	if raw, found := keys["number"]; found && !isNull(raw) && json.Unmarshal(raw, &number) == nil {
		return fmt.Sprintf(" (#%d)", number)
	}
	var inner struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	if json.Unmarshal(entry, &inner) == nil && inner.Data != nil {
		keys = inner.Data
	}
	for _, key := range []string{"num", "ghsa_id", "objectID", "name", "id"} {
		var name string
		if json.Unmarshal(keys[key], &name) == nil && plainName.MatchString(name) {
			return " (" + name + ")"
		}
	}
	return ""
}

// plainName is a name of an entry that can be repeated to people as it is.
var plainName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9_.+-]{0,39}$`)

type fieldInfo struct {
	name                      string
	exact                     bool // the name is from a tag
	index                     []int
	null, optional, asked, id bool
}

// in finds the field's value. A name that no tag gives is matched without case,
// as encoding/json does.
func (f fieldInfo) in(keys map[string]json.RawMessage) (json.RawMessage, bool) {
	if value, found := keys[f.name]; found || f.exact {
		return value, found
	}
	for key, value := range keys {
		if strings.EqualFold(key, f.name) {
			return value, true
		}
	}
	return nil, false
}

var fields sync.Map // of reflect.Type: []fieldInfo

func fieldsOf(t reflect.Type) []fieldInfo {
	if known, found := fields.Load(t); found {
		return known.([]fieldInfo)
	}
	var all []fieldInfo
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || f.Anonymous {
			continue
		}
		info := fieldInfo{name: name, exact: name != "", index: f.Index}
		if !info.exact {
			info.name = strings.ToLower(f.Name[:1]) + f.Name[1:]
		}
		for _, option := range strings.Split(f.Tag.Get("answer"), ",") {
			switch option {
			case "null":
				info.null = true
			case "optional":
				info.optional = true
			case "asked":
				info.asked = true
			case "id":
				info.id = true
			}
		}
		all = append(all, info)
	}
	fields.Store(t, all)
	return all
}

// kindOf is a type in the words of JSON.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

func firstOf(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// brief is the beginning of a value, on one line.
func brief(raw []byte) string {
	const maxBrief = 60
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(raw[:min(len(raw), 4*maxBrief)]), "?")), " ")
	if runes := []rune(text); len(runes) > maxBrief {
		return string(runes[:maxBrief]) + "…"
	}
	return text
}
