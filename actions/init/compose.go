package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/config"
)

// shipped are the workflows of this repository with a mark where the pin goes,
// and the plans. A test keeps them those of the repository.
//
//go:embed workflows/*.yml plans
var shipped embed.FS

const (
	planFile = "rules.yaml"
	runbook  = "docs/incident-response.md"
	mark     = "@PIN # VERSION"
	schema   = "https://raw.githubusercontent.com/aftercare/aftercare/COMMIT/actions/internal/config/rules.schema.json"
)

// kind is what a file is for.
type kind int

const (
	workflow kind = iota
	plan          // rules.yaml, which people make their own
	page          // what people read
)

// file is one that init wants to be there, without its first line.
type file struct {
	name string // with slashes, from the top of the repository
	is   kind
	plan string // the plan that it is, where it is one
	text string

	labels []twin // of a plan, those that the repository has under another name
}

// parts are the names of the workflows that can be had, in alphabetical order.
func parts() []string {
	files, _ := fs.Glob(shipped, "workflows/*.yml") // the pattern is good
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".yml"))
	}
	return names
}

func partFile(part string) string { return ".github/workflows/" + part + ".yml" }

// defaultParts returns the parts that a plan is served by: discussions where it
// triages them, and no page on the web, which somebody must want.
func defaultParts(plan string) []string {
	text, err := planText(plan)
	return slices.DeleteFunc(parts(), func(part string) bool {
		return part == "pages" || part == "discussions" && (err != nil || !strings.Contains(text, "\ndiscussions:"))
	})
}

// composePlan returns the rules.yaml that shall stand in the repository.
func composePlan(a answers, p pin) (file, error) {
	text, labels, err := planOf(a, p)
	return file{name: planFile, is: plan, plan: a.Plan, text: text, labels: labels}, err
}

// composeParts returns the workflows that shall stand beside a plan, in a
// repository on a host.
func composeParts(a answers, p pin, stands, host string) ([]file, error) {
	var files []file
	for _, part := range a.Parts {
		src, err := fs.ReadFile(shipped, "workflows/"+part+".yml")
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(string(src), mark, "@"+p.commit+" # "+p.version)
		if secretForm.MatchString(text) {
			text = withSecrets(text, stands, host, a.Without)
		}
		files = append(files, file{name: partFile(part), is: workflow, text: text})
	}
	return files, nil
}

func planText(name string) (string, error) {
	src, err := fs.ReadFile(shipped, "plans/"+name+".yaml")
	if err != nil {
		return "", fmt.Errorf("unknown plan %q: expected plain or caro", name)
	}
	return string(src), nil
}

// planOf writes a rules.yaml, and holds it to what rules.yaml may say.
func planOf(a answers, p pin) (string, []twin, error) {
	src, err := planText(a.Plan)
	if err != nil {
		return "", nil, err
	}
	described := strings.Replace(schema, "COMMIT", p.commit, 1)
	text := shippedSchema.ReplaceAllString(adapt(src, a), "${1}"+described)
	if a.Plan == "plain" {
		if text, err = fill(src, a, described); err != nil {
			return "", nil, err
		}
	}
	text, labels, err := relabel(text, a.Labels)
	if err != nil {
		return "", nil, err
	}
	_, err = config.Parse(planFile, []byte(text))
	return text, labels, err
}

var shippedSchema = regexp.MustCompile(`(?m)^(# yaml-language-server: \$schema=)actions/.*$`)

// fill puts the answers into the plain plan, each as one YAML scalar whatever
// stands in it.
func fill(src string, a answers, schema string) (string, error) {
	t, err := template.New("plain").Funcs(template.FuncMap{"yaml": scalar}).Parse(src)
	if err != nil {
		return "", err
	}
	var channels []string
	if a.Slack != "" {
		channels = append(channels, "alerts")
	}
	if a.Mail != "" {
		channels = append(channels, "team")
	}
	first := ""
	if len(channels) > 0 {
		first = "[" + channels[0] + "]"
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Schema": schema, "Project": a.Project, "Version": a.Version, "Shipped": a.Shipped, "GA": a.GA, "Slack": a.Slack, "Mail": a.Mail,
		"Team": a.Team,
		"Told": len(channels) > 0, "Everybody": "[" + strings.Join(channels, ", ") + "]", "First": first, "Runbook": runbook,
		"Packages": a.Packages, "Metric": told(a.Packages),
	})
	return b.String(), err
}

