// Package policy holds workflow files to the rules that keep strangers' text
// from becoming code and tokens from doing more than they must. Linters of
// workflows pass most of what it refuses. It reads; package actions tests the
// shipped files with it.
package policy

import (
	"fmt"
	"regexp"
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
	"triage.yml":   {"contents": "read", "issues": "write"},
	"snapshot.yml": {"contents": "write", "issues": "read"},
	"digest.yml":   {"contents": "write", "issues": "write"},
	"gate.yml":     {"contents": "write", "statuses": "write", "issues": "read"},
	"check.yml":    {"contents": "read", "issues": "read"},
}

// Check reads a workflow or an action and finds what it breaks, in the order
// of the lines. A file that is no YAML breaks the rule "yaml".
func Check(file string, src []byte) []Finding {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil || len(doc.Content) == 0 {
		return []Finding{{file, 1, 1, "yaml", fmt.Sprintf("this is no workflow: %v", err)}}
	}
	c := &checker{file: file, lines: strings.Split(string(src), "\n"), root: doc.Content[0]}
	c.texts(c.root, nil)
	if get(c.root, "jobs") != nil {
		c.workflow()
	}
	for _, step := range c.steps() {
		c.step(step)
	}
	sort.SliceStable(c.found, func(i, j int) bool { return c.found[i].Line < c.found[j].Line })
	return c.found
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

var (
	expression = regexp.MustCompile(`\$\{\{(.*?)\}\}`)
	pinned     = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	versioned  = regexp.MustCompile(`#\s*v\d`)
	badMinute  = regexp.MustCompile(`^(\*|0|30|\*/\S+|0,\S+|\S+,(0|30)(,\S+)?)\s`)
	dumps      = regexp.MustCompile(`(?i)tojson\s*\(\s*(github|secrets)\s*[).]`)
	strangers  = regexp.MustCompile(`github\.(event\b|head_ref)`)
)

// texts looks at every scalar, with the keys that lead to it.
func (c *checker) texts(n *yaml.Node, path []string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			c.texts(n.Content[i+1], append(path[:len(path):len(path)], n.Content[i].Value))
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			c.texts(item, path)
		}
	case yaml.ScalarNode:
		c.text(n, path)
	}
}

func (c *checker) text(n *yaml.Node, path []string) {
	last := ""
	if len(path) > 0 {
		last = path[len(path)-1]
	}
	if last == "run" {
		for _, m := range expression.FindAllStringSubmatch(n.Value, -1) {
			if strings.TrimSpace(m[1]) != "github.action_path" {
				c.add(n, "expression-in-run", "%s is pasted into a shell: pass it in `env:`, or read the event's file", m[0])
			}
		}
	}
	if dumps.MatchString(n.Value) {
		c.add(n, "dump", "the whole of a context is passed on")
	}
	if strings.Contains(n.Value, "GITHUB_ENV") || strings.Contains(n.Value, "GITHUB_PATH") {
		c.add(n, "env-file", "GITHUB_ENV and GITHUB_PATH let one step change the next")
	}
	if within(path, "env") || within(path, "with") {
		c.passed(n)
	}
	if last == "secrets" && n.Value == "inherit" {
		c.add(n, "secrets-inherit", "all secrets are passed on: name those that are needed")
	}
	if strings.Contains(n.Value, "secrets.") && expression.MatchString(n.Value) && !within(path, "steps") {
		c.add(n, "secret-outside-step", "a secret stands outside the step that needs it")
	}
	if last == "continue-on-error" && n.Value != "false" {
		c.add(n, "continue-on-error", "a failure would pass for success")
	}
	if last == "cron" && badMinute.MatchString(n.Value) {
		c.add(n, "cron-minute", "at minute 0 and 30 schedules are dropped most: take an odd one")
	}
}

// passed looks at what is handed to a step: a stranger's text must not be.
func (c *checker) passed(n *yaml.Node) {
	for _, m := range expression.FindAllStringSubmatch(n.Value, -1) {
		if strangers.MatchString(m[1]) {
			c.add(n, "event-in-env", "%s is a stranger's: read the event's file instead", m[0])
		}
	}
}

func within(path []string, key string) bool {
	for _, p := range path {
		if p == key {
			return true
		}
	}
	return false
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
