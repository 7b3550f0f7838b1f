package config

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Sources says what is read beside the repository itself. Their secrets come
// from the environment.
type Sources struct {
	// Telemetry is what the product reports about itself: exports in the repository, or a database.
	Telemetry Telemetry `yaml:"telemetry"`
	// Registries are the packages that the project publishes, by the name of the registry: one name, or a
	// list of names.
	Registries Registries `yaml:"registries"`
	// Crates is the package on crates.io, for downloads and yanked versions. The same as crates under
	// registries.
	Crates Crates `yaml:"crates"`
	// Surveys are answers of a survey as CSV files.
	Surveys Surveys `yaml:"surveys"`
	// Mentions searches public sites for mentions of the project.
	Mentions Mentions `yaml:"mentions"`
	// Mailbox is the mailbox that reports come to. The secret IMAP_URL connects to it.
	Mailbox Mailbox `yaml:"mailbox"`
}

// SourceNames returns the names that the source of a metric may have.
func SourceNames() []string {
	return append([]string{"github", "telemetry", "registries", "surveys", "mentions", "mailbox"}, registry.Names()...)
}

// Registries are the packages that the project publishes, by the name of their
// registry. Package registry lists the registries.
type Registries map[string]model.Names

// Packages returns the packages of all registries, by the name of the registry.
func (s Sources) Packages() map[string]model.Names {
	all := map[string]model.Names{}
	if s.Crates.Package != "" {
		all["crates"] = model.Names{s.Crates.Package}
	}
	maps.Copy(all, s.Registries)
	return all
}

// tellTotals reports whether a registry tells running totals alone.
func (s Sources) tellTotals() bool {
	return slices.ContainsFunc(registry.All(), func(r registry.Registry) bool { return r.Totals && len(s.Registries[r.Name]) > 0 })
}

func (r Registries) validate() []diag.Mistake {
	var found []diag.Mistake
	for _, key := range slices.Sorted(maps.Keys(r)) {
		known, is := registry.Find(key)
		if !is {
			found = append(found, diag.At([]any{key}, "%s", diag.Unknown("registry", key, registry.Names())))
			continue
		}
		for _, name := range r[key] {
			if !known.Valid(name) {
				found = append(found, diag.At([]any{key}, "%q is not a package of %s: expected a name such as %s", name, known.Title, known.Example))
			}
		}
	}
	return found
}

// Telemetry is read from exports; TELEMETRY_DSN in the environment moves the
// queries into PostgreSQL.
type Telemetry struct {
	// Exports is a path or pattern of export files in the repository, such as telemetry/*.json. The
	// secret TELEMETRY_DSN queries PostgreSQL instead.
	Exports string `yaml:"exports"`
}

// Crates is a package on crates.io.
type Crates struct {
	// Package is the name of the crate.
	Package string `yaml:"package"`
}

// Surveys are CSV files as form tools export them.
type Surveys struct {
	// Files is a path or pattern of CSV files in the repository, such as surveys/*.csv.
	Files string `yaml:"files"`
	// Columns names the header of each column.
	Columns SurveyColumns `yaml:"columns"`
}

// SurveyColumns names the header of each answer, as the form tool writes it.
type SurveyColumns struct {
	// At is the header of the column with the time of the answer. Required.
	At string `yaml:"at"`
	// Satisfaction is the header of the column with the overall satisfaction, 1 to 5.
	Satisfaction string `yaml:"satisfaction"`
	// Recommend is the header of the column with the likelihood to recommend, 0 to 10 (net promoter
	// score).
	Recommend string `yaml:"recommend"`
	// SuccessEstimate is the header of the column with how often the product works, estimated by the
	// user.
	SuccessEstimate string `yaml:"success_estimate"`
	// PrivacyConcern is the header of the column that says whether the user has privacy concerns.
	PrivacyConcern string `yaml:"privacy_concern"`
	// Requests is the header of the column with feature requests, as free text.
	Requests string `yaml:"requests"`
	// Comments is the header of the column with other free text.
	Comments string `yaml:"comments"`
}

