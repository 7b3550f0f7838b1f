package rules

import (
	"path"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/fact"
	"github.com/aftercare/aftercare/actions/internal/mistake"
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
	Subreddits fact.Names `yaml:"subreddits"`
	Query      string     `yaml:"query"`
}

// Mailbox is an address that reports come to; IMAP_URL in the environment
// leads to it.
type Mailbox struct {
	Address string `yaml:"address"` // what is sent to it is read
	Seen    bool   `yaml:"seen"`    // mark as seen what was read; else nothing changes there
}

func (s Sources) validate() []mistake.Mistake {
	var found []mistake.Mistake
	pattern := func(value string, at ...any) {
		_, err := path.Match(value, "")
		if err != nil || strings.HasPrefix(value, "/") || strings.Contains(value, "..") {
			found = append(found, mistake.At(at, "%q: a path or a pattern in the repository is wanted, such as data/*.json", value))
		}
	}
	pattern(s.Telemetry.Exports, "telemetry", "exports")
	pattern(s.Surveys.Files, "surveys", "files")
	pattern(s.Mentions.Files, "mentions", "files")
	if s.Surveys.Files != "" && s.Surveys.Columns.At == "" {
		found = append(found, mistake.At([]any{"surveys"}, "surveys need `columns: {at: …}`: the header of the column with the time"))
	}
	if strings.ContainsAny(s.Crates.Package, "/ ?#") {
		found = append(found, mistake.At([]any{"crates", "package"}, "%q is no name of a package", s.Crates.Package))
	}
	if s.Mailbox.Address != "" && !strings.Contains(s.Mailbox.Address, "@") {
		found = append(found, mistake.At([]any{"mailbox", "address"}, "%q is no e-mail address", s.Mailbox.Address))
	}
	if len(s.Mentions.Reddit.Subreddits) > 0 && s.Mentions.Reddit.Query == "" {
		found = append(found, mistake.At([]any{"mentions", "reddit"}, "reddit needs `query`: the words to look for"))
	}
	return found
}
