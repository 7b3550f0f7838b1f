package snapshot

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// surveySource is what people answered to surveys.
type surveySource struct{ *world }

// Name is surveys.
func (surveySource) Name() string { return "surveys" }

// Off returns why there are no surveys.
func (w surveySource) Off() string {
	if w.Config.Sources.Surveys.Files == "" {
		return "no files are named in rules.yaml"
	}
	return ""
}

// Collect reads the answers anew.
func (w surveySource) Collect(ctx context.Context, to collect.Writer) []model.Gap {
	s := w.Config.Sources.Surveys
	known := knownPhrases(w.store.State(surveyPhrasesNote))
	rows, refused, err := collect.Surveys(ctx, w.Env.Files, s.Files, collect.Columns{
		At: s.Columns.At, Satisfaction: s.Columns.Satisfaction, Recommend: s.Columns.Recommend,
		SuccessEstimate: s.Columns.SuccessEstimate, PrivacyConcern: s.Columns.PrivacyConcern, Requests: s.Columns.Requests, Comments: s.Columns.Comments, Latest: w.Env.Now, Mood: feeling, Phrases: w.surveyPhrases(known),
	})
	if err == nil {
		to.Refused("answers of surveys", refused)
		err = w.store.Change(ctx, func(c *store.Change) error {
			c.SetState(surveyPhrasesNote, known.state())
			return c.Put(rows)
		})
	}
	if err != nil {
		return []model.Gap{{Source: w.Name(), Reason: err.Error()}}
	}
	return nil
}
