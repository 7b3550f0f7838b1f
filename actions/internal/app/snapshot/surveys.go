package snapshot

import (
	"context"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// surveySource is what people answered to surveys.
type surveySource struct{ *world }

// Name is surveys.
func (surveySource) Name() string { return "surveys" }

// Collect reads the answers anew: those in files, and those at an address. An
// answer that stands in both counts twice, so one of them is meant to be used.
func (w surveySource) Collect(ctx context.Context, to collect.Writer) []model.Gap {
	s := w.Config.Sources.Surveys
	known := knownPhrases(w.store.State(surveyPhrasesNote))
	columns := collect.Columns{
		At: s.Columns.At, Satisfaction: s.Columns.Satisfaction, Recommend: s.Columns.Recommend,
		SuccessEstimate: s.Columns.SuccessEstimate, PrivacyConcern: s.Columns.PrivacyConcern, Requests: s.Columns.Requests, Comments: s.Columns.Comments,
		Latest: w.Env.Now, Mood: feeling, Note: func(text string) { to.Note("%s", text) }, Phrases: w.surveyPhrases(known),
	}
	var gaps []model.Gap
	take := func(rows []model.Row, refused []string, err error) {
		if err == nil {
			to.Refused("answers of surveys", refused)
			err = to.Put(ctx, rows)
		}
		if err != nil {
			gaps = append(gaps, model.Gap{Source: w.Name(), Reason: err.Error()})
		}
	}
	if s.Files != "" {
		take(collect.Surveys(ctx, w.Env.Files, s.Files, columns))
	}
	if address := w.Env.Getenv(s.URL); s.URL != "" && address != "" {
		take(collect.SurveyAt(ctx, w.web(), s.URL, address, columns))
	}
	w.store.SetState(surveyPhrasesNote, known.state())
	return gaps
}
