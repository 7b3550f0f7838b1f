// Package report makes the words and pictures that people read: messages,
// summaries, pages, charts. It is the one place where facts become sentences.
// What strangers wrote is tamed here for pages (tame.go); messages carry it
// plain, and notify escapes it for each format.
package report

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/urgent"
)

// Place is where the words of a report lead: the repository and its pages.
type Place struct {
	Server     string // https://github.com
	Repository string // owner/name, of the reports and runbooks
	Watched    string // owner/name, of the issues; empty where it is the same
	Branch     string // the one that runbooks are read on; empty is HEAD
}

// watched is the repository of the issues.
func (p Place) watched() string { return cmp.Or(p.Watched, p.Repository) }

// Runbook is the address of a runbook: a path in the repository, or an address
// already.
func (p Place) Runbook(path string) string {
	if path == "" || strings.Contains(path, "://") {
		return path
	}
	return p.address("blob", path)
}

// Changes is the address of the list of commits that changed a file of the repository.
func (p Place) Changes(path string) string { return p.address("commits", path) }

// address is where GitHub shows a path of the repository's branch: its content (blob) or
// its history (commits).
func (p Place) address(view, path string) string {
	return fmt.Sprintf("%s/%s/%s/%s/%s", p.Server, p.Repository, view, cmp.Or(p.Branch, "HEAD"), (&url.URL{Path: strings.TrimPrefix(path, "/")}).EscapedPath())
}

// maxQuoted is how much of a stranger's text a message repeats, in characters.
const maxQuoted = 160

// IssueMessages are the messages that tell channels about an issue, one for
// each thing due.
func IssueMessages(due []alert.Due, issue model.Issue, earned []label.Finding, channels alert.Channels, place Place, now time.Time) change.Tell {
	tell := change.Tell{Issue: issue.Number, Claiming: "Aftercare is telling the release team about this " + issue.Kind() + "."}
	for _, d := range due {
		tell.Messages = append(tell.Messages, issueMessage(d, issue, earned, channels[d.Channel], place, now))
	}
	return tell
}

func issueMessage(d alert.Due, issue model.Issue, earned []label.Finding, to alert.Channel, place Place, now time.Time) change.Message {
	labels := strings.Join(d.Labels, ", ")
	m := change.Message{
		Key:     fmt.Sprintf("%s/%s/%s/issue-%d/%d", place.watched(), d.Channel, d.By, issue.Number, d.Episode),
		Channel: d.Channel, By: d.By, Mention: d.Mention, Labels: d.Labels, Respond: d.Respond, Episode: d.Episode, Thread: d.Thread,
		Title: fmt.Sprintf("%s: %s (#%d)", labels, oneLine(issue.Title, 100), issue.Number),
		Link:  issue.URL, Runbook: place.Runbook(d.Runbook),
	}
	m.Incident = m.Key
	m.Summary = fmt.Sprintf("%s #%d of %s is labelled %s.", humanize.Capital(issue.Kind()), issue.Number, place.watched(), labels)
	if d.Kind == alert.Escalated {
		return escalated(m, d, issue, labels, place, now)
	}
	if d.Worse {
		m.Key += "/worse-" + span(d.Respond)
		m.Summary = fmt.Sprintf("More urgent than before: %s #%d of %s is now labelled %s.", issue.Kind(), issue.Number, place.watched(), labels)
	}
	m.Facts = issueFacts(d, issue, earned, now)
	m.Record, m.Failing, m.Unsure = recordOf(d, to, now)
	return m
}

