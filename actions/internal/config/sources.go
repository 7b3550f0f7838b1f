package config

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
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
	// Feeds are RSS and Atom feeds whose entries are mentions: alerts of Google, communities, forums, blogs.
	Feeds []Feed `yaml:"feeds"`
	// Mailbox is the mailbox that reports come to. The secret IMAP_URL connects to it.
	Mailbox Mailbox `yaml:"mailbox"`
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
	// Exports is a path or pattern of export files in the repository, such as telemetry/*.json: JSON, or
	// tables as CSV or Parquet. The secret TELEMETRY_DSN queries PostgreSQL instead.
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
	// URL is SURVEY_URL, or SURVEY_URL_ with more behind it: the secret in the environment that holds the
	// address of the answers as CSV, such as that of a published sheet. The address itself is a secret.
	URL string `yaml:"url"`
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
	// HackerNews holds the words to search for on Hacker News: all must occur; quote a phrase. Where the
	// project's name is one of them, the others may occur in the story that a comment is on.
	HackerNews string `yaml:"hackernews"`
	// Reddit searches communities of Reddit.
	Reddit Reddit `yaml:"reddit"`
	// Mastodon is a hashtag of the server MASTODON_URL, or words to search for where MASTODON_TOKEN is
	// set.
	Mastodon string `yaml:"mastodon"`
	// X holds the words to search for in the posts of X of the last seven days, with the secret
	// X_BEARER_TOKEN: all must occur; quote a phrase.
	X string `yaml:"x"`
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

// Feed is an RSS or Atom feed.
type Feed struct {
	// Name is the name of the place, as pages show it. Required.
	Name string `yaml:"name"`
	// URL is the address of the feed, which is public. Required.
	URL string `yaml:"url"`
	// Query holds words that an entry must have: all must occur; quote a phrase. By default each entry is
	// a mention.
	Query string `yaml:"query"`
}

func validateFeeds(feeds []Feed) []diag.Mistake {
	var found []diag.Mistake
	seen := map[string]bool{}
	for i, f := range feeds {
		address, err := url.Parse(f.URL)
		name := strings.ToLower(strings.TrimSpace(f.Name))
		switch {
		case name == "" || len(name) > 40:
			found = append(found, diag.At([]any{i}, "a feed needs `name`: the name of the place, of at most 40 characters"))
		case seen[name] || slices.Contains([]string{"hackernews", "reddit", "mastodon", "x"}, name):
			found = append(found, diag.At([]any{i, "name"}, "%q names another place too: give the feed a name of its own", f.Name))
		}
		seen[name] = true
		if f.URL == "" || err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" || address.User != nil {
			found = append(found, diag.At([]any{i, "url"}, "a feed needs `url`: an address such as https://example.org/feed.xml"))
		}
		if wrong := noSearch(f.Query); wrong != "" {
			found = append(found, diag.At([]any{i, "query"}, "%s", wrong))
		}
	}
	return found
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
	if s.Surveys.URL != "" && !surveySecret.MatchString(s.Surveys.URL) {
		found = append(found, diag.At([]any{"surveys", "url"}, "must be SURVEY_URL, or begin with SURVEY_URL_: the address is a secret, which this secret of the workflow holds"))
	}
	if s.Surveys.Files+s.Surveys.URL != "" && s.Surveys.Columns.At == "" {
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
		found = append(found, diag.At([]any{"mailbox", "address"}, "%q is not an e-mail address", s.Mailbox.Address))
	}
	if len(s.Mentions.Reddit.Subreddits) > 0 && s.Mentions.Reddit.Query == "" {
		found = append(found, diag.At([]any{"mentions", "reddit"}, "reddit needs `query`: the words to look for"))
	}
	found = append(found, diag.Under(validateFeeds(s.Feeds), "feeds")...)
	m := s.Mentions
	for _, search := range []struct {
		query string
		at    []any
	}{{m.HackerNews, []any{"mentions", "hackernews"}}, {m.Reddit.Query, []any{"mentions", "reddit", "query"}}, {m.Mastodon, []any{"mentions", "mastodon"}}, {m.X, []any{"mentions", "x"}}} {
		if wrong := noSearch(search.query); wrong != "" {
			found = append(found, diag.At(search.at, "%s", wrong))
		}
	}
	return found
}

// surveySecret is the name of a secret that holds the address of a survey.
var surveySecret = lazyregexp.New(`^SURVEY_URL(?:_[A-Z0-9]+)*$`)

// operator is what some searches understand and others take for words.
var operator = lazyregexp.New(`^(?:OR|AND|NOT|[-+][\pL\pN].*|[A-Za-z_]+:[^:/].*)$`)

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
