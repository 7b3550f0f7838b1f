package program

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/action"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/similar"
	"github.com/aftercare/aftercare/actions/internal/source"
)

// mostPages is how many requests the search for issues that are alike may cost:
// a thousand open issues and pull requests are looked at.
const mostPages = 10

// alike are the older open issues that say nearly what this one says, where rules.yaml
// asks for them; and whether all were looked at.
func (w *world) alike(ctx context.Context, s sight) (near []report.Near, whole bool, err error) {
	if w.book.Similar.Most == 0 || !s.new {
		return nil, true, nil
	}
	open, whole, err := source.OpenIssues(ctx, w.hub, mostPages)
	if err != nil {
		return nil, false, err
	}
	docs, titles := []similar.Doc{}, map[int]string{}
	for _, i := range open {
		if i.Number < s.issue.Number && !w.ours(i.Author) {
			docs = append(docs, similar.Doc{Number: i.Number, Title: i.Title, Body: i.Body, Open: true})
			titles[i.Number] = i.Title
		}
	}
	asked := similar.Doc{Number: s.issue.Number, Title: s.issue.Title, Body: s.issue.Body}
	for _, m := range similar.Of(docs).Nearest(asked, w.book.Similar.Most) {
		if m.Score >= similar.Slight {
			near = append(near, report.Near{Number: m.Number, Title: titles[m.Number], Score: m.Score, Words: m.Words})
		}
	}
	return near, whole, nil
}

// nameAlike adds the issues that are alike to the summary, and says so on the
// issue where that is switched on, and they are near. What fails here fails
// nothing else: people and labels come first.
func (w *world) nameAlike(ctx context.Context, env *action.Env, s sight) {
	near, whole, err := w.alike(ctx, s)
	if err == nil && len(near) > 0 {
		err = env.Summary(report.Alike(near, whole, env.DryRun() && w.book.Similar.Comment))
	}
	if err == nil {
		err = w.remark(ctx, env, s.issue.Number, near)
	}
	if err != nil {
		env.Warn("issues like #%d are not named: %v", s.issue.Number, err)
	}
}

func (w *world) remark(ctx context.Context, env *action.Env, issue int, near []report.Near) error {
	var close []report.Near
	for _, n := range near {
		if n.Score >= similar.Near {
			close = append(close, n)
		}
	}
	if len(close) == 0 || !w.book.Similar.Comment {
		return nil
	}
	remark := report.AlikeRemark(issue, close)
	if env.DryRun() {
		env.Log.Info("would " + remark.String())
		return nil
	}
	if err := w.github.Remark(ctx, remark, env.Run(), env.Clock()); err != nil {
		return err
	}
	env.Log.Info(remark.String())
	return nil
}
