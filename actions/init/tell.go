package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/config"
)

var said = map[state]string{
	missing: "written", current: "as it was", outdated: "updated", overruled: "overwritten",
	changed: "left: somebody changed it", foreign: "left: init did not write it", replaced: "left: it is another plan (-force puts this one in its place)",
}

var would = map[state]string{missing: "would be written", outdated: "would be updated", overruled: "would be overwritten"}

// tell says what was done, and what is left for people to do.
func tell(h *home, p pin, a answers, changes []change, dry bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Aftercare %s (%s)\n\n", p.version, p.commit)
	if dry {
		b.WriteString("This is a dry run: nothing was written.\n\n")
	}
	width := 0
	for _, c := range changes {
		width = max(width, len(c.name))
	}
	for _, c := range changes {
		word := said[c.state]
		if dry && c.writes() {
			word = would[c.state]
		}
		fmt.Fprintf(&b, "  %-*s  %s\n", width, c.name, word)
	}
	for _, c := range changes {
		if c.left() {
			b.WriteString("\n" + difference(c))
		}
	}
	b.WriteString(remaining(h.remote, a, changes))
	return b.String()
}

// most is how many lines of a difference are shown.
const most = 30

// difference is how a file differs from what init would write, in short.
func difference(c change) string {
	text := string(diff.Diff("yours", []byte(unmarked(c.was)), "ours", []byte(unmarked(c.want))))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	lines = lines[min(3, len(lines)):] // the names
	gone, come := 0, 0
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "-"):
			gone++
		case strings.HasPrefix(line, "+"):
			come++
		}
	}
	out := fmt.Sprintf("%s differs from this version in %s of yours (-) and %s of ours (+).\n", c.name, lineCount(gone), lineCount(come))
	for i, line := range lines {
		if i == most {
			return out + fmt.Sprintf("    (%d more lines)\n", len(lines)-most)
		}
		out += "    " + strings.Map(visible, line) + "\n"
	}
	return out
}

