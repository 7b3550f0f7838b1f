package model

import "time"

// Row is one fact as a row of a table of package store. Sources make rows,
// and the store keeps them.
type Row interface {
	// Table is the name of its table.
	Table() string
	// Values are its columns, in the table's order; nil is unknown.
	Values() []any
}

// IssueRow is an issue or a pull request with what was seen on it.
type IssueRow struct {
	Issue
	FirstResponseAt time.Time // of the earliest comment by another person, no bot; zero while there is none
	FirstByTeamAt   time.Time // the same by an owner, member or collaborator
	MergedAt        time.Time // of a pull request; zero while it is not merged
	Sentiment       *float64  // from -1 to 1; nil where it was not measured
	Request         string    // what it asks for, on a line, masked; empty is the title
	Versions        []string  // that it names, the one that it is likeliest about first; they need not be the project's
	Urgent          bool      // its words demand that somebody hears of it
	SameAs          int       // of an open one the oldest open issue that says the same; 0 where that is this one
	ClosedAs        int       // of one that was closed while an open one said the same: that one; else 0
}

// Table is issues.
func (r IssueRow) Table() string { return "issues" }

// Values leaves out the text: it is read, and not kept.
func (r IssueRow) Values() []any {
	labels := r.Labels
	if labels == nil {
		labels = []string{}
	}
	return []any{int64(r.Number), r.Title, text(r.Author), r.AuthorIsBot, text(r.Association), r.PullRequest, r.State,
		when(r.CreatedAt), when(r.ClosedAt), when(r.UpdatedAt), when(r.FirstResponseAt), when(r.FirstByTeamAt), when(r.MergedAt),
		int64(r.Comments), int64(r.Reactions), int64(r.Upvotes), labels, float(r.Sentiment), text(r.Request), number(r.SameAs), number(r.ClosedAs), r.Urgent, list(r.Versions)}
}

// Table is issue_labels.
func (e LabelEvent) Table() string { return "issue_labels" }

// Values are number, label, at, actor, added.
func (e LabelEvent) Values() []any {
	return []any{int64(e.Issue), e.Label, when(e.At), text(e.Actor), e.Added}
}

// IssuePhrasesRow is what an issue is about: the noun phrases of a text of it.
type IssuePhrasesRow struct {
	Number  int
	Said    string // the text that has them, redacted
	Phrases []string
}

// Table is issue_phrases.
func (r IssuePhrasesRow) Table() string { return "issue_phrases" }

// Values are number, said, phrases.
func (r IssuePhrasesRow) Values() []any {
	return []any{int64(r.Number), r.Said, list(r.Phrases)}
}

// CommentRow is a comment without its text.
type CommentRow struct {
	ID          int64
	Issue       int
	Author      string
	IsBot       bool
	CreatedAt   time.Time
	Sentiment   *float64
	Association string // of the author, as an issue has it
}

// Table is issue_comments.
func (r CommentRow) Table() string { return "issue_comments" }

// Values are id, number, author, is_bot, created_at, sentiment, association.
func (r CommentRow) Values() []any {
	return []any{r.ID, int64(r.Issue), text(r.Author), r.IsBot, when(r.CreatedAt), float(r.Sentiment), text(r.Association)}
}

// RepositoryRow is the repository's figures at a time.
type RepositoryRow struct {
	At                     time.Time
	Stars, Forks, Watchers int
}

// Table is repository.
func (r RepositoryRow) Table() string { return "repository" }

// Values are at, stars, forks, watchers.
func (r RepositoryRow) Values() []any {
	return []any{when(r.At), int64(r.Stars), int64(r.Forks), int64(r.Watchers)}
}

// ForkRow is a fork that was made.
type ForkRow struct{ At time.Time }

// Table is forks.
func (r ForkRow) Table() string { return "forks" }

// Values are at.
func (r ForkRow) Values() []any { return []any{when(r.At)} }

// DiscussionRow is a thread of Discussions.
type DiscussionRow struct {
	Number     int
	Category   string
	Author     string
	CreatedAt  time.Time
	Comments   int // with replies
	AnsweredAt time.Time
	Answerable bool // its category lets a comment be chosen as the answer
	Labels     []string
}

// Table is discussions.
func (r DiscussionRow) Table() string { return "discussions" }

// Values are number, category, author, created_at, comments, answered_at, answerable,
// labels.
func (r DiscussionRow) Values() []any {
	labels := r.Labels
	if labels == nil {
		labels = []string{}
	}
	return []any{int64(r.Number), r.Category, text(r.Author), when(r.CreatedAt), int64(r.Comments), when(r.AnsweredAt), r.Answerable, labels}
}

// DiscussionPostRow is one comment or reply in a thread.
type DiscussionPostRow struct {
	Number    int
	Author    string
	CreatedAt time.Time
}

// Table is discussion_posts.
func (r DiscussionPostRow) Table() string { return "discussion_posts" }

// Values are number, author, created_at.
func (r DiscussionPostRow) Values() []any {
	return []any{int64(r.Number), text(r.Author), when(r.CreatedAt)}
}

// RunRow is a completed run of a workflow.
type RunRow struct {
	ID         int64
	Workflow   string // the path of its file
	Conclusion string // success, failure, timed_out, …
	At         time.Time
}

