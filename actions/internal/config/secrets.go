package config

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// need is a key of rules.yaml that does nothing without a secret.
type need struct {
	at   []any  // the path of the key
	what string // the key in words: "the Slack channel of alerts"
	// oneOf are the secrets of which one is enough; the line with the first is what
	// a warning proposes.
	oneOf []string
	// by are the programs that use it: each step with one of them must pass it.
	by []string
	// once says that one step of the repository is enough: sources that only the run of
	// the whole plan reads.
	once bool
}

// needs returns what the plan needs, channels first.
func (b *Book) needs() []need {
	var all []need
	for _, name := range b.Channels.Names() {
		by := b.tellers(name)
		if len(by) == 0 {
			continue
		}
		channel := b.Channels[name]
		if channel.Slack != "" {
			all = append(all, need{at: []any{"channels", name, "slack"}, what: "the Slack channel of " + name, by: by,
				oneOf: []string{"SLACK_BOT_TOKEN", "SLACK_WEBHOOK_URL", alert.WebhookVariable(name)}})
		}
		if len(channel.Email) > 0 {
			all = append(all, need{at: []any{"channels", name, "email"}, what: "mail to " + name, by: by, oneOf: []string{"SMTP_URL"}})
		}
		for i, service := range channel.Notify {
			all = append(all, need{at: []any{"channels", name, "notify", i}, what: service + " of " + name, by: by,
				oneOf: []string{alert.ServiceVariable(service), "NOTIFY_URL"}})
		}
	}
	for _, source := range AllSources() {
		for _, s := range source.secretsOf(b) {
			if s.needs != "" {
				all = append(all, need{at: append([]any{"sources"}, s.at...), what: s.needs, oneOf: []string{s.name}, by: []string{"snapshot"}, once: true})
			}
		}
	}
	return all
}

// tellers returns the programs that send to a channel.
func (b *Book) tellers(channel string) []string {
	var by []string
	for _, r := range b.Routes {
		if r.To.Has(channel) {
			by = append(by, "snapshot") // also of issues whose own run was lost
			if len(r.Label) > 0 {
				by = append(by, "triage")
			}
		}
	}
	if b.Digest.To.Has(channel) {
		by = append(by, "digest")
	}
	slices.Sort(by)
	return slices.Compact(by)
}

// workflowStep is a step of a workflow that runs one of our programs.
type workflowStep struct {
	file    string   // snapshot.yml
	program string   // snapshot
	passes  []string // the variables that it has
}

// has reports whether a step passes one of some variables.
func (s workflowStep) has(oneOf []string) bool {
	return slices.ContainsFunc(oneOf, func(name string) bool { return slices.Contains(s.passes, name) })
}

// ourAction is an action of ours, here or in another repository.
var ourAction = lazyregexp.New(`(?:^|/)actions/(triage|snapshot|digest|gate|check)(?:@|$)`)

// workflowSteps returns the steps of the repository's workflows that run our
// programs. A workflow that cannot be read has none: GitHub tells its mistakes.
func workflowSteps(files fs.FS) []workflowStep {
	var all []workflowStep
	for _, pattern := range []string{"*.yml", "*.yaml"} {
		names, _ := fs.Glob(files, ".github/workflows/"+pattern) // the pattern is good
		for _, name := range names {
			src, err := fs.ReadFile(files, name)
			if err == nil {
				all = append(all, stepsOf(path.Base(name), src)...)
			}
		}
	}
	return all
}

// variables are the names under `env`; none where it is an expression.
type variables struct{ names []string }

func (v *variables) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			v.names = append(v.names, n.Content[i].Value)
		}
	}
	return nil
}

func stepsOf(file string, src []byte) []workflowStep {
	var w struct {
		Env  variables `yaml:"env"`
		Jobs map[string]struct {
			Env   variables `yaml:"env"`
			Steps []struct {
				Uses string    `yaml:"uses"`
				Env  variables `yaml:"env"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if yaml.Unmarshal(src, &w) != nil {
		return nil
	}
	var all []workflowStep
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if m := ourAction.FindStringSubmatch(step.Uses); m != nil {
				all = append(all, workflowStep{file, m[1], slices.Concat(w.Env.names, job.Env.names, step.Env.names)})
			}
		}
	}
	return all
}

// unpassed returns the files, sorted, whose steps run a program that needs one of
// some secrets and do not pass it; nil where no workflow runs the program.
func unpassed(steps []workflowStep, n need) []string {
	var without []string
	for _, s := range steps {
		switch {
		case !slices.Contains(n.by, s.program):
		case !s.has(n.oneOf):
			without = append(without, s.file)
		case n.once:
			return nil
		}
	}
	slices.Sort(without)
	return slices.Compact(without)
}

// missingSecrets finds what needs a secret that the workflows of the repository do
// not pass: a secret that is set and not passed reaches no program.
func (b *Book) missingSecrets(files fs.FS) []diag.Mistake {
	var found []diag.Mistake
	steps := workflowSteps(files)
	for _, n := range b.needs() {
		if without := unpassed(steps, n); len(without) > 0 {
			found = append(found, diag.At(n.at, "%s needs a secret that %s: %s", n.what, doNotPass(without), passing(n.oneOf[0])))
		}
	}
	return found
}

func doNotPass(names []string) string {
	if len(names) == 1 {
		return names[0] + " does not pass"
	}
	return humanize.List(names) + " do not pass"
}

// passing says how a step passes a secret.
func passing(secret string) string {
	return fmt.Sprintf("set %s in the repository's settings, and add the line `%s` under `env:` of the step that uses aftercare, or run init again", secret, strings.TrimSpace(secretLine(secret)))
}

func secretLine(secret string) string { return fmt.Sprintf("%s: ${{ secrets.%[1]s }}", secret) }

// databaseHint says how a database of telemetry gets to the program that asks it.
func databaseHint(files fs.FS) string {
	n := need{oneOf: []string{"TELEMETRY_DSN"}, by: []string{"snapshot"}, once: true}
	if without := unpassed(workflowSteps(files), n); len(without) > 0 {
		return ", which " + doNotPass(without) + ": " + passing("TELEMETRY_DSN")
	}
	return ""
}
