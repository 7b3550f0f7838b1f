package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
)

// secret is one that a workflow hands to a program.
type secret struct {
	service string // the word of -without that leaves it out
	words   string // what it is for
	// of reports whether a plan uses it, in a repository on a host; nil is
	// every plan.
	of func(b *config.Book, host string) bool
}

// docs is where the pages for people are.
const docs = "https://github.com/aftercare/aftercare/blob/main/actions/docs/"

// secrets are those of the shipped workflows, by name; a variable that only goes
// with a secret is one of them.
var secrets = map[string]secret{
	"SLACK_BOT_TOKEN":      {"slack", "a bot that may write into your channels (make it from " + docs + "slack-app.yaml); or a webhook below", usesSlack},
	"SLACK_WEBHOOK_URL":    {"slack", "an incoming webhook, where you have no bot", usesSlack},
	"SMTP_URL":             {"mail", "the mail server, smtps:// with the sender behind it (?from=address), for mails", usesMail},
	"NOTIFY_URL":           {"notify", "the address of a service besides Slack, such as discord://TOKEN@WEBHOOK_ID (" + docs + "install.md lists them); or one for each name of `notify`, NOTIFY_URL_<NAME>", usesServices},
	"AFTERCARE_KEY":        {"key", "signs our markers on issues: any long random text (openssl rand -hex 32); may be left out", nil},
	"AFTERCARE_TOKEN":      {"token", "a token that may read Dependabot alerts, where your server does not let the workflow's own; may be left out", needsToken},
	"TELEMETRY_DSN":        {"telemetry", "the PostgreSQL that holds your telemetry, if you have one", ofSource("TELEMETRY_DSN")},
	"IMAP_URL":             {"mailbox", "the mailbox that reports come to, as imaps://; it is read, and left as it is", ofSource("IMAP_URL")},
	"REDDIT_CLIENT_ID":     {"reddit", "of an application of yours at Reddit, which shows its search to few without one; may be left out", ofSource("REDDIT_CLIENT_ID")},
	"REDDIT_CLIENT_SECRET": {"reddit", "of the same", ofSource("REDDIT_CLIENT_SECRET")},
	"MASTODON_URL":         {"mastodon", "", ofSource("MASTODON_URL")},
	"MASTODON_TOKEN":       {"mastodon", "lets a Mastodon server search for words instead of a hashtag; may be left out", ofSource("MASTODON_TOKEN")},
	"X_BEARER_TOKEN":       {"x", "of an application of yours at X that may use the recent search", ofSource("X_BEARER_TOKEN")},
	"SURVEY_URL":           {"surveys", "the address of a survey's answers as CSV, such as a published sheet", ofSource("SURVEY_URL")},
}

// ofSource reports whether a source of the plan may use a secret, or one whose name
// begins with it.
func ofSource(name string) func(b *config.Book, host string) bool {
	return func(b *config.Book, _ string) bool {
		return slices.ContainsFunc(b.SourceSecrets(), func(used string) bool { return strings.HasPrefix(used, name) })
	}
}

func usesSlack(b *config.Book, _ string) bool {
	return slices.ContainsFunc(b.Channels.Names(), func(name string) bool { return b.Channels[name].Slack != "" })
}

func usesMail(b *config.Book, _ string) bool {
	return slices.ContainsFunc(b.Channels.Names(), func(name string) bool { return len(b.Channels[name].Email) > 0 })
}

func usesServices(b *config.Book, _ string) bool { return len(b.Channels.Services()) > 0 }

// needsToken reports whether a plan counts Dependabot alerts on a server that may
// not know the permission of the workflow's own token for them; github.com does.
func needsToken(b *config.Book, host string) bool {
	counts := slices.ContainsFunc(b.Measured(), func(m config.Metric) bool { return m.ID == "vulnerabilities" })
	return counts && host != "" && host != "github.com"
}

