// Package workflowlint holds workflow files to the rules that keep strangers' text
// from becoming code and tokens from doing more than they must. Linters of
// workflows pass most of what it refuses. It reads; package actions tests the
// shipped files with it.
package workflowlint

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// Finding is a place where a file breaks a rule.
type Finding struct {
	File         string
	Line, Column int
	Rule         string // its name, as of its fixture
	Text         string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s (%s)", f.File, f.Line, f.Column, f.Text, f.Rule)
}

// scopes are the permissions that a job of a workflow may hold, by the name of
// its file; the rest may read the contents and no more.
var scopes = map[string]map[string]string{
	"triage.yml":      {"contents": "read", "issues": "write"},
	"discussions.yml": {"contents": "read", "discussions": "write", "issues": "read"},
	"snapshot.yml":    {"actions": "read", "contents": "write", "issues": "write", "discussions": "read", "vulnerability-alerts": "read", "pull-requests": "write"}, // threads and alerts are counted, and nothing is said in them; the next release is proposed
	"digest.yml":      {"contents": "write", "issues": "write"},
	"gate.yml":        {"contents": "write", "statuses": "write", "issues": "write"},
	"check.yml":       {"contents": "read", "issues": "read"},
	"release.yml":     {"contents": "write", "id-token": "write", "attestations": "write"},
	"pages.yml":       {"contents": "read", "pages": "write", "id-token": "write"},
}

// Check reads a workflow or an action and finds what it breaks, in the order
// of the lines. A file that is not valid YAML breaks the rule "yaml".
func Check(file string, src []byte) []Finding {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil || len(doc.Content) == 0 {
		return []Finding{{file, 1, 1, "yaml", fmt.Sprintf("this is not a workflow: %v", err)}}
	}
	c := &checker{file: file, lines: strings.Split(string(src), "\n"), root: doc.Content[0]}
	c.form(c.root)
	c.texts(c.root, nil)
	if get(c.root, "jobs") != nil {
		c.workflow()
	} else if path.Base(path.Dir(file)) == "triage" {
		c.caches(get(get(c.root, "runs"), "steps")) // issues start it
	}
	for _, step := range c.steps() {
		c.step(step)
	}
	sort.SliceStable(c.found, func(i, j int) bool { return c.found[i].Line < c.found[j].Line })
	return c.found
}

// form refuses what YAML can do to hide what a file says: a key that stands
// twice, and names for parts that stand elsewhere.
func (c *checker) form(n *yaml.Node) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		c.add(n, "alias", "aliases are not followed: write the value out")
		return
	}
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[child.Value] {
				c.add(child, "duplicate", "duplicate key %q", child.Value)
			}
			seen[child.Value] = true
		}
		c.form(child)
	}
}

type checker struct {
	file  string
	lines []string
	root  *yaml.Node
	found []Finding
}

func (c *checker) add(at *yaml.Node, rule, format string, args ...any) {
	c.found = append(c.found, Finding{c.file, at.Line, at.Column, rule, fmt.Sprintf(format, args...)})
}

// line is the line of the file on which a part begins.
func (c *checker) line(n *yaml.Node) string {
	if n.Line < 1 || n.Line > len(c.lines) {
		return ""
	}
	return c.lines[n.Line-1]
}

// get is the value of a key; nil where it is not there.
func get(n *yaml.Node, key string) *yaml.Node {
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

func value(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}

// steps are those of every job, or of a composite action.
func (c *checker) steps() []*yaml.Node {
	var all []*yaml.Node
	add := func(list *yaml.Node) {
		if list != nil {
			all = append(all, list.Content...)
		}
	}
	add(get(get(c.root, "runs"), "steps"))
	for _, job := range c.jobs() {
		add(get(job.node, "steps"))
	}
	return all
}

type job struct {
	name string
	key  *yaml.Node
	node *yaml.Node
}

func (c *checker) jobs() []job {
	jobs := get(c.root, "jobs")
	var all []job
	for i := 0; jobs != nil && jobs.Kind == yaml.MappingNode && i+1 < len(jobs.Content); i += 2 {
		all = append(all, job{jobs.Content[i].Value, jobs.Content[i], jobs.Content[i+1]})
	}
	return all
}
