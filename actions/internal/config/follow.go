package config

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// A mistake in reading leaves a hole in the book, and the rooms complain of
// holes. What follows tells those complaints from mistakes of their own.

// follows reports whether a mistake only follows from what could not be read: it
// is about that, asks for a key whose value it is, or misses a name that may
// stand there.
func (r *reader) follows(root *yaml.Node, m diag.Mistake, trail []*yaml.Node, unsure map[string]bool) bool {
	asked := asksFor(m.Text)
	for i, node := range trail {
		node = meant(node)
		if r.unread[node] || i > 0 && slices.ContainsFunc(r.missing[node], asked) {
			return true
		}
	}
	last := meant(trail[len(trail)-1])
	if last != root && slices.ContainsFunc(r.missingBelow(last), asked) {
		return true
	}
	return r.missesName(root, m, unsure)
}

// missingBelow are the keys that mappings within a mapping miss.
func (r *reader) missingBelow(node *yaml.Node) []string {
	var keys []string
	for i := 1; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		value := node.Content[i]
		keys = append(append(keys, r.missing[value]...), r.missingBelow(value)...)
	}
	return keys
}

var (
	codeForm = lazyregexp.New("`[^`]*`")
	wordForm = lazyregexp.New(`\w+`)
)

// asksFor reports whether a complaint names a key, between backticks. Without
// `exclusive` a rule is asked for the keys of another kind.
func asksFor(text string) func(key string) bool {
	words := wordForm.FindAllString(strings.Join(codeForm.FindAllString(text, -1), " "), -1)
	return func(key string) bool {
		return slices.Contains(words, key) || key == "exclusive" && slices.Contains(words, "any")
	}
}

// names are the sections that others refer to, with the key of a name.
var names = map[string]struct{ section, key string }{"label": {"labels", "name"}, "metric": {"metrics", "id"}, "channel": {"channels", ""}}

// unsure are the kinds of names of which some could not be read.
func (r *reader) unsure(root *yaml.Node) map[string]bool {
	kinds := map[string]bool{}
	for kind, named := range names {
		section := child(root, named.section)
		if section == nil {
			kinds[kind] = slices.Contains(r.missing[root], named.section)
			continue
		}
		section = meant(section)
		kinds[kind] = r.unread[section] || section.Kind == yaml.SequenceNode && slices.ContainsFunc(section.Content, func(item *yaml.Node) bool {
			return r.unread[meant(item)] || slices.Contains(r.missing[meant(item)], named.key)
		})
	}
	return kinds
}

// missesName tells a reference to a name that may stand where a section could
// not be read, and a metric that may be one's own.
func (r *reader) missesName(root *yaml.Node, m diag.Mistake, unsure map[string]bool) bool {
	rest, unknown := strings.CutPrefix(m.Text, "unknown ")
	kind, _, _ := strings.Cut(rest, " ")
	if !unknown || names[kind].section == "" {
		return false
	}
	if m.Path[0] == names[kind].section {
		trail := find(root, m.Path[:min(2, len(m.Path))])
		return slices.Contains(r.missing[meant(trail[len(trail)-1])], "sql")
	}
	return unsure[kind]
}

// halfRead are the metrics of one's own whose SQL could not be read.
func (r *reader) halfRead(root *yaml.Node, book *Book) []string {
	var ids []string
	for i, m := range book.Metrics {
		if trail := find(root, []any{"metrics", i}); slices.Contains(r.missing[meant(trail[len(trail)-1])], "sql") {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