// services returns the words that -without may have, sorted.
func services() []string {
	seen := map[string]bool{}
	for _, s := range secrets {
		seen[s.service] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// servicesOf returns those of the secrets that a plan uses, sorted.
func servicesOf(text, host string) []string {
	book, err := config.Parse(planFile, []byte(text))
	seen := map[string]bool{}
	for _, s := range secrets {
		if err != nil || s.of == nil || s.of(book, host) {
			seen[s.service] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// putWithout takes services whose secrets shall be left out, or none.
func putWithout(a *answers, s string) error {
	a.Without = nil
	if s == "none" {
		return nil
	}
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(services(), name) {
			return fmt.Errorf("unknown service %q: expected some of %s, or none", name, strings.Join(services(), ", "))
		}
		a.Without = append(a.Without, name)
	}
	slices.Sort(a.Without)
	a.Without = slices.Compact(a.Without)
	if slices.Contains(a.Without, "slack") {
		a.Slack = ""
	}
	if slices.Contains(a.Without, "mail") {
		a.Mail = ""
	}
	return nil
}

var (
	secretForm  = regexp.MustCompile(`secrets\.([A-Z][A-Z0-9_]*)`)
	passForm    = regexp.MustCompile(`^ +([A-Z][A-Z0-9_]*): \$\{\{ (?:secrets|vars)\.`)
	withoutForm = regexp.MustCompile(`(?m)^# Left out: the secrets for ([a-z, ]+)\.`)
)

// withSecrets leaves in a workflow the secrets that a plan uses, but for
// those of services that were declined; of a plan with mistakes, all.
func withSecrets(workflow, plan, host string, without []string) string {
	book, err := config.Parse(planFile, []byte(plan))
	var lines []string
	for line := range strings.Lines(workflow) {
		if m := passForm.FindStringSubmatch(line); m != nil {
			s, known := secrets[m[1]]
			declined := slices.Contains(without, s.service)
			if known && (declined || err == nil && s.of != nil && !s.of(book, host)) {
				continue
			}
			if m[1] == "NOTIFY_URL" && err == nil {
				line = perService(line, book.Channels.Services())
			}
		}
		lines = append(lines, line)
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.TrimSpace(lines[i]) == "env:" && (i+1 == len(lines) || indent(lines[i+1]) <= indent(lines[i])) {
			lines = slices.Delete(lines, i, i+1) // nothing is left in it
		}
	}
	note := "# It passes the secrets that rules.yaml uses: when you change what it uses, run init again.\n"
	if len(without) > 0 {
		note += "# Left out: the secrets for " + strings.Join(without, ", ") + ". init -without none brings them back.\n"
	}
	return note + strings.Join(lines, "")
}

// perService is the line that passes NOTIFY_URL, and behind it one for each
// service, whose own address goes before.
func perService(line string, names []string) string {
	for _, name := range names {
		line += strings.ReplaceAll(strings.SplitAfter(line, "\n")[0], "NOTIFY_URL", alert.ServiceVariable(name))
	}
	return line
}

// indent returns how many spaces a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// declined returns the services that a workflow of ours says were left out.
func declined(workflow []byte) []string {
	m := withoutForm.FindSubmatch(workflow)
	if m == nil {
		return nil
	}
	return strings.Split(string(m[1]), ", ")
}

func purpose(name string) string {
	if words := secrets[name].words; words != "" {
		return words
	}
	return "see the workflow that names it"
}

// secretsOf returns the names of the secrets that the workflows pass, but GitHub's
// own, sorted.
func secretsOf(changes []change) []string {
	seen := map[string]bool{}
	for _, c := range changes {
		if c.is != workflow || c.state == foreign {
			continue
		}
		for _, m := range secretForm.FindAllStringSubmatch(c.stands(), -1) {
			seen[m[1]] = m[1] != "GITHUB_TOKEN"
		}
	}
	maps.DeleteFunc(seen, func(_ string, ours bool) bool { return !ours })
	return slices.Sorted(maps.Keys(seen))
}
