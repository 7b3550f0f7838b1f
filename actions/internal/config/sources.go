package config

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Sources says what is read beside the repository itself. Their secrets come
// from the environment.
type Sources struct {
	Telemetry Telemetry `yaml:"telemetry"`
	Crates    Crates    `yaml:"crates"`
	Surveys   Surveys   `yaml:"surveys"`
	Mentions  Mentions  `yaml:"mentions"`
	Mailbox   Mailbox   `yaml:"mailbox"`
}

// Telemetry is read from exports; TELEMETRY_DSN in the environment moves the
// queries into PostgreSQL.
type Telemetry struct {
	Exports string `yaml:"exports"` // a path or a pattern in the repository: telemetry/*.json
}

// Crates is a package on crates.io.
type Crates struct {
	Package string `yaml:"package"`
}

// Surveys are CSV files as form tools export them.
type Surveys struct {
	Files   string        `yaml:"files"` // a path or a pattern
	Columns SurveyColumns `yaml:"columns"`
}

// SurveyColumns names the header of each answer, as the form tool writes it.
type SurveyColumns struct {
	At              string `yaml:"at"`
	Satisfaction    string `yaml:"satisfaction"`
	Recommend       string `yaml:"recommend"`
	SuccessEstimate string `yaml:"success_estimate"`
	PrivacyConcern  string `yaml:"privacy_concern"`
	Requests        string `yaml:"requests"`
	Comments        string `yaml:"comments"` // other free text
}

// Mentions are searches in public places.
type Mentions struct {
	HackerNews string `yaml:"hackernews"`
	Reddit     Reddit `yaml:"reddit"`
	Mastodon   string `yaml:"mastodon"`
	Files      string `yaml:"files"` // CSV files that people fill by hand
}

// Reddit is a search in some of its communities.
type Reddit struct {
	Subreddits model.Names `yaml:"subreddits"`
	Query      string      `yaml:"query"`
}

// Mailbox is an address that reports come to; IMAP_URL in the environment
// leads to it.
type Mailbox struct {
	Address string `yaml:"address"` // what is sent to it is read
	Seen    bool   `yaml:"seen"`    // mark as seen what was read; else nothing changes there
}

func (s Sources) validate() []diag.Mistake {
	var found []diag.Mistake
	pattern := func(value string, at ...any) {
		_, err := path.Match(value, "")
		if err != nil || strings.HasPrefix(value, "/") || strings.Contains(value, "..") {
			found = append(found, diag.At(at, "%q: a path or a pattern in the repository is wanted, such as data/*.json", value))
		}
	}
	pattern(s.Telemetry.Exports, "telemetry", "exports")
	pattern(s.Surveys.Files, "surveys", "files")
	pattern(s.Mentions.Files, "mentions", "files")
	if s.Surveys.Files != "" && s.Surveys.Columns.At == "" {
		found = append(found, diag.At([]any{"surveys"}, "surveys need `columns: {at: …}`: the header of the column with the time"))
	}
	if strings.ContainsAny(s.Crates.Package, "/ ?#") {
		found = append(found, diag.At([]any{"crates", "package"}, "%q is no name of a package", s.Crates.Package))
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