func lineCount(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// unmarked is a file without the line that init puts first.
func unmarked(text string) string {
	if readMarker([]byte(text)).ours {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// visible drops what could move the cursor of a terminal.
func visible(r rune) rune {
	if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}

// remaining is what people must do, for the workflows that stand.
func remaining(r remote, a answers, changes []change) string {
	var b strings.Builder
	step := 0
	add := func(format string, args ...any) {
		step++
		fmt.Fprintf(&b, "%d. %s\n", step, fmt.Sprintf(format, args...))
	}
	b.WriteString("\nWhat is left to do:\n\n")
	add("%s", ofPlan(a, planAmong(changes)))
	reached := reaches(planAmong(changes))
	if !reached {
		add("Decide who is notified. rules.yaml names no channel, so nobody is: run init again with -slack '#name' or -mail address,\n   or write channels and routes into it. Labels and reports need neither.")
	}
	if names := secretsOf(changes); len(names) > 0 {
		add("Set the secrets that rules.yaml uses, at %s:", r.link("settings/secrets/actions", "Settings > Secrets and variables > Actions"))
		for _, name := range names {
			fmt.Fprintf(&b, "     %-20s %s\n", name, purpose(name))
		}
	}
	add("Allow these actions, if yours are restricted, at %s. Each job names its own permissions,\n   so the default of the repository may stay at reading:", r.link("settings/actions", "Settings > Actions > General"))
	for _, line := range needs(changes) {
		fmt.Fprintf(&b, "     %s\n", line)
	}
	if slices.ContainsFunc(changes, func(c change) bool { return c.name == partFile("snapshot") }) {
		add("Is the repository private? Then the minutes of runs are counted, and the sweep of snapshot.yml takes about 3,000 runs\n   of a minute a month: let it run more rarely, by another cron in each of the three places that name its own.")
	}
	if usesPages(changes) {
		add("For the page, choose GitHub Actions as the source at %s.", r.link("settings/pages", "Settings > Pages"))
	}
	add("Commit and push: git add %s && git commit -m 'Watch the release'", strings.Join(written(changes), " "))
	look := fmt.Sprintf("Look at the runs, at %s.", r.link("actions", "the tab Actions"))
	if reached && slices.ContainsFunc(changes, func(c change) bool { return c.name == partFile("check") }) {
		look += " The workflow check, run by hand with the input notify and\n   the name of a channel of rules.yaml, sends a test message and says what is missing."
	}
	add("%s", look)
	return b.String()
}

// reaches reports whether a plan has a channel; one with mistakes may have.
func reaches(c change) bool {
	book, err := config.Parse(planFile, []byte(c.stands()))
	return err != nil || len(book.Channels) > 0
}

// ofPlan says what the rules.yaml is that stands, and what is to be done with it.
func ofPlan(a answers, c change) string {
	switch {
	case c.left():
		return ofTheirs(c)
	case a.Version == "":
		return "Read rules.yaml and make it yours. Nothing is released yet, so it watches no release: fill in the section release\n   with the first one, or run init again then." + guessed(a) + ofLabels(c)
	}
	return fmt.Sprintf("Read rules.yaml and make it yours: it watches %s %s, shipped %s. It is the one file to edit.%s%s", a.Project, a.Version, a.Shipped, guessed(a), ofLabels(c))
}

// ofLabels lists the labels that the repository had, which the plan uses in the
// place of its own.
func ofLabels(c change) string {
	words := ""
	for _, l := range c.labels {
		words += fmt.Sprintf("\n     %-14s %s", l.ours, strings.Map(visible, l.theirs))
	}
	if words == "" {
		return ""
	}
	return "\n   It uses labels that the repository has already; where one means something else, change it in rules.yaml:" + words
}

// guessed lists the answers that nobody gave, and where they are from.
func guessed(a answers) string {
	words := ""
	var rows [][3]string
	for _, q := range questions {
		if why := a.Guessed[q.flag]; why != "" {
			rows = append(rows, [3]string{q.flag, q.now(a), why})
		}
	}
	for _, p := range a.Packages {
		rows = append(rows, [3]string{p.Registry, p.Name, p.File})
	}
	first, second := 0, 0
	for _, r := range rows {
		first, second = max(first, len(r[0])), max(second, len(r[1]))
	}
	for _, r := range rows {
		words += fmt.Sprintf("\n     %-*s  %-*s  %s", first, r[0], second, r[1], r[2])
	}
	if words == "" {
		return ""
	}
	return "\n   This was guessed; where it is wrong, change it in rules.yaml:" + words
}

// ofTheirs says of a rules.yaml that was left what it watches, or what is wrong
// in it.
func ofTheirs(c change) string {
	book, err := config.Parse(planFile, []byte(c.was))
	if err != nil {
		first, rest, _ := strings.Cut(err.Error(), "\n")
		words := "Mend rules.yaml, which was left as it was: nothing runs by it as it is.\n     " + strings.Map(visible, first)
		if rest != "" {
			words += fmt.Sprintf(" (and %d more)", 1+strings.Count(rest, "\n"))
		}
		return words
	}
	watches := "names no release to watch"
	if r := book.Release; r.Project != "" {
		watches = fmt.Sprintf("watches %s %s, shipped %s", r.Project, r.Version, r.Shipped)
	}
	return "See that rules.yaml says what you want: it was left as it was, and " + strings.Map(visible, watches) + ". It is the one file to edit."
}

var usesForm = regexp.MustCompile(`uses: ([\w.-]+/[\w.-]+)`)

// needs are a line of the actions that the workflows use, and one for each
// workflow with its permissions. Ours use setup-go where a program must be built.
func needs(changes []change) []string {
	used := map[string]bool{"actions/setup-go": true}
	var lines []string
	for _, c := range changes {
		if c.is != workflow {
			continue
		}
		for _, m := range usesForm.FindAllStringSubmatch(c.text, -1) {
			used[m[1]] = true
		}
		lines = append(lines, c.name+": "+strings.Join(permissions(c.text), ", "))
	}
	return append([]string{strings.Join(slices.Sorted(maps.Keys(used)), ", ")}, lines...)
}

// permissions are those of all jobs of a workflow; the higher one where two
// differ.
func permissions(text string) []string {
	var doc struct {
		Jobs map[string]struct {
			Permissions map[string]string `yaml:"permissions"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil
	}
	levels := map[string]string{}
	for _, job := range doc.Jobs {
		for scope, level := range job.Permissions {
			levels[scope] = max(levels[scope], level) // "read" < "write"
		}
	}
	var all []string
	for _, scope := range slices.Sorted(maps.Keys(levels)) {
		all = append(all, scope+" "+levels[scope])
	}
	return all
}

func usesPages(changes []change) bool {
	return slices.ContainsFunc(changes, func(c change) bool {
		return c.is == workflow && strings.Contains(c.text, "uses: actions/deploy-pages@")
	})
}

// written are the files that a commit should hold: those that init wrote, also
// where somebody edited them since, and rules.yaml whosever it is, since the workflows read it.
func written(changes []change) []string {
	var names []string
	for _, c := range changes {
		if c.writes() || c.state == current || c.state == changed || c.is == plan {
			names = append(names, c.name)
		}
	}
	return names
}
