package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/labelname"
)

// maxLabelPages bounds the labels of a repository that are read, in pages of a
// hundred.
const maxLabelPages = 10

// labels are those of the repository; nil where GitHub does not answer.
func (h *home) labels(ctx context.Context, ask func(context.Context, string) ([]byte, error)) []string {
	if h.remote.host != "github.com" || ask == nil {
		return nil
	}
	var names []string
	for page := 1; page <= maxLabelPages; page++ {
		src, err := ask(ctx, fmt.Sprintf("/repos/%s/%s/labels?per_page=100&page=%d", h.remote.owner, h.remote.name, page))
		if err != nil {
			return names
		}
		var some []struct{ Name string }
		if json.Unmarshal(src, &some) != nil {
			return names
		}
		for _, l := range some {
			names = append(names, l.Name)
		}
		if len(some) < 100 {
			break
		}
	}
	return names
}

// twin is a label of a plan and the label that means the same in the
// repository.
type twin struct{ ours, theirs string }

// twins are the labels of a plan that the repository has under other names, in
// the order of the plan. A label of the repository stands for one of the plan.
func twins(plan []string, existing []string) []twin {
	var all []twin
	taken := map[string]bool{}
	for _, name := range plan {
		free := slices.DeleteFunc(slices.Clone(existing), func(l string) bool { return taken[l] })
		if theirs := labelname.Twin(name, free); theirs != "" {
			all, taken[theirs] = append(all, twin{name, theirs}), true
		}
	}
	return all
}

// relabel puts the labels that a repository has in the place of a plan's that
// mean the same, wherever the plan names a label. It leaves everything else as
// it is written, and returns what it renamed.
func relabel(plan string, existing []string) (string, []twin, error) {
	var doc yaml.Node
	if len(existing) == 0 {
		return plan, nil, nil
	}
	if err := yaml.Unmarshal([]byte(plan), &doc); err != nil || len(doc.Content) == 0 {
		return plan, nil, err
	}
	root := doc.Content[0]
	var names []string
	for _, l := range items(child(root, "labels")) {
		names = append(names, scalars(child(l, "name"))...)
	}
	renamed := twins(names, existing)
	edits := slices.DeleteFunc(labelNodes(root), func(n *yaml.Node) bool { return theirs(renamed, n.Value) == "" })
	slices.SortFunc(edits, func(a, b *yaml.Node) int { return cmp.Or(cmp.Compare(b.Line, a.Line), cmp.Compare(b.Column, a.Column)) })
	lines := strings.Split(plan, "\n")
	for _, n := range edits { // the last first, so that places stay
		line := []rune(lines[n.Line-1])
		before, rest := string(line[:n.Column-1]), string(line[n.Column-1:])
		for _, written := range []string{n.Value, "'" + n.Value + "'", `"` + n.Value + `"`} {
			if after, found := strings.CutPrefix(rest, written); found {
				lines[n.Line-1] = before + scalar(theirs(renamed, n.Value)) + after
			}
		}
	}
	return strings.Join(lines, "\n"), renamed, nil
}

func theirs(renamed []twin, ours string) string {
	for _, t := range renamed {
		if strings.EqualFold(t.ours, ours) {
			return t.theirs
		}
	}
	return ""
}

// labelNodes are the scalars of a plan that name a label.
func labelNodes(root *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	add := func(n *yaml.Node, keys ...string) {
		for _, key := range keys {
			all = append(all, leaves(child(n, key))...)
		}
	}
	for _, l := range items(child(root, "labels")) {
		add(l, "name")
	}
	for _, rule := range items(child(root, "triage")) {
		add(rule, "label", "labels", "unless", "exclusive", "choose", "doubt")
		for _, points := range items(child(rule, "points")) {
			all = append(all, keysOf(child(points, "for"))...)
		}
	}
	for _, route := range items(child(root, "routes")) {
		add(route, "label")
	}
	add(child(root, "digest"), "labels")
	add(child(root, "gate"), "labels")
	return all
}

// child is the value of a key; nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

func keysOf(n *yaml.Node) []*yaml.Node {
	var keys []*yaml.Node
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			keys = append(keys, n.Content[i])
		}
	}
	return keys
}

// leaves are a scalar, or those of a sequence.
func leaves(n *yaml.Node) []*yaml.Node {
	if n != nil && n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	return items(n)
}

func scalars(n *yaml.Node) []string {
	var values []string
	for _, leaf := range leaves(n) {
		values = append(values, leaf.Value)
	}
	return values
}
