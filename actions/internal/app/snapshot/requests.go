package snapshot

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/duplicates"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

const (
	// maxWishes is how many different requests of surveys are compared.
	maxWishes = 1000
	// maxWish is how many characters of a request name it.
	maxWish = 80
	// oldAnswers is how far back the answers count as requests.
	oldAnswers = 90 * 24 * time.Hour
)

const (
	surveyWishes = `SELECT s."at", s.requests FROM survey_responses s WHERE s."at" >= $1 AND s."at" < $2 AND s.requests IS NOT NULL ORDER BY s."at", s.requests`
	openRequests = `
SELECT i.number, i.title FROM issues i
WHERE NOT i.is_pull_request AND i.closed_at IS NULL AND i.number IN (SELECT number FROM labelled(['enhancement'], $2))
ORDER BY i.number`
)

// surveyRequests keeps what survey answers ask for: by the open request that
// says the same as two issues do, or by the words of at least two answers.
func (w *world) surveyRequests(ctx context.Context) error {
	if !w.measures("feature_requests") {
		return nil
	}
	window := model.Window{From: w.Env.Now.Add(-oldAnswers), Until: w.Env.Now}
	answers, err := w.store.Query(ctx, surveyWishes, window)
	if err != nil {
		return err
	}
	open, err := w.store.Query(ctx, openRequests, window)
	if err != nil {
		return err
	}
	var issues []duplicates.Doc
	for _, row := range open.Rows {
		number, _ := row[0].(float64)
		title, _ := row[1].(string)
		issues = append(issues, duplicates.Doc{Number: int(number), Title: title, Open: true})
	}
	var all []wishing
	for _, row := range answers.Rows {
		at, _ := row[0].(time.Time)
		text, _ := row[1].(string)
		all = append(all, wishing{at, wishesOf(text)})
	}
	rows, left := requestRows(all, issues)
	if left > 0 {
		w.note("surveys: %d different requests are not compared with issues, for there are over %d", left, maxWishes)
	}
	return w.store.Change(ctx, func(c *store.Change) error {
		if err := c.Clear(model.SurveyRequestRow{}.Table()); err != nil {
			return err
		}
		return c.Put(rows)
	})
}

var (
	wishEnds = regexp.MustCompile(`[\n;]|[.!?,](?:\s|$)`)
	noWish   = regexp.MustCompile(`^(?:no|none|nope|nothing|nil|null|n/?a|not really|nothing yet|-+)?$`)
)

// wishesOf returns the different things that an answer asks for, in small
// letters: its sentences and what stands between commas.
func wishesOf(text string) []string {
	var all []string
	for _, part := range wishEnds.Split(text, -1) {
		wish := strings.ToLower(strings.Join(strings.Fields(part), " "))
		if !noWish.MatchString(wish) && !slices.Contains(all, wish) {
			all = append(all, wish)
		}
	}
	return all
}

// wishing is an answer with the different things that it asks for.
type wishing struct {
	at     time.Time
	wishes []string
}

// requestRows are the rows of answers: of those that ask for what one of the issues
// does, and of those that several ask for, each answer once for a thing. Of more
// than maxWishes different wishes it takes those that most answers have; left is
// the number of the others.
func requestRows(answers []wishing, issues []duplicates.Doc) (rows []model.Row, left int) {
	by := map[string][]int{} // the answers, by what they ask for
	for i, a := range answers {
		for _, wish := range a.wishes {
			by[wish] = append(by[wish], i)
		}
	}
	texts := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(by[b]), len(by[a])), cmp.Compare(a, b))
	})
	left = max(0, len(texts)-maxWishes)
	var rest []duplicates.Doc
	asking := map[int][]int{} // the answers, by the issue
	known := duplicates.Of(issues)
	for i, text := range texts[:len(texts)-left] {
		if number := asksForTheSame(known.Nearest(duplicates.Doc{Title: text}, 2)); number != 0 {
			asking[number] = append(asking[number], by[text]...)
			continue
		}
		rest = append(rest, duplicates.Doc{Number: i + 1, Title: text, Open: true})
	}
	add := func(row model.SurveyRequestRow, of []int) {
		for _, i := range distinct(of) {
			row.At = answers[i].at
			rows = append(rows, row)
		}
	}
	for _, number := range slices.Sorted(maps.Keys(asking)) {
		add(model.SurveyRequestRow{Issue: number}, asking[number])
	}
	for _, group := range together(rest) {
		var of []int
		for _, d := range group {
			of = append(of, by[d.Title]...)
		}
		if said := wishNamed(group, len(by[group[0].Title])); said != "" && len(distinct(of)) > 1 {
			add(model.SurveyRequestRow{Said: said}, of)
		}
	}
	return rows, left
}

// distinct returns the different numbers of a list, rising.
func distinct(all []int) []int { return slices.Compact(slices.Sorted(slices.Values(all))) }

// asksForTheSame is the issue of the nearest two that a wish is about, 0 where it
// is about neither: one that is near as issues are, or the only one with a word
// that is most of the wish ("nushell").
func asksForTheSame(nearest []duplicates.Match) int {
	if len(nearest) > 0 && (nearest[0].Near(false) || len(nearest) == 1 && nearest[0].Score >= duplicates.Near) {
		return nearest[0].Number
	}
	return 0
}

// together puts the wishes that say nearly the same in groups, those with most
// answers first in each, as they stand.
func together(wishes []duplicates.Doc) [][]duplicates.Doc {
	in := map[int]int{} // the first of its group, by the number
	for _, group := range duplicates.Groups(wishes) {
		for _, n := range group {
			in[n] = slices.Min(group)
		}
	}
	var all [][]duplicates.Doc
	place := map[int]int{}
	for _, d := range wishes {
		first := cmp.Or(in[d.Number], d.Number)
		at, known := place[first]
		if !known {
			at, place[first] = len(all), len(all)
			all = append(all, nil)
		}
		all[at] = append(all[at], d)
	}
	return all
}

// wishNamed names a group: by its first wish where at least two answers have that,
// word for word, else by the words that two of its wishes share; empty where none
// do. What one person alone wrote stands on no page.
func wishNamed(group []duplicates.Doc, answers int) string {
	name := group[0].Title
	if answers < 2 {
		name = ""
		for _, m := range duplicates.Of(group).Nearest(group[0], 1) {
			name = strings.Join(m.Words, " ")
		}
	}
	if runes := []rune(name); len(runes) > maxWish {
		name = strings.TrimSpace(string(runes[:maxWish-1])) + "…"
	}
	return name
}
