package workflowlint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	expression = regexp.MustCompile(`(?s)\$\{\{(.*?)\}\}`)
	dumps      = regexp.MustCompile(`(?i)tojson\s*\(\s*(github|secrets)\s*[).\[]|\$\{\{\s*(github|secrets)\s*\}\}`)
	strangers  = regexp.MustCompile(`(?i)github\s*(\.\s*(event\b|head_ref)|\[)`)
	ownBranch  = regexp.MustCompile(`\bgithub\.event\.repository\.default_branch\b`) // who may write to the repository chose it
	secret     = regexp.MustCompile(`(?i)\bsecrets\s*[.\[]`)
	tokens     = regexp.MustCompile(`(?i)\bgithub\s*\.\s*token`)
	nextStep   = regexp.MustCompile(`GITHUB_ENV|GITHUB_PATH|::(set-env|add-path|set-output|save-state)|ACTIONS_ALLOW_UNSECURE_COMMANDS`)
)

// shells are the keys whose text becomes a command.
var shells = []string{"run", "shell", "working-directory", "script", "entrypoint"}

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
	if slices.Contains(shells, last) {
		c.command(n)
	} else if slices.Contains(path, "env") || slices.Contains(path, "with") {
		c.passed(n)
	}
	c.secrets(n, path)
	if dumps.MatchString(n.Value) {
		c.add(n, "dump", "the whole of a context is passed on")
	}
	if nextStep.MatchString(n.Value) {
		c.add(n, "env-file", "GITHUB_ENV, GITHUB_PATH and their old commands let one step change the next")
	}
	switch {
	case last == "secrets" && n.Value == "inherit":
		c.add(n, "secrets-inherit", "all secrets are passed on: name those that are needed")
	case last == "continue-on-error" && n.Value != "false":
		c.add(n, "continue-on-error", "a failure would pass for success")
	case last == "cron" && onTheHour(n.Value):
		c.add(n, "cron-minute", "at minute 0 and 30 schedules are dropped most: take an odd one")
	}
}

// command looks at what a shell will read: nothing is pasted into it, not even
// the action's own place, which may hold a space, and on Windows backslashes.
func (c *checker) command(n *yaml.Node) {
	for _, pasted := range expression.FindAllString(n.Value, -1) {
		c.add(n, "expression-in-run", "%s is pasted into a shell: pass it in `env:`, or read the event's file; the action's place is \"$GITHUB_ACTION_PATH\"", pasted)
	}
}

// passed looks at what is handed to a step: a stranger's text must not be.
func (c *checker) passed(n *yaml.Node) {
	for _, m := range expression.FindAllStringSubmatch(n.Value, -1) {
		if strangers.MatchString(ownBranch.ReplaceAllString(m[1], "")) {
			c.add(n, "event-in-env", "%s is a stranger's: read the event's file instead", m[0])
		}
	}
}

// secrets looks for those that more than one step can see.
func (c *checker) secrets(n *yaml.Node, path []string) {
	if slices.Contains(path, "steps") {
		return
	}
	for _, m := range expression.FindAllStringSubmatch(n.Value, -1) {
		token := tokens.MatchString(m[1]) && c.jobs() != nil // an action hands it to its own steps
		if token || secret.MatchString(m[1]) {
			c.add(n, "secret-outside-step", "secret outside the step that needs it")
			return
		}
	}
}

// onTheHour reports whether the minutes of a schedule have 0 or 30 among them.
// Minutes that cannot be read do.
func onTheHour(cron string) bool {
	minutes, _, _ := strings.Cut(strings.TrimSpace(cron), " ")
	for _, part := range strings.Split(minutes, ",") {
		span, every, stepped := strings.Cut(part, "/")
		first, last, ranged := strings.Cut(span, "-")
		if span == "*" {
			first, last, ranged = "0", "59", true
		}
		from, err := strconv.Atoi(first)
		until, step := from, 1
		if ranged || stepped {
			until = 59
		}
		if ranged && err == nil {
			until, err = strconv.Atoi(last)
		}
		if stepped && err == nil {
			step, err = strconv.Atoi(every)
		}
		if err != nil || step < 1 || until > 59 {
			return true
		}
		for m := from; m <= until; m += step {
			if m%30 == 0 {
				return true
			}
		}
	}
	return false
}
