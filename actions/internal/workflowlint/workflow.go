package workflowlint

import (
	"path"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// workflow looks at what only workflows have: triggers, permissions, groups,
// jobs.
func (c *checker) workflow() {
	c.triggers()
	c.permissions(get(c.root, "permissions"), nil)
	if p := get(c.root, "permissions"); p == nil || p.Kind != yaml.MappingNode || len(p.Content) > 0 {
		c.add(c.root, "top-permissions", "expected `permissions: {}` at the top, and what is needed at the job")
	}
	c.group(get(c.root, "concurrency"))
	for _, j := range c.jobs() {
		c.job(j)
	}
}

func (c *checker) triggers() {
	on := get(c.root, "on")
	for _, bad := range []string{"pull_request_target", "workflow_run"} {
		if c.startedBy(bad) {
			c.add(on, "trigger", "%s runs with our token on what strangers sent", bad)
		}
	}
}

// startedBy reports whether an event starts the workflow.
func (c *checker) startedBy(event string) bool {
	on := get(c.root, "on")
	if on == nil {
		return false
	}
	switch on.Kind {
	case yaml.ScalarNode:
		return on.Value == event
	case yaml.SequenceNode:
		for _, item := range on.Content {
			if item.Value == event {
				return true
			}
		}
	}
	return get(on, event) != nil
}

// group looks at a concurrency group of a workflow that issues start: each
// issue has its own, and no run is cancelled.
func (c *checker) group(g *yaml.Node) {
	if g == nil || !c.startedByIssues() {
		return
	}
	name := value(get(g, "group"))
	if g.Kind == yaml.ScalarNode {
		name = g.Value
	}
	if !strings.Contains(name, "github.event.issue.number") {
		c.add(g, "one-group", "one group for all issues drops events: put github.event.issue.number into it")
	}
	if cancel := value(get(g, "cancel-in-progress")); cancel != "" && cancel != "false" {
		c.add(g, "cancel", "a run that is cancelled may be the one that tells")
	}
}

func (c *checker) job(j job) {
	if get(j.node, "timeout-minutes") == nil && get(j.node, "uses") == nil {
		c.add(j.key, "timeout", "job %s has no `timeout-minutes`", j.name)
	}
	c.permissions(get(j.node, "permissions"), &j)
	c.group(get(j.node, "concurrency"))
	if uses := get(j.node, "uses"); uses != nil {
		c.pinned(uses)
	}
	if c.startedByIssues() {
		c.caches(get(j.node, "steps"))
	}
}

// permissions holds scopes to the table.
func (c *checker) permissions(p *yaml.Node, j *job) {
	if p == nil {
		if j != nil {
			c.add(j.key, "top-permissions", "job %s names no permissions of its own", j.name)
		}
		return
	}
	if p.Kind == yaml.ScalarNode {
		c.add(p, "write-all", "%q is more than anything needs", p.Value)
		return
	}
	allowed := scopes[path.Base(c.file)]
	if allowed == nil {
		allowed = map[string]string{"contents": "read"}
	}
	for i := 0; i+1 < len(p.Content); i += 2 {
		scope, level := p.Content[i], p.Content[i+1].Value
		if most := allowed[scope.Value]; level != "none" && level != most && !(level == "read" && most == "write") {
			c.add(scope, "scope", "%s: %s is not among the permissions of %s", scope.Value, level, path.Base(c.file))
		}
	}
}

// startedByIssues reports whether anybody who writes an issue or a comment starts
// the workflow.
func (c *checker) startedByIssues() bool {
	return c.startedBy("issues") || c.startedBy("issue_comment")
}

// caches finds caches in steps that strangers start: what they put there, later
// runs would take out.
func (c *checker) caches(steps *yaml.Node) {
	if steps == nil {
		return
	}
	for _, step := range steps.Content {
		uses, with := get(step, "uses"), get(step, "with")
		name := strings.ToLower(value(uses))
		if strings.HasPrefix(name, "actions/cache") || strings.HasPrefix(name, "actions/setup-") && value(get(with, "cache")) != "false" {
			c.add(uses, "cache", "a job that issues start has a cache")
		}
	}
}

// step looks at what a step uses.
func (c *checker) step(step *yaml.Node) {
	uses := get(step, "uses")
	if uses == nil {
		return
	}
	c.pinned(uses)
	if strings.HasPrefix(strings.ToLower(uses.Value), "actions/checkout@") && value(get(get(step, "with"), "persist-credentials")) != "false" {
		c.add(uses, "credentials", "checkout leaves the token in the folder: expected `persist-credentials: false`")
	}
}

var (
	commit  = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	version = regexp.MustCompile(`#\s*v\d`)
)

// pinned holds what is of others to one commit.
func (c *checker) pinned(uses *yaml.Node) {
	if strings.HasPrefix(uses.Value, "./") {
		return
	}
	if !commit.MatchString(uses.Value) || !version.MatchString(c.line(uses)) {
		c.add(uses, "unpinned", "%s: pin it to a commit of 40 hexadecimal digits, with the version in a comment", uses.Value)
	}
}
