package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// reader fills a value from YAML strictly and goes on after a mistake, so that
// all of them are told at once. The library's own decoder knows lines but no
// columns, and suggests nothing.
type reader struct {
	lines   []string // of the file
	found   []located
	visited int
	unread  map[*yaml.Node]bool     // values that could not be read
	missing map[*yaml.Node][]string // of a mapping the keys without a value for it, or probably so
	keys    map[reflect.Type]typeKeys
}

func newReader(src []byte) *reader {
	return &reader{lines: strings.Split(string(src), "\n"), unread: map[*yaml.Node]bool{}, missing: map[*yaml.Node][]string{}, keys: map[reflect.Type]typeKeys{}}
}

// located is a mistake at a place of the file, both from 1.
type located struct {
	line, column int
	text         string
}

// maxNodes bounds what aliases can blow up to.
const maxNodes = 200_000

var unmarshaler = reflect.TypeFor[yaml.Unmarshaler]()

func (r *reader) add(node *yaml.Node, format string, args ...any) {
	r.found = append(r.found, located{node.Line, node.Column, fmt.Sprintf(format, args...)})
}

// fail says why a value cannot be read.
func (r *reader) fail(node *yaml.Node, format string, args ...any) {
	r.add(node, format, args...)
	r.unread[node] = true
}

// endless tells that what aliases blow up to was not read to its end.
func (r *reader) endless() bool { return r.visited > maxNodes }

// read fills v, which can be set, from the node.
func (r *reader) read(node *yaml.Node, v reflect.Value) {
	if r.visited++; r.visited > maxNodes {
		if r.visited == maxNodes+1 {
			r.add(node, "the file is too large once its aliases are put in")
		}
		return
	}
	node = meant(node)
	if v.CanAddr() && v.Addr().Type().Implements(unmarshaler) {
		r.decode(node, v)
		return
	}
	if node.Tag == "!!null" {
		r.commentedOut(node)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.read(node, v.Elem())
	case reflect.Struct:
		r.structure(node, v)
	case reflect.Map:
		r.mapping(node, v)
	case reflect.Slice:
		r.sequence(node, v)
	default:
		r.decode(node, v)
	}
}

// commentedOut tells a value that YAML takes for a comment, such as the name of a
// channel, from one that is left out.
func (r *reader) commentedOut(node *yaml.Node) {
	if node.Line < 1 || node.Line > len(r.lines) {
		return
	}
	if m := commentedForm.FindStringSubmatchIndex(r.lines[node.Line-1]); m != nil {
		value := r.lines[node.Line-1][m[2]:m[3]]
		r.found = append(r.found, located{node.Line, m[2] + 1, fmt.Sprintf("# begins a comment, so there is no value: quote it, as in %s", quote(value))})
		r.unread[node] = true
	}
}

// commentedForm is a key whose value looks like the name of a channel or a
// colour.
var commentedForm = lazyregexp.New(`:\s+(#[\pL\pN_-]+)\s*$`)