// escalated is the message where nobody responded to an issue in time. The words
// that earned the labels stand in the thread.
func escalated(m change.Message, d alert.Due, issue model.Issue, labels string, place Place, now time.Time) change.Message {
	m.Key, m.Kind, m.Mention = m.Key+"/"+d.Kind, d.Kind, "channel"
	m.Title = fmt.Sprintf("Escalated, no response %s: %s: %s (#%d)", within(d.Schedule, d.Respond), labels, oneLine(issue.Title, 100), issue.Number)
	m.Summary = fmt.Sprintf("Nobody has responded to %s #%d of %s since %s: no comment, label or assignment by the team, and nothing in the thread.", issue.Kind(), issue.Number, place.watched(), clock(d.Told, now))
	m.Record = fmt.Sprintf("Nobody responded %s, so the release team has been told again.", within(d.Schedule, d.Respond))
	m.Failing, m.Unsure = "Nobody responded in time; a later run tells the release team again.", "Nobody responded in time; whether the release team was told again is unconfirmed."
	if d.Action != "" {
		m.Facts = []change.Fact{{Name: "First step", Value: d.Action}}
	}
	return m
}

func issueFacts(d alert.Due, issue model.Issue, earned []label.Finding, now time.Time) []change.Fact {
	facts := []change.Fact{{Name: "Matched", Value: why(d.Labels, earned)}}
	if d.Action != "" {
		facts = append(facts, change.Fact{Name: "First step", Value: d.Action})
	}
	if d.Respond > 0 {
		who := responder(d.By, d.Mention)
		facts = append(facts, change.Fact{Name: "Respond by", Value: deadline(d.Schedule, d.Respond, now) + ", " + who})
	}
	author := "a deleted account"
	if issue.Author != "" {
		author = issue.Author
	}
	return append(facts, change.Fact{Name: "Reported by", Value: fmt.Sprintf("%s, %s", author, clock(issue.CreatedAt, now))})
}

// deadline is by when somebody must respond: "18:12 UTC (8h)", and where hours play a
// part, the time there: "17:00 UTC (18:00 Europe/Berlin, end of the day)".
func deadline(s alert.Schedule, respond time.Duration, now time.Time) string {
	by := s.Deadline(now, respond)
	zone := s.Zone()
	if zone == "" || zone == "UTC" {
		return fmt.Sprintf("%s (%s)", clock(by, now), s.Within(respond))
	}
	return fmt.Sprintf("%s (%s %s, %s)", clock(by, now), by.In(zone.Location()).Format("15:04"), zone, s.Within(respond))
}

// within says the time that has passed without a response: "in 4h", "by the end of
// the day".
func within(s alert.Schedule, respond time.Duration) string {
	if !s.Day.IsZero() {
		return "by the end of the day"
	}
	return "in " + s.Within(respond)
}

// responder names who must respond, for people: an ID says nothing to them, and
// mentions nobody but in Slack.
func responder(by, mention string) string {
	switch {
	case mention == "" || mention != strings.ToLower(mention) && by != "slack":
		return "anyone in the channel"
	case mention == strings.ToLower(mention):
		return "@" + mention
	case strings.HasPrefix(mention, "S"):
		return "the group mentioned"
	}
	return "the person mentioned"
}

// why says which words earned the labels, or that a person set them.
func why(labels []string, earned []label.Finding) string {
	var reasons []string
	for _, label := range labels {
		reasons = append(reasons, label+": "+reason(label, earned))
	}
	return strings.Join(reasons, "\n")
}

func reason(label string, earned []label.Finding) string {
	for _, f := range earned {
		if strings.EqualFold(f.Label, label) {
			return because(f)
		}
	}
	return "label set by a person"
}

// because is the reason of one finding: the words and their place, or the
// labels that it follows from.
func because(f label.Finding) string {
	if len(f.From) > 0 {
		noun := "label"
		if len(f.From) > 1 {
			noun = "labels"
		}
		return fmt.Sprintf("comes with the %s %s", noun, humanize.List(f.From))
	}
	switch {
	case len(f.Evidence) > 0:
		return weighed(f.Evidence)
	case f.Words == "":
		return fmt.Sprintf("rule %d", f.Rule+1)
	case f.Lead > 0:
		return fmt.Sprintf("ahead by %d points, most for “%s” in the %s", f.Lead, oneLine(f.Words, maxQuoted), placeOf(f))
	}
	return fmt.Sprintf("“%s” in the %s", oneLine(f.Words, maxQuoted), placeOf(f))
}

