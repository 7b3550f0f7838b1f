// Package publish writes to GitHub: labels, comments, issues, discussions, statuses
// and changes of files. Each method may be repeated by a later run: it looks for
// what an earlier run has left before it writes.
package publish

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/github"
)

// GitHub writes to issues of one repository, or under its discussions.
type GitHub struct {
	Hub  *github.Client
	Seal alert.Seal
	// Under are the comments that claims and records stand in; nil are those of
	// the issues.
	Under Comments
	// Learned is the login that GitHub gave to our first comment, where it is
	// not the one that Seal was made with.
	Learned string
}

// unpainted is the colour that GitHub gives to a label which came into being
// by being put on an issue.
const unpainted = "ededed"

// AddLabels puts labels on an issue in one request, and reports whether they are
// on it; it may be repeated. Labels that the repository lacked are painted as
// declared, one request each.
func (g *GitHub) AddLabels(ctx context.Context, step change.AddLabels) (bool, error) {
	ctx = github.Repeatable(ctx)
	now, err := g.Hub.AddLabels(ctx, step.Issue, step.Labels)
	if err != nil {
		return false, github.Wrap(err, "issues: write", "add %s to #%d", strings.Join(step.Labels, ", "), step.Issue)
	}
	return true, g.paintNew(ctx, now, step)
}

// paintNew gives labels of an issue that a step created their declared colour and
// description.
func (g *GitHub) paintNew(ctx context.Context, now []*gh.Label, step change.AddLabels) error {
	var errs []error
	for _, label := range now {
		if declared, found := declaredAs(label, step); found {
			errs = append(errs, g.paint(ctx, declared))
		}
	}
	return errors.Join(errs...)
}

// declaredAs finds how a label that this step created ought to look.
func declaredAs(label *gh.Label, step change.AddLabels) (change.Label, bool) {
	if label.GetColor() != unpainted || label.GetDescription() != "" || !hasFold(step.Labels, label.GetName()) {
		return change.Label{}, false
	}
	for _, d := range step.Declared {
		if strings.EqualFold(d.Name, label.GetName()) && (d.Color != "" && d.Color != unpainted || d.Description != "") {
			return d, true
		}
	}
	return change.Label{}, false
}

func hasFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func (g *GitHub) paint(ctx context.Context, label change.Label) error {
	look := &gh.Label{}
	if label.Color != "" {
		look.Color = gh.String(label.Color)
	}
	if label.Description != "" {
		look.Description = gh.String(label.Description)
	}
	_, _, err := g.Hub.Issues.EditLabel(ctx, g.Hub.Owner, g.Hub.Name, github.InPath(label.Name), look)
	return github.Wrap(err, "issues: write", "give label %s its colour", label.Name)
}

// RemoveLabel takes a label off; one that is not there is done.
func (g *GitHub) RemoveLabel(ctx context.Context, step change.RemoveLabel) error {
	_, err := g.Hub.Issues.RemoveLabelForIssue(github.Repeatable(ctx), g.Hub.Owner, g.Hub.Name, step.Issue, github.InPath(step.Label))
	if github.Status(err) == http.StatusNotFound {
		return nil
	}
	return github.Wrap(err, "issues: write", "remove label %s from #%d", step.Label, step.Issue)
}

// Claim writes the marker as a comment and answers with its id. Where nobody
// knows whether it was written, it looks before it writes again.
func (g *GitHub) Claim(ctx context.Context, issue int, m alert.Marker, words string) (alert.Marker, error) {
	body := g.Seal.Comment(issue, m, words)
	for again := false; ; again = true {
		comment, err := g.under().Write(ctx, issue, body)
		if err == nil {
			m.Comment = comment.ID
			g.learn(comment.Author)
			return m, nil
		}
		var unsure *github.AmbiguousError
		if !errors.As(err, &unsure) || again {
			return m, err
		}
		if mine, found, err := g.mine(ctx, issue, m); err != nil || found {
			return mine, err
		}
	}
}

// learn takes the login that GitHub gives the token's comments as our own.
func (g *GitHub) learn(login string) {
	if login != "" && !strings.EqualFold(login, g.Seal.Login) {
		g.Seal.Login, g.Learned = login, login
	}
}

func (g *GitHub) mine(ctx context.Context, issue int, m alert.Marker) (alert.Marker, bool, error) {
	all, err := g.Markers(ctx, issue, m.At)
	if err != nil {
		return m, false, err
	}
	for _, other := range all {
		if other.Run == m.Run {
			m.Comment = other.Comment
			return m, true, nil
		}
	}
	return m, false, nil
}

// Markers reads our markers on an issue in comments changed since, less an
// hour for clocks that disagree; in all of them, where what was read before was
// read with a login that was not ours.
func (g *GitHub) Markers(ctx context.Context, issue int, since time.Time) ([]alert.Marker, error) {
	since = since.Add(-time.Hour).UTC().Truncate(time.Second)
	if g.Learned != "" {
		since = time.Unix(0, 0).UTC()
	}
	comments, err := g.under().Since(ctx, issue, since)
	if err != nil {
		return nil, err
	}
	return g.Seal.Markers(comments), nil
}

// Record sets the comment of a marker to what it says now.
func (g *GitHub) Record(ctx context.Context, issue int, m alert.Marker) error {
	return g.under().Rewrite(ctx, issue, m.Comment, g.Seal.Comment(issue, m, ""))
}

// SettleFiled brings the comments of claims on an issue up to date whose outcome
// is recorded among the reports: the issue did not let them be changed when the
// messages were sent.
func (g *GitHub) SettleFiled(ctx context.Context, issue int, onIssue, filed []alert.Marker, now time.Time) error {
	var errs []error
	for _, m := range onIssue {
		if settled, changed := m.SettledBy(filed, now); changed {
			errs = append(errs, g.Record(ctx, issue, settled))
		}
	}
	return errors.Join(errs...)
}

// Withdraw deletes a comment of ours; one that is gone is done.
func (g *GitHub) Withdraw(ctx context.Context, issue int, m alert.Marker) error {
	return g.under().Delete(ctx, issue, m.Comment)
}
