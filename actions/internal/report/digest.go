package report

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
)

// Digest is the week's page, and the text of its issue.
func Digest(w Week) string { return page("week.md.tmpl", w.view(false)) }

// maxBody is how long the text of an issue may be: GitHub takes 65,536
// characters.
const maxBody = 60_000

// IssueBody cuts a text at a section where GitHub would not take it, and links
// to the whole.
func IssueBody(text, page string) string {
	link := fmt.Sprintf("\n[Full digest](%s)\n", page)
	if len(text)+len(link) <= maxBody {
		return text + link
	}
	cut := strings.ToValidUTF8(text[:maxBody-len(link)-200], "")
	if at := strings.LastIndex(cut, "\n### "); at > 0 {
		cut = cut[:at]
	}
	return cut + "\n\n*Shortened: the full text exceeds the size limit of an issue.*\n" + link
}

// WeekPage is the page of a week in the folder of reports.
func WeekPage(w Week) string {
	return fmt.Sprintf("# %s\n\n%s\n[Current status](../../README.md)\n", w.Title(), Digest(w))
}

// maxSlackActions is how many things a digest asks for in Slack.
const maxSlackActions = 3

// actionsNote says whom the actions of a digest ask.
const actionsNote = "for anyone on the team, unless an item names somebody"

// DigestMessage is the week for a channel: by mail down to the scorecard, in
// Slack the status and what is to be done.
func DigestMessage(d alert.Due, w Week, to alert.Channel, issue string, place Place) change.Message {
	s := w.status()
	m := change.Message{
		Key:     fmt.Sprintf("%s/%s/%s/digest/%s", place.Repository, d.Channel, d.By, w.Name()),
		Channel: d.Channel, By: d.By, Title: w.Title(), Summary: fmt.Sprintf("%s %s: %s", s.Sign, s.Word, w.counts()), Link: issue,
	}
	where := "to `" + to.Slack + "`"
	if d.By != "slack" {
		where = to.Where(d.By)
	}
	m.Record, m.Failing = fmt.Sprintf("The digest was sent %s.", where), fmt.Sprintf("The digest could not be sent %s yet; a later run retries.", where)
	m.Unsure = fmt.Sprintf("The delivery of the digest %s is unconfirmed; a later run checks it, or sends it again.", where)
	if d.By == "email" {
		m.Record, m.Failing = "The digest was sent by mail.", "The digest could not be sent by mail yet; a later run retries."
		m.Unsure = "The delivery of the digest by mail is unconfirmed; a later run sends it again."
		m.Summary, m.Body, m.List = "", page("week.md.tmpl", w.view(true)), w.Release.Project+" digest"
		return m
	}
	for _, news := range []change.Fact{{Name: "Since then", Value: w.Since.words()}, {Name: "Released", Value: w.released()}, {Name: "Release gate", Value: strings.Join(w.Gate, "; ")}} {
		if news.Value != "" {
			m.Facts = append(m.Facts, news)
		}
	}
	if len(Actions(w)) > 0 {
		m.Facts = append(m.Facts, change.Fact{Name: "Action items", Value: actionsNote})
	}
	for i, a := range Actions(w)[:min(len(Actions(w)), maxSlackActions)] {
		m.Facts = append(m.Facts, change.Fact{Name: fmt.Sprintf("%d. %s", i+1, a.What), Value: a.Why})
	}
	return m
}