// signWords say what a sign of the weighed evidence means; the summary of the run has
// them by name, with points.
var signWords = map[string]string{
	"#another-language": "another language", "#attack-in-code": "code that attacks", "#code": "a block of code",
	"#exclamation-in-title": "an exclamation mark in the title", "#memory-error-in-code": "a memory error in code",
	"#question-in-body": "a question in the text", "#question-in-title": "a question in the title", "#secret-in-code": "a secret in code",
	"#thousands": "a number of thousands", "#trace": "an error trace", "#trouble-and-no-wish": "a trouble and no wish",
	"#trouble-in-title": "a trouble in the title", "#troubles-2": "two troubles", "#troubles-3": "three troubles", "#troubles-4": "four troubles",
	"#troubles-5": "five troubles or more", "#version-in-body": "a version in the text", "#version-in-title": "a version in the title",
	"#wish-and-little-trouble": "a wish and little trouble",
}

// maxWeighed is how many pieces of evidence a message names on each side.
const maxWeighed = 3

// weighed is what spoke for a label and against it, the strongest first: "its wording,
// weighed as a whole: for it “everyone” and a trouble in the title; against it “set”".
func weighed(all []urgent.Evidence) string {
	var on, against []string
	for _, e := range all {
		side := &on
		if e.Points < 0 {
			side = &against
		}
		words := firstOf(signWords[e.Feature], strings.TrimPrefix(e.Feature, "#"))
		if e.Words != "" {
			words = "“" + oneLine(e.Words, 60) + "”"
		}
		if len(*side) < maxWeighed && !slices.Contains(*side, words) {
			*side = append(*side, words)
		}
	}
	text := "its wording, weighed as a whole"
	if len(on) > 0 {
		text += ": for it " + humanize.List(on)
	}
	if len(against) > 0 {
		text += "; against it " + humanize.List(against)
	}
	return text
}

// placeOf is where the words stand: the title, or a line of the body.
func placeOf(f label.Finding) string {
	if f.In == "title" {
		return "title"
	}
	return fmt.Sprintf("%s, line %d", f.In, f.Line)
}

// maxListed is how many labels the comment on an issue names of one message.
const maxListed = 10

// namedLabels lists at most maxListed labels, and says how many there are besides.
func namedLabels(labels []string) string {
	if len(labels) <= maxListed {
		return strings.Join(labels, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(labels[:maxListed], ", "), len(labels)-maxListed)
}

// recordOf is what the comment on the issue says: told, not yet, or that nobody
// knows.
func recordOf(d alert.Due, to alert.Channel, now time.Time) (record, failing, unsure string) {
	labels := namedLabels(d.Labels)
	where := to.Where(d.By)
	record = fmt.Sprintf("The release team has been told %s (%s).", where, labels)
	if d.Respond > 0 {
		record = fmt.Sprintf("The release team has been told %s (%s); an answer is due by %s.", where, labels, clock(d.Deadline(now, d.Respond), now))
	}
	failing = fmt.Sprintf("The release team could not be told %s yet (%s); a later run tries again.", where, labels)
	return record, failing, fmt.Sprintf("The delivery to the release team %s is unconfirmed (%s); a later run checks it, or sends it again.", where, labels)
}

// clock writes a time in UTC, with its day where that is not today's.
func clock(t, now time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	if t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return t.UTC().Format("15:04 UTC")
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// span writes a length of time in the largest units that are whole.
func span(d time.Duration) string {
	return model.Duration(d).String()
}

// oneLine masks a stranger's text and puts it on one line of at most n
// characters.
func oneLine(s string, n int) string {
	s = strings.Join(strings.Fields(redact.Text(strings.ToValidUTF8(s, "\uFFFD"))), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}