func (r *reader) structure(node *yaml.Node, v reflect.Value) {
	all := r.keysOf(v.Type())
	fields, keys := all.fields, all.sorted
	if node.Kind != yaml.MappingNode {
		r.fail(node, "expected a mapping here, with the keys %s", strings.Join(keys, ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		index, known := fields[key.Value]
		switch {
		case isMerge(key):
			r.add(key, noMerge)
			r.missing[node] = append(r.missing[node], keys...)
		case !known && keyOf(key.Value) != key.Value:
			r.add(key, "a space that is no ordinary one stands before the key %s: use ordinary spaces", keyOf(key.Value))
			r.missing[node] = append(r.missing[node], keyOf(key.Value))
		case !known:
			r.add(key, "%s", diag.Unknown("key", key.Value, keys))
			r.missing[node] = append(r.missing[node], diag.Nearest(key.Value, keys))
		case seen[key.Value]:
			r.add(key, "duplicate key %q (first on line %d)", key.Value, firstLine(node, key.Value))
		default:
			r.read(value, v.FieldByIndex(index))
			if r.unread[meant(value)] {
				r.missing[node] = append(r.missing[node], key.Value)
			}
		}
		seen[key.Value] = true
	}
}

// keyOf is a key without the spaces around it that are none to YAML.
func keyOf(key string) string { return strings.TrimSpace(key) }

const noMerge = "merge keys (<<) are not supported: write the keys out, or give a whole value by its alias"

func isMerge(key *yaml.Node) bool { return key.Tag == "!!merge" }

// meant is the node that an alias stands for.
func meant(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func (r *reader) mapping(node *yaml.Node, v reflect.Value) {
	if node.Kind != yaml.MappingNode {
		r.fail(node, "expected a mapping here: names, each with its value, as in `name: value`, and no hyphen before them")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for i := 0; i+1 < len(node.Content); i += 2 {
		if isMerge(node.Content[i]) {
			r.add(node.Content[i], noMerge)
			r.unread[node] = true
			continue
		}
		key := reflect.ValueOf(node.Content[i].Value).Convert(v.Type().Key())
		if v.MapIndex(key).IsValid() {
			r.add(node.Content[i], "duplicate key %q (first on line %d)", node.Content[i].Value, firstLine(node, node.Content[i].Value))
			continue
		}
		value := reflect.New(v.Type().Elem()).Elem()
		r.read(node.Content[i+1], value)
		v.SetMapIndex(key, value)
	}
}

func (r *reader) sequence(node *yaml.Node, v reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		if node.Kind == yaml.ScalarNode {
			r.fail(node, "expected a list here, as in [%s]", inList(node))
			return
		}
		r.fail(node, "expected a list here: put a hyphen before each entry, as in `- name: value`")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(node.Content), len(node.Content)))
	for i, item := range node.Content {
		if empty := meant(item); empty.Tag == "!!null" && empty.Value == "" {
			r.hollow(item)
			continue
		}
		r.read(item, v.Index(i))
	}
}

// inList is a scalar as it stands in a list in brackets.
func inList(node *yaml.Node) string {
	if plain := node.Style == 0; plain && !strings.ContainsAny(node.Value, ",[]{}#:") && len(node.Value) <= 40 {
		return node.Value
	}
	if len(node.Value) > 40 {
		return "…"
	}
	return quote(node.Value)
}

// hollow tells an entry of a list that is empty: one that was forgotten, or that
// & made the name of an anchor.
func (r *reader) hollow(item *yaml.Node) {
	if item.Anchor != "" {
		r.fail(item, "& names an anchor, so there is no value: quote it, as in %s", quote("&"+item.Anchor))
		return
	}
	r.fail(item, "an empty entry: write it, or delete it")
}

// decode leaves one value to the library, or to the type's own UnmarshalYAML.
func (r *reader) decode(node *yaml.Node, v reflect.Value) {
	if node.Kind == yaml.ScalarNode && node.Style == 0 && typographic.MatchString(node.Value) {
		r.fail(node, "%s stands in typographic quotes, which YAML does not know: use ' or \"", node.Value)
		return
	}
	if r.colon(node, v) {
		return
	}
	if err := decode(node, v.Addr().Interface()); err != nil {
		r.fail(node, "%s", cause(err, node, v))
	}
}

// decode is what node.Decode does, without a decoder for each of many terms where the type
// reads its node itself. The library asks no type about null.
func decode(node *yaml.Node, into any) error {
	if u, reads := into.(yaml.Unmarshaler); reads && node.ShortTag() != "!!null" {
		return u.UnmarshalYAML(node)
	}
	return node.Decode(into)
}

// typographic is a value between the quotes of a word processor.
var typographic = lazyregexp.New(`^[‘’‚“”„].*[‘’“”]$`)

// colon tells a text that became a mapping by the colon in it, where the value
// can be no mapping.
func (r *reader) colon(node *yaml.Node, v reflect.Value) bool {
	_, isTerm := v.Addr().Interface().(*label.Term)
	if node.Kind != yaml.MappingNode || node.Style&yaml.FlowStyle != 0 || len(node.Content) != 2 || v.Kind() != reflect.String && !isTerm {
		return false
	}
	key, value := node.Content[0], node.Content[1]
	if value.Kind != yaml.ScalarNode || key.Line != value.Line {
		return false
	}
	r.fail(node, "a colon and a space inside a value: quote the value, as in %s", quote(key.Value+": "+value.Value))
	return true
}

// cause makes a sentence of the library's error.
func cause(err error, node *yaml.Node, v reflect.Value) string {
	if !strings.Contains(err.Error(), "cannot unmarshal") {
		return strings.TrimPrefix(err.Error(), "yaml: ")
	}
	expected := map[reflect.Kind]string{
		reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Float64: "a number", reflect.String: "a string",
	}[v.Kind()]
	if expected == "" {
		expected = "another form"
	}
	if node.Kind != yaml.ScalarNode {
		return "expected " + expected + " here"
	}
	return fmt.Sprintf("expected %s, got %q", expected, node.Value)
}

// typeKeys are the keys of a struct: the fields that they fill, and the keys in order.
type typeKeys struct {
	fields map[string][]int
	sorted []string
}

// keysOf returns the keys of a struct.
func (r *reader) keysOf(t reflect.Type) typeKeys {
	keys, known := r.keys[t]
	if !known {
		fields := fieldsOf(t)
		keys = typeKeys{fields, slices.Sorted(maps.Keys(fields))}
		r.keys[t] = keys
	}
	return keys
}

// fieldsOf maps the keys of a struct, those of inlined structs included, to
// the fields that they fill.
func fieldsOf(t reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case strings.Contains(options, "inline"):
			for key, index := range fieldsOf(f.Type) {
				fields[key] = append([]int{i}, index...)
			}
		case f.IsExported() && name != "" && name != "-":
			fields[name] = []int{i}
		}
	}
	return fields
}

// firstLine is the line of the first entry of a mapping under a key.
func firstLine(mapping *yaml.Node, key string) int {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i].Line
		}
	}
	return 0
}

// find follows a path of keys and indices down from a node as far as it goes,
// and answers with the nodes on the way, the first one included.
func find(node *yaml.Node, path []any) []*yaml.Node {
	trail := []*yaml.Node{node}
	for _, step := range path {
		next := child(meant(node), step)
		if next == nil {
			break
		}
		node = next
		trail = append(trail, node)
	}
	return trail
}

func child(node *yaml.Node, step any) *yaml.Node {
	switch at := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && at < len(node.Content) {
			return node.Content[at]
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == at {
				return node.Content[i+1]
			}
		}
	}
	return nil
}