// told reports which metrics the registries of some packages answer, by id.
func told(packages []published) map[string]bool {
	ids := map[string]bool{}
	for _, p := range packages {
		r, _ := registry.Find(p.Registry)
		for _, id := range r.Metrics {
			ids[id] = true
		}
	}
	return ids
}

// scalar is a text as YAML that means this text alone, between commas and
// brackets too.
func scalar(s string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.SingleQuotedStyle}
	if plainWord.MatchString(s) {
		n.Style = 0
	}
	src, err := yaml.Marshal(&n)
	if err != nil {
		return "''"
	}
	return strings.TrimSuffix(string(src), "\n")
}

var plainWord = regexp.MustCompile(`^[A-Za-z][\w.-]*$|^\d{4}-\d\d-\d\d$`)

// runbooks are the pages that a route of a plan names and that are not there yet,
// or are ours.
func runbooks(h *home, plan string) []file {
	book, err := config.Parse(planFile, []byte(plan))
	if err != nil {
		return nil // their rules.yaml has mistakes, which check tells better
	}
	src, err := fs.ReadFile(shipped, "plans/incident-response.md")
	if err != nil {
		return nil
	}
	var names []string
	for _, route := range book.Routes {
		name := route.Runbook
		if filepath.IsLocal(name) && path.Ext(name) == ".md" && h.lacks(name) {
			names = append(names, path.Clean(name))
		}
	}
	slices.Sort(names)
	var files []file
	for _, name := range slices.Compact(names) {
		files = append(files, file{name: name, is: page, text: string(src)})
	}
	return files
}

// lacks reports whether a file is not there, or is one that init wrote.
func (h *home) lacks(name string) bool {
	src, err := h.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	return err == nil && readMarker(src).ours
}

// recall takes from what an earlier run wrote what it was told then.
func (h *home) recall(a answers, force bool) answers {
	var there []string
	ours := false
	for _, part := range parts() {
		src, err := h.ReadFile(partFile(part))
		if err != nil {
			continue
		}
		if m := readMarker(src); m.ours || force {
			there, ours = append(there, part), ours || m.ours
		}
		if without := declined(src); without != nil {
			_ = putWithout(&a, strings.Join(without, ",")) // words that are none leave nothing out
		}
	}
	if ours {
		a.Parts = there
	}
	src, err := h.ReadFile(planFile)
	if err != nil {
		return a
	}
	if m := readMarker(src); m.plan != "" {
		a.Plan = m.plan
	}
	book, err := config.Parse(planFile, src)
	if err != nil {
		return a
	}
	return a.recall(book)
}

// recall takes the answers that a plan gives, if they have the form of answers:
// somebody else may have written it.
func (a answers) recall(book *config.Book) answers {
	for _, l := range book.Labels { // also where GitHub did not answer now
		if !slices.Contains(a.Labels, l.Name) {
			a.Labels = append(a.Labels, l.Name)
		}
	}
	said := map[string]string{"slack": book.Channels["alerts"].Slack}
	if r := book.Release; r.Project != "" {
		said["project"], said["release"], said["shipped"] = r.Project, r.Version, r.Shipped.String()
		if !r.GA.IsZero() {
			said["ga"] = r.GA.String()
		}
	}
	if team := book.Channels["team"].Email; len(team) > 0 {
		said["mail"] = team[0]
	}
	for _, q := range questions {
		if answer := said[q.flag]; answer != "" && q.put(&a, answer) == nil {
			delete(a.Guessed, q.flag)
		}
	}
	return a
}
