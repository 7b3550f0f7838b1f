package config

import (
	"slices"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
)

// Source is a system that metrics read.
type Source struct {
	Name  string   // by which a metric names it
	Parts []string // by which a metric names a part of it alone
	HowTo string   // how it is configured
	// Off returns why it is not read, "" where it is. A secret that it needs is asked
	// of getenv.
	Off func(s Sources, getenv func(string) string) string
	// secrets are those that it needs or may use; nil is none.
	secrets func(b *Book) []sourceSecret
}

// sourceSecret is a secret that a source reads from the environment.
type sourceSecret struct {
	name  string
	needs string // what does nothing without it, in words; empty of one that may be left out
	at    []any  // the key under sources that asks for it; nil of one that may be left out
}

func (s Source) secretsOf(b *Book) []sourceSecret {
	if s.secrets == nil {
		return nil
	}
	return s.secrets(b)
}

// TelemetryOff is why no telemetry is read.
const TelemetryOff = "it is not set up: name exports in rules.yaml, or set TELEMETRY_DSN"

// AllSources is the one list of sources. What a run reads, what check warns of, which
// metrics are unavailable, and which secrets init asks for follow from it. It is shared.
func AllSources() []Source { return allSources() }

var allSources = sync.OnceValue(func() []Source {
	return append([]Source{
		{Name: "github", Parts: []string{"security", "discussions", "ci"}, Off: func(Sources, func(string) string) string { return "" }},
		{Name: "telemetry", Parts: []string{"findings"}, HowTo: "set sources.telemetry.exports, or the secret TELEMETRY_DSN", Off: telemetryIsOff, secrets: telemetrySecrets},
		{Name: "registries", Parts: []string{"versions"}, HowTo: "set sources.registries", Off: packagesAreOff("")},
		{Name: "surveys", HowTo: "set sources.surveys", Off: surveysAreOff, secrets: surveySecrets},
		{Name: "mentions", HowTo: "set sources.mentions", Off: mentionsAreOff, secrets: mentionSecrets},
		{Name: "mailbox", HowTo: "set sources.mailbox", Off: mailboxIsOff, secrets: mailboxSecrets},
	}, registrySources()...)
})

// registrySources are the registries, of which each may be named by itself.
func registrySources() []Source {
	var all []Source
	for _, name := range registry.Names() {
		all = append(all, Source{Name: name, HowTo: "set sources.registries." + name, Off: packagesAreOff(name)})
	}
	return all
}

// SourceNames returns the names that the source of a metric may have.
func SourceNames() []string {
	var names []string
	for _, s := range AllSources() {
		names = append(names, s.Name)
	}
	return names
}

// sourceOf finds a source by its name or that of a part.
func sourceOf(name string) (Source, bool) {
	all := AllSources()
	i := slices.IndexFunc(all, func(s Source) bool { return s.Name == name || slices.Contains(s.Parts, name) })
	if i < 0 {
		return Source{}, false
	}
	return all[i], true
}

// Off returns why a source is not read, "" where it is.
func (s Sources) Off(name string, getenv func(string) string) string {
	found, known := sourceOf(name)
	if !known {
		return ""
	}
	return found.Off(s, getenv)
}

// SourceSecrets are the secrets that the sources of the configuration need or may
// use.
func (b *Book) SourceSecrets() []string {
	var all []string
	for _, s := range AllSources() {
		for _, one := range s.secretsOf(b) {
			all = append(all, one.name)
		}
	}
	return all
}

func telemetryIsOff(s Sources, getenv func(string) string) string {
	if s.Telemetry.Exports+getenv("TELEMETRY_DSN") == "" && mailboxIsOff(s, getenv) != "" {
		return TelemetryOff
	}
	return ""
}

func telemetrySecrets(b *Book) []sourceSecret {
	if b.Sources.Telemetry.Exports == "" && !slices.ContainsFunc(b.Measured(), func(m Metric) bool { return m.Source == "telemetry" }) {
		return nil
	}
	return []sourceSecret{{name: "TELEMETRY_DSN"}}
}

// packagesAreOff is Off of a registry; of all of them where it has no name.
func packagesAreOff(name string) func(Sources, func(string) string) string {
	return func(s Sources, _ func(string) string) string {
		for at, packages := range s.Packages() {
			if len(packages) > 0 && (name == "" || at == name) {
				return ""
			}
		}
		return "no package is named in rules.yaml"
	}
}

func surveysAreOff(s Sources, getenv func(string) string) string {
	switch {
	case s.Surveys.Files+s.Surveys.URL == "":
		return "no files are named in rules.yaml"
	case s.Surveys.Files == "" && getenv(s.Surveys.URL) == "":
		return "it is not set up: set " + s.Surveys.URL
	}
	return ""
}

func mentionsAreOff(s Sources, _ func(string) string) string {
	m := s.Mentions
	if m.HackerNews+m.Reddit.Query+m.Mastodon+m.X+m.Files == "" && len(s.Feeds) == 0 {
		return "no place is named in rules.yaml"
	}
	return ""
}

func surveySecrets(b *Book) []sourceSecret {
	if b.Sources.Surveys.URL == "" {
		return nil
	}
	return []sourceSecret{{b.Sources.Surveys.URL, "the survey", []any{"surveys", "url"}}}
}

func mentionSecrets(b *Book) []sourceSecret {
	var all []sourceSecret
	m := b.Sources.Mentions
	if m.Reddit.Query != "" {
		all = append(all, sourceSecret{name: "REDDIT_CLIENT_ID"}, sourceSecret{name: "REDDIT_CLIENT_SECRET"})
	}
	if m.Mastodon != "" {
		all = append(all, sourceSecret{name: "MASTODON_URL"}, sourceSecret{name: "MASTODON_TOKEN"})
	}
	if m.X != "" {
		all = append(all, sourceSecret{"X_BEARER_TOKEN", "the search on X", []any{"mentions", "x"}})
	}
	return all
}

func mailboxSecrets(b *Book) []sourceSecret {
	if b.Sources.Mailbox.Address == "" {
		return nil
	}
	return []sourceSecret{{"IMAP_URL", "the mailbox", []any{"mailbox", "address"}}}
}

func mailboxIsOff(s Sources, getenv func(string) string) string {
	switch {
	case s.Mailbox.Address == "":
		return "no address is named in rules.yaml"
	case getenv("IMAP_URL") == "":
		return "it is not set up: set IMAP_URL"
	}
	return ""
}
