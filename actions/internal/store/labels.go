package store

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/model"
)

//go:embed labels.sql
var labels string

// relabelled are the issues whose labels a change has changed.
type relabelled struct {
	issues map[int]bool
	all    bool
}

// relabel notes that the labels of issues are others now: of some, or of all
// where none is named.
func (c *Change) relabel(numbers ...int) {
	c.relabelled.all = c.relabelled.all || len(numbers) == 0
	for _, n := range numbers {
		c.relabelled.issues[n] = true
	}
}

// tellsLabels tells a table that says which labels issues have or had.
func tellsLabels(table string) bool { return table == "issues" || table == "issue_labels" }

// numbersOf are the issues that rows tell the labels of.
func numbersOf(rows []model.Row) []int {
	var numbers []int
	for _, r := range rows {
		switch r := r.(type) {
		case model.IssueRow:
			numbers = append(numbers, r.Number)
		case model.LabelEvent:
			numbers = append(numbers, r.Issue)
		}
	}
	return numbers
}

// spans makes anew when the issues that a change is about had which label. What
// happened at the same second happened in the order that it was put.
func (c *Change) spans() error {
	var numbers []string
	for _, n := range slices.Sorted(maps.Keys(c.relabelled.issues)) {
		numbers = append(numbers, fmt.Sprint(n))
	}
	these := "number IN (" + strings.Join(numbers, ",") + ")"
	switch {
	case c.relabelled.all:
		these = "true"
	case len(numbers) == 0:
		return nil
	}
	return c.exec(fmt.Sprintf(`
DELETE FROM label_spans WHERE %[1]s;
INSERT INTO label_spans
WITH happened AS (
    SELECT number, lower(label) AS label, "at", added,
           lead("at", 1, TIMESTAMPTZ 'infinity') OVER inorder AS until, row_number() OVER inorder AS nth
    FROM issue_labels WHERE %[1]s
    WINDOW inorder AS (PARTITION BY number, lower(label) ORDER BY "at", rowid)
), today AS (
    SELECT DISTINCT number, lower(unnest(labels)) AS label FROM issues WHERE %[1]s
)
, written AS (
    SELECT number, label, "at" AS since, until FROM happened WHERE added
    UNION ALL
    SELECT number, label, TIMESTAMPTZ '-infinity', "at" FROM happened WHERE nth = 1 AND NOT added
    UNION ALL
    SELECT number, label, TIMESTAMPTZ '-infinity', TIMESTAMPTZ 'infinity' FROM today t
    WHERE NOT EXISTS (SELECT 1 FROM happened h WHERE h.number = t.number AND h.label = t.label)
), means AS (SELECT number, label, since, until, %[2]s AS meaning FROM written)
SELECT number, label, since, until FROM written
UNION ALL
SELECT number, meaning, since, until FROM means WHERE meaning <> label AND meaning <> ''`, these, meaning))
}

// LabelsOf returns the labels that say one thing, such as enhancement, however they
// are written: those that issues bear now, in small letters, sorted.
func (s *Store) LabelsOf(ctx context.Context, thing string) ([]string, error) {
	answer, err := s.Query(ctx, "SELECT label FROM (SELECT DISTINCT lower(unnest(labels)) AS label FROM issues WHERE NOT is_pull_request) AS borne WHERE "+
		quoted(thing)+" IN (label, "+meaning+") ORDER BY label", model.Window{})
	var all []string
	for _, row := range answer.Rows {
		if label, isText := row[0].(string); isText {
			all = append(all, label)
		}
	}
	return all, err
}

// meaning is what a label says, in SQL, without how it is written: no emoji and
// no :shortcode:, no prefix of a kind or a priority (type: bug, kind/bug), a
// hyphen between words, and one name for a bug, a wish and a question. Metrics
// count a label by its name and by its meaning; package label compares labels
// in the same way.
var meaning = func() string {
	bare := `regexp_replace(label, ':[a-z0-9_+-]+:', '', 'g')`
	bare = `trim(regexp_replace(` + bare + `, '[^\p{L}\p{N}\p{P}|+\s]', '', 'g'), ' .!#()[]')`
	bare = `regexp_replace(` + bare + `, '^(?:type|kind|category|cat|issue|issuetype|t|k|priority|prio|severity|p)\s*[:/|_-]\s*(\S)', '\1')`
	bare = `regexp_replace(` + bare + `, '[\s_-]+', '-', 'g')`
	list := func(words string) string { return "('" + strings.ReplaceAll(words, " ", "', '") + "')" }
	return `CASE WHEN ` + bare + ` IN ` + list("bugs defect bug-report fault") + ` THEN 'bug'
        WHEN ` + bare + ` IN ` + list("feature feature-request improvement proposal new-feature suggestion wish wishlist") + ` THEN 'enhancement'
        WHEN ` + bare + ` IN ` + list("questions support help usage usage-question support-request") + ` THEN 'question' ELSE ` + bare + ` END`
}()
