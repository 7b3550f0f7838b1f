package model

import (
	"strings"
	"time"
)

// Issue is one issue of the watched repository as it stands, in the words that
// its author wrote. Title and Body are a stranger's text: see package mask and
// package report before printing either.
type Issue struct {
	Number      int
	Title       string
	Body        string // Markdown, at most 65,536 characters
	URL         string // where people read it
	Author      string // login; empty where the account was deleted
	Association string // of the author: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, FIRST_TIME_CONTRIBUTOR, NONE, …
	AuthorIsBot bool
	PullRequest bool
	Discussion  bool     // a thread of Discussions, whose numbers are counted with the issues'
	State       string   // open or closed
	Labels      []string // as on the issue, in GitHub's order
	Assignees   []string // logins of those who have taken it on
	Reactions   int
	Upvotes     int // of the reactions those that wish it: 👍 ❤ 🎉 🚀
	Comments    int
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ClosedAt    time.Time // zero while open
}

// Kind is what people call it: issue, pull request or discussion.
func (i Issue) Kind() string {
	switch {
	case i.Discussion:
		return "discussion"
	case i.PullRequest:
		return "pull request"
	}
	return "issue"
}

// Has reports whether the issue carries the label; GitHub's labels ignore case.
func (i Issue) Has(label string) bool {
	for _, l := range i.Labels {
		if strings.EqualFold(l, label) {
			return true
		}
	}
	return false
}

// LabelEvent is one addition or removal of a label.
type LabelEvent struct {
	Issue int
	Label string
	Actor string // login; empty where the account was deleted
	IsBot bool
	Added bool // false: removed
	At    time.Time
}

// StateEvent is one closing or reopening of an issue.
type StateEvent struct {
	Issue  int
	Closed bool // false: reopened
	At     time.Time
}

// History is what happened on an issue, the oldest first.
type History struct {
	Labels   []LabelEvent
	States   []StateEvent
	Comments []Comment
	Left     string // why it is not whole; empty where it is
}

// Comment is one comment on an issue.
type Comment struct {
	ID        int64
	Issue     int
	Author    string
	IsBot     bool
	Body      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// IsBot reports whether an account is a program: its type is Bot, or its login
// ends in "[bot]". A login that only ends in "bot" may be a person's; programs
// with an account of type User are listed in people.ignore.
func IsBot(login, accountType string) bool {
	return accountType == "Bot" || strings.HasSuffix(strings.ToLower(login), "[bot]")
}

// Box is a box of a list of tasks in an issue.
type Box struct {
	Text     string
	Ticked   bool
	By       string    // login of who set it as it is; empty where nobody knows
	At       time.Time // when
	MayWrite bool      // By has write access to the repository
}
