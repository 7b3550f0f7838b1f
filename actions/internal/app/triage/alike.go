package triage

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/duplicates"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// maxPages is how many requests the search for issues that are alike may cost:
// a thousand open issues and pull requests are looked at.
const maxPages = 10

// alike are older open issues that say nearly what an issue says.
type alike struct {
	named []report.Near // for the summary
	known []report.Near // those of them that are near enough for a remark
	whole bool          // all open issues were looked at
}

// alike looks for them where rules.yaml asks for it. What is compared is what
// people wrote, in the older issues too: templates and logs are alike everywhere.
func (w *world) alike(ctx context.Context, s sight) (alike, error) {
	if w.Config.Similar.Most == 0 || !s.new {
		return alike{}, nil
	}
	open, whole, err := collect.OpenIssues(ctx, w.Watched, maxPages)
	if err != nil {
		return alike{}, err
	}
	docs, older := []duplicates.Doc{}, map[int]model.Issue{}
	for _, i := range open {
		if i.Number < s.issue.Number && !w.IsOurs(i.Author) {
			docs = append(docs, w.compared(i))
			older[i.Number] = i
		}
	}
	found := alike{whole: whole}
	for _, m := range duplicates.Of(docs).Nearest(w.compared(s.issue), w.Config.Similar.Most) {
		near := report.Near{Number: m.Number, Title: older[m.Number].Title, Score: m.Score, Words: m.Words}
		if m.Score >= duplicates.Slight {
			found.named = append(found.named, near)
		}
		if m.Near(strings.EqualFold(older[m.Number].Author, s.issue.Author)) {
			found.known = append(found.known, near)
		}
	}
	return found, nil
}

func (w *world) compared(i model.Issue) duplicates.Doc {
	doc := duplicates.Read(i.Number, i.Title, i.Body, w.labeler.Templates)
	doc.Open = true
	return doc
}

// nameAlike adds the issues that are alike to the summary, and says so on the
// issue where that is switched on, and they are near. What fails here fails
// nothing else: people and labels come first.
func (w *world) nameAlike(ctx context.Context, env *runner.Env, s sight) {
	found, err := w.alike(ctx, s)
	if err == nil && len(found.named) > 0 {
		err = env.Summary(report.Alike(found.named, found.whole, env.DryRun() && w.Config.Similar.Comment))
	}
	if err == nil {
		err = w.remark(ctx, env, s.issue.Number, found.known)
	}
	if err != nil {
		env.Warn("issues like #%d are not named: %v", s.issue.Number, err)
	}
}

func (w *world) remark(ctx context.Context, env *runner.Env, issue int, known []report.Near) error {
	if len(known) == 0 || !w.Config.Similar.Comment {
		return nil
	}
	remark := report.AlikeRemark(issue, known)
	if env.DryRun() {
		env.Log.Info("would " + remark.String())
		return nil
	}
	said, err := w.Issues.Remark(ctx, remark, env.Run(), env.Clock())
	if said {
		env.Log.Info(remark.String())
	}
	return err
}
