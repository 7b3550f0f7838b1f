package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/keyphrase"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// surveyPhrasesNote is the note that keeps the phrases of survey answers, which are
// read again in each run: a text is tagged once, for tags differ between runs.
const surveyPhrasesNote = "surveys/phrases"

// phraseMemory is the phrases of texts by a hash of each: those of the last run,
// and those that this run asked for.
type phraseMemory struct{ last, now map[string][]string }

// knownPhrases reads a note; one that is damaged knows nothing.
func knownPhrases(note string) phraseMemory {
	m := phraseMemory{now: map[string][]string{}}
	if json.Unmarshal([]byte(note), &m.last) != nil {
		m.last = nil
	}
	return m
}

// of returns the phrases of a text, found by find where they are not known.
func (m phraseMemory) of(text string, find func(string) []string) []string {
	sum := sha256.Sum256([]byte(text))
	key := hex.EncodeToString(sum[:12])
	for _, known := range []map[string][]string{m.now, m.last} {
		if phrases, found := known[key]; found {
			m.now[key] = phrases
			return phrases
		}
	}
	m.now[key] = find(text)
	return m.now[key]
}

// state is the note for the next run: of the texts that this run asked for.
func (m phraseMemory) state() string {
	out, err := json.Marshal(m.now)
	if err != nil {
		panic(err) // lists of strings can be written
	}
	return string(out)
}

// surveyPhrases returns what finds the phrases of answers; nil where no metric
// reads them.
func (w *world) surveyPhrases(known phraseMemory) func(string) []string {
	if !w.measures("survey_themes") {
		return nil
	}
	return func(text string) []string { return known.of(text, keyphrase.Phrases) }
}

// measures reports whether rules.yaml asks for a metric.
func (w *world) measures(id string) bool {
	return slices.ContainsFunc(w.Config.Metrics, func(m config.Metric) bool { return m.ID == id })
}

// untagged are the first bug reports, open now or within the time that a back-fill
// asks about, whose text has no phrases yet.
const untagged = `
SELECT i.number, coalesce(i.request, i.title) AS said FROM issues i
WHERE NOT i.is_pull_request AND (i.closed_at IS NULL OR i.closed_at >= $1)
  AND i.number IN (SELECT number FROM label_spans WHERE label = 'bug')
  AND NOT EXISTS (SELECT 1 FROM issue_phrases p WHERE p.number = i.number AND p.said = coalesce(i.request, i.title))
ORDER BY i.number LIMIT 500` // a text has up to 64 KB

// tagBugs keeps what bug reports are about, for the groups of pain points.
func (w *world) tagBugs(ctx context.Context) error {
	if !w.measures("pain_points") {
		return nil
	}
	window := model.Window{From: w.Env.Now.Add(-oldDuplicates), Until: w.Env.Now}
	for last := 0; ; {
		answer, err := w.store.Query(ctx, untagged, window)
		if err != nil {
			return err
		}
		rows, until := phrasesOf(answer)
		if until <= last {
			return nil // none is left, or only texts that the store keeps in another form
		}
		last = until
		if err := w.store.Put(ctx, rows); err != nil {
			return err
		}
	}
}

// phrasesOf returns the phrases of an answer to untagged, and its last number; 0
// where it is empty.
func phrasesOf(answer model.Table) (rows []model.Row, last int) {
	for _, row := range answer.Rows {
		number, _ := row[0].(float64)
		said, _ := row[1].(string)
		rows, last = append(rows, model.IssuePhrasesRow{Number: int(number), Said: said, Phrases: keyphrase.Phrases(said)}), int(number)
	}
	return rows, last
}