// Mentions are searches in public places.
type Mentions struct {
	// HackerNews holds the words to search for on Hacker News: all must occur; quote a phrase.
	HackerNews string `yaml:"hackernews"`
	// Reddit searches communities of Reddit.
	Reddit Reddit `yaml:"reddit"`
	// Mastodon is a hashtag of the server MASTODON_URL, or words to search for where MASTODON_TOKEN is
	// set.
	Mastodon string `yaml:"mastodon"`
	// Files is a path or pattern of CSV files with mentions collected by hand: source, at, url, author,
	// score, text.
	Files string `yaml:"files"`
}

// Reddit is a search in some of its communities.
type Reddit struct {
	// Subreddits are the communities to search, without r/.
	Subreddits model.Names `yaml:"subreddits"`
	// Query holds the words to search for: all must occur; quote a phrase.
	Query string `yaml:"query"`
}

// Mailbox is an address that reports come to; IMAP_URL in the environment
// leads to it.
type Mailbox struct {
	// Address selects the mail to read: what was sent to this address.
	Address string `yaml:"address"`
	// Seen marks mail as seen once it has been read; by default nothing changes in the mailbox.
	Seen bool `yaml:"seen"`
}

func (s Sources) validate() []diag.Mistake {
	var found []diag.Mistake
	pattern := func(value string, at ...any) {
		_, err := path.Match(value, "")
		if err != nil || strings.HasPrefix(value, "/") || strings.Contains(value, "..") {
			found = append(found, diag.At(at, "%q: expected a path or a pattern in the repository, such as data/*.json", value))
		}
	}
	pattern(s.Telemetry.Exports, "telemetry", "exports")
	pattern(s.Surveys.Files, "surveys", "files")
	pattern(s.Mentions.Files, "mentions", "files")
	if s.Surveys.Files != "" && s.Surveys.Columns.At == "" {
		found = append(found, diag.At([]any{"surveys"}, "surveys need `columns: {at: …}`: the header of the column with the time"))
	}
	found = append(found, diag.Under(s.Registries.validate(), "registries")...)
	if s.Crates.Package != "" {
		one := Registries{"crates": {s.Crates.Package}}
		for _, m := range one.validate() {
			found = append(found, diag.At([]any{"crates", "package"}, "%s", m.Text))
		}
		if len(s.Registries["crates"]) > 0 {
			found = append(found, diag.At([]any{"crates"}, "crates is under registries too: leave one of them out"))
		}
	}
	if s.Mailbox.Address != "" && !strings.Contains(s.Mailbox.Address, "@") {
		found = append(found, diag.At([]any{"mailbox", "address"}, "%q is no e-mail address", s.Mailbox.Address))
	}
	if len(s.Mentions.Reddit.Subreddits) > 0 && s.Mentions.Reddit.Query == "" {
		found = append(found, diag.At([]any{"mentions", "reddit"}, "reddit needs `query`: the words to look for"))
	}
	m := s.Mentions
	for _, search := range []struct {
		query string
		at    []any
	}{{m.HackerNews, []any{"mentions", "hackernews"}}, {m.Reddit.Query, []any{"mentions", "reddit", "query"}}, {m.Mastodon, []any{"mentions", "mastodon"}}} {
		if wrong := noSearch(search.query); wrong != "" {
			found = append(found, diag.At(search.at, "%s", wrong))
		}
	}
	return found
}

// operator is what some searches understand and others take for words.
var operator = regexp.MustCompile(`^(?:OR|AND|NOT|[-+][\pL\pN].*|[A-Za-z_]+:[^:/].*)$`)

// noSearch says what is wrong with the words that are looked for: all of them must
// be there, those in quotation marks in a row, and that is all they say.
func noSearch(query string) string {
	if query == "" {
		return ""
	}
	parts := strings.Split(query, `"`)
	if len(parts)%2 == 0 {
		return fmt.Sprintf("%q: a quotation mark is missing", query)
	}
	for i, part := range parts {
		for _, word := range strings.Fields(part) {
			if i%2 == 0 && operator.MatchString(word) {
				return fmt.Sprintf("%q: a search has words that must all be there, and phrases in quotation marks; %q is neither", query, word)
			}
		}
	}
	if !strings.ContainsFunc(query, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return fmt.Sprintf("%q: there is no word in it", query)
	}
	return ""
}
