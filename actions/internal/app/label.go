package app

import (
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Labeler decides which labels an issue earns and which channels its labels lead
// to: for the event of an issue, for a sweep and for a text that is explained.
type Labeler struct {
	Templates *issuetext.Templates
	// Clock tells which silences hold; nil: none does.
	Clock  func() time.Time
	rules  *label.Rules
	config *config.Book
	isOurs func(login string) bool
}

// NewLabeler compiles the rules of a configuration. Labels that an account put on
// or took off for which isOurs is true are not taken for a person's; nil stands for no account.
func NewLabeler(settings *config.Book, templates *issuetext.Templates, isOurs func(login string) bool) *Labeler {
	return &Labeler{Templates: templates, rules: label.Compile(settings.Triage), config: settings, isOurs: isOurs}
}

// Prepare makes ready what the first issue would wait for: a program calls it beside other work.
func (l *Labeler) Prepare() { l.rules.Prepare() }

// Label returns the labels to add and to remove, each with its reason.
func (l *Labeler) Label(issue model.Issue, past model.History) label.Decision {
	reading := l.rules.Read(issuetext.Read(issue.Title, issue.Body, l.Templates), issue)
	return label.Decide(reading, issue, label.History{Events: past.Labels, Ours: l.isOurs})
}

// Due returns what channels must hear of an issue once a decision is carried out.
// Labels that are silenced lead nowhere.
func (l *Labeler) Due(issue model.Issue, decided label.Decision, past model.History) []alert.Due {
	labels := decided.After(issue.Labels)
	if l.Clock != nil {
		labels = l.config.Silence.Labels(labels, l.Clock())
	}
	return alert.ForIssue(issue, labels, past, l.config.Routes, l.config.Channels)
}

// Leads returns what channels must hear of an issue sooner or later: what is due, and
// what a silence keeps from them for now.
func (l *Labeler) Leads(issue model.Issue, decided label.Decision, past model.History) []alert.Due {
	return alert.ForIssue(issue, decided.After(issue.Labels), past, l.config.Routes, l.config.Channels)
}

// SilencedUntil returns when the first of the silences is over that keep channels from
// hearing of an issue; zero where none does.
func (l *Labeler) SilencedUntil(issue model.Issue, decided label.Decision) time.Time {
	if l.Clock == nil {
		return time.Time{}
	}
	return l.config.Silence.Ends(decided.After(issue.Labels), l.Clock())
}

// Words returns the labels that a text which is no issue earns, without the
// templates and the past of one.
func (l *Labeler) Words(issue model.Issue) label.Decision {
	return label.Decide(l.rules.Read(issuetext.Read(issue.Title, issue.Body, nil), issue), issue, label.History{})
}