// Table is where the row goes.
func (r RunRow) Table() string { return "ci_runs" }

// Values are in the order of the table's columns.
func (r RunRow) Values() []any { return []any{r.ID, r.Workflow, r.Conclusion, r.At} }

// SecurityAlertRow is a Dependabot alert or a published advisory.
type SecurityAlertRow struct {
	Number    string // of an alert its number, of an advisory its GHSA id
	Severity  string
	State     string // open, dismissed, fixed, auto_dismissed, published, closed
	CreatedAt time.Time
	FixedAt   time.Time
}

// Table is security_alerts.
func (r SecurityAlertRow) Table() string { return "security_alerts" }

// Values are number, severity, state, created_at, fixed_at.
func (r SecurityAlertRow) Values() []any {
	return []any{r.Number, r.Severity, r.State, when(r.CreatedAt), when(r.FixedAt)}
}

// DownloadRow is how often a version was downloaded on a day.
type DownloadRow struct {
	Registry  string // its name in rules.yaml
	Package   string
	Version   string // empty for those that the registry adds up
	System    string // the operating system; empty where the registry does not tell it
	Day       time.Time
	Downloads int64
}

// Table is downloads.
func (r DownloadRow) Table() string { return "downloads" }

// Values are registry, package, version, system, day, downloads.
func (r DownloadRow) Values() []any {
	return []any{r.Registry, r.Package, r.Version, r.System, when(r.Day), r.Downloads}
}

// DownloadCountRow is how often something was downloaded until a time: since
// another, or in all.
type DownloadCountRow struct {
	Registry, Package string
	Version           string    // empty for the whole package
	Since             time.Time // zero: since the first download
	Until             time.Time
	Downloads         int64
}

// Table is download_counts.
func (r DownloadCountRow) Table() string { return "download_counts" }

// Values are registry, package, version, since, until, downloads.
func (r DownloadCountRow) Values() []any {
	return []any{r.Registry, r.Package, r.Version, when(r.Since), when(r.Until), r.Downloads}
}

// VersionRow is a version in the registry.
type VersionRow struct {
	Registry, Package string
	Version           string // without a v before it
	Yanked            bool
	CreatedAt         time.Time
	Downloads         int64 // in all
	Uncounted         bool  // the registry does not tell the downloads of a version
}

// Table is versions.
func (r VersionRow) Table() string { return "versions" }

// Values are registry, package, version, yanked, created_at, downloads.
func (r VersionRow) Values() []any {
	var downloads any = r.Downloads
	if r.Uncounted {
		downloads = nil
	}
	return []any{r.Registry, r.Package, r.Version, r.Yanked, when(r.CreatedAt), downloads}
}

// SurveyRow is one answer to a survey.
type SurveyRow struct {
	At              time.Time
	Satisfaction    *float64 // 1 to 5
	Recommend       *float64 // 0 to 10
	SuccessEstimate *float64 // per cent
	PrivacyConcern  string   // masked; empty where there is none
	Requests        string   // masked
	Sentiment       *float64 // of what was written, from -1 to 1; nil where nothing was
	Phrases         []string // noun phrases of requests and comments
}

// Table is survey_responses.
func (r SurveyRow) Table() string { return "survey_responses" }

// Values are at, satisfaction, recommend, success_estimate, privacy_concern, requests, sentiment, phrases.
func (r SurveyRow) Values() []any {
	return []any{when(r.At), float(r.Satisfaction), float(r.Recommend), float(r.SuccessEstimate), text(r.PrivacyConcern), text(r.Requests), float(r.Sentiment), list(r.Phrases)}
}

// SurveyRequestRow is one thing that an answer to a survey asks for.
type SurveyRequestRow struct {
	At    time.Time // of the answer
	Issue int       // the open issue that asks for the same; 0 where there is none
	Said  string    // the words of at least two answers, redacted; empty where there is an issue
}

// Table is survey_requests.
func (r SurveyRequestRow) Table() string { return "survey_requests" }

// Values are at, number, said.
func (r SurveyRequestRow) Values() []any {
	return []any{when(r.At), number(r.Issue), text(r.Said)}
}

// MentionRow is something that was said elsewhere.
type MentionRow struct {
	Source, ID string
	At         time.Time
	Author     string // a hash
	URL        string
	Score      int
	Sentiment  *float64
}

// Table is mentions.
func (r MentionRow) Table() string { return "mentions" }

// Values are source, id, at, author, url, score, sentiment.
func (r MentionRow) Values() []any {
	return []any{r.Source, r.ID, when(r.At), text(r.Author), r.URL, int64(r.Score), float(r.Sentiment)}
}

// MailRow is a mail that came to the beta's address: its kind and labels alone.
type MailRow struct {
	At     time.Time
	Kind   string // report, export or automatic
	Labels []string
	ID     string // its name for all time, a hash that tells nothing of it
}

// Table is mail.
func (r MailRow) Table() string { return "mail" }

// Values are at, kind, labels, id.
func (r MailRow) Values() []any {
	labels := r.Labels
	if labels == nil {
		labels = []string{}
	}
	return []any{when(r.At), r.Kind, labels, r.ID}
}

// list is never nil: the columns that hold lists are NOT NULL.
func list(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// when, text, number and float are nil where nothing is known.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n int) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

func float(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}
