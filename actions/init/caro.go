package main

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// caro is the name of the project that the plan caro was written for.
const caro = "caro"

// adapt makes the whole plan, which was written for Caro, one of another project:
// its release, with the phases as long after it; the channels that were given, and
// no route to others; its name in the words that are looked for. Its package,
// surveys, searches and mailbox, which nobody gave, become comments.
func adapt(src string, a answers) string {
	if strings.EqualFold(a.Project, caro) && a.Slack == "" && a.Mail == "" {
		return adaptOwn(src, a)
	}
	var b strings.Builder
	for _, s := range sections(src) {
		switch s.key {
		case "release":
			s.text = adaptRelease(s.text, a)
		case "channels":
			s.text = channelsOf(a)
		case "routes", "digest":
			s.text = adaptRoutes(s.text, a)
		case "sources":
			s.text = strings.Replace(commentOut(s.text, "telemetry"), "sources:\n", "sources:\n"+registriesOf(a), 1)
		case "triage":
			s.text = adaptWords(s.text, strings.ToLower(a.Project))
		case "reports":
			s.text = strings.Replace(s.text, "branch: main, ", "", 1)
		}
		b.WriteString(s.text)
	}
	return strings.Replace(b.String(), planOfCaro, "This is a whole monitoring plan, to be made your own.", 1)
}

// adaptOwn leaves the plan of Caro as it is in Caro's own repository, but for
// another release and for what needs secrets that were declined.
func adaptOwn(src string, a answers) string {
	left := func(service string) bool { return slices.Contains(a.Without, service) }
	a.Slack, a.Mail = "kept", "kept"
	if left("slack") {
		a.Slack = ""
	}
	if left("mail") {
		a.Mail = ""
	}
	var b strings.Builder
	for _, s := range sections(src) {
		switch {
		case s.key == "release" && a.Version != "" && (a.GA != "" || !strings.Contains(s.text, "version: "+a.Version+"\n")):
			s.text = adaptRelease(s.text, a)
		case s.key == "channels" && a.Slack+a.Mail == "":
			s.text = channelsOf(a)
		case s.key == "channels":
			s.text = keepChannels(s.text, a)
		case (s.key == "routes" || s.key == "digest") && (a.Slack == "" || a.Mail == ""):
			s.text = adaptRoutes(s.text, a)
		case s.key == "sources" && left("mailbox"):
			s.text = strings.Replace(s.text, "\n  mailbox:", "\n  # mailbox:", 1)
		}
		b.WriteString(s.text)
	}
	return b.String()
}

// keepChannels takes the channels out of a plan that nobody can reach.
func keepChannels(text string, a answers) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if a.Slack == "" && strings.Contains(line, "{slack:") || a.Mail == "" && strings.Contains(line, "{email:") {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

const planOfCaro = "This is the whole monitoring plan of Caro\n# v1.1.0-beta; another project changes this file and nothing else."

var (
	caroWord = regexp.MustCompile(`\bcaro\b`)
	caroTerm = regexp.MustCompile(`\bcaro\||(?m)^ *- .*\bcaro$\n`)
	oneWord  = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
)

// adaptWords puts a project's name in the place of Caro's where it is looked for.
// A name of several words is no choice of a term: Caro's is taken out then.
func adaptWords(text, project string) string {
	if oneWord.MatchString(project) {
		return caroWord.ReplaceAllString(text, project)
	}
	return caroTerm.ReplaceAllString(text, "")
}

// section is a top-level key of a plan with what is under it, and the comments
// behind it. The first one has no key.
type section struct{ key, text string }

var sectionForm = regexp.MustCompile(`(?m)^([a-z]+):`)

func sections(src string) []section {
	var all []section
	key, from := "", 0
	for _, m := range sectionForm.FindAllStringSubmatchIndex(src, -1) {
		all = append(all, section{key, src[from:m[0]]})
		key, from = src[m[2]:m[3]], m[0]
	}
	return append(all, section{key, src[from:]})
}

var (
	dayForm  = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	fieldOf  = func(key string) *regexp.Regexp { return regexp.MustCompile(`(?m)^(  ` + key + `: ).*$`) }
	followOf = regexp.MustCompile(`(?m)^  follow: .*\n`)
)

// adaptRelease names the project's own release. Without one, it becomes a comment.
func adaptRelease(text string, a answers) string {
	text = followOf.ReplaceAllString(text, "")
	for key, value := range map[string]string{"project": a.Project, "version": a.Version} {
		text = fieldOf(key).ReplaceAllString(text, "${1}"+strings.ReplaceAll(scalar(value), "$", "$$"))
	}
	own, err := time.Parse(time.DateOnly, a.Shipped)
	if a.Version == "" || err != nil {
		return "# Nothing is released yet: with the first release, fill this in.\n" + commentOut(text, "")
	}
	days := dayForm.FindAllString(text, -1)
	first, err := time.Parse(time.DateOnly, days[0])
	if err != nil {
		return text
	}
	text = dayForm.ReplaceAllStringFunc(text, func(day string) string {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return day
		}
		return own.Add(t.Sub(first)).Format(time.DateOnly)
	})
	if a.GA != "" {
		text = fieldOf("ga").ReplaceAllString(text, "${1}"+a.GA)
	}
	return text
}

// registriesOf are the packages that the project publishes, as a line of its
// sources.
func registriesOf(a answers) string {
	var packages []string
	for _, p := range a.Packages {
		packages = append(packages, p.Registry+": "+scalar(p.Name))
	}
	if len(packages) == 0 {
		return ""
	}
	return "  registries: {" + strings.Join(packages, ", ") + "}\n"
}

// channelsOf are the channels of a plan that were given.
func channelsOf(a answers) string {
	lines := []string{"channels:"}
	if a.Slack != "" {
		lines = append(lines, "  alerts:     {slack: "+scalar(a.Slack)+"}", "  monitoring: {slack: "+scalar(a.Slack)+"}")
	}
	if a.Mail != "" {
		lines = append(lines, "  team:       {email: ["+scalar(a.Mail)+"]}")
	}
	if len(lines) == 1 {
		lines = []string{"# channels:", "#   alerts:     {slack: '#alerts'}", "#   monitoring: {slack: '#alerts'}", "#   team:       {email: [team@example.org]}"}
	}
	return strings.Join(lines, "\n") + "\n\n"
}

var toForm = regexp.MustCompile(`(,? *)to: \[([^\]]*)\]`)

// adaptRoutes leads routes to the channels that there are. Where there are none,
// routes become comments.
func adaptRoutes(text string, a answers) string {
	if a.Slack == "" && a.Mail == "" {
		if strings.HasPrefix(text, "digest") {
			return toForm.ReplaceAllString(text, "")
		}
		return commentOut(text, "")
	}
	return toForm.ReplaceAllStringFunc(text, func(to string) string {
		m := toForm.FindStringSubmatch(to)
		var names []string
		for _, name := range strings.Split(m[2], ", ") {
			switch {
			case a.Mail == "" && name == "team":
				name = "alerts"
			case a.Slack == "" && name != "team":
				name = "team"
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return m[1] + "to: [" + strings.Join(names, ", ") + "]"
	})
}

// commentOut makes a section a comment; but for the line of its key and the key
// within it that is kept.
func commentOut(text, kept string) string {
	var b strings.Builder
	in := true
	for i, line := range strings.SplitAfter(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"), strings.TrimSpace(line) == "":
			in = false
		case kept != "" && (i == 0 || strings.HasPrefix(line, "  "+kept+":")):
		case in || strings.HasPrefix(line, " "):
			line = "# " + line
		}
		b.WriteString(line)
	}
	return b.String()
}
