package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/labelname"
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

// spans makes anew when the issues that a change is about had which label, by its
// name in small letters and by what it means (package labelname). What happened at
// the same second happened in the order that it was put.
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
	meant, err := c.meant(these)
	if err != nil {
		return err
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
), written AS (
    SELECT number, label, "at" AS since, until FROM happened WHERE added
    UNION ALL
    SELECT number, label, TIMESTAMPTZ '-infinity', "at" FROM happened WHERE nth = 1 AND NOT added
    UNION ALL
    SELECT number, label, TIMESTAMPTZ '-infinity', TIMESTAMPTZ 'infinity' FROM today t
    WHERE NOT EXISTS (SELECT 1 FROM happened h WHERE h.number = t.number AND h.label = t.label)
)
SELECT number, label, since, until FROM written%[2]s`, these, meant))
}

// meant is the part of a query that adds, to the spans of labels as they are
// written, those of what they mean; empty where no label of these issues means
// anything but its name.
func (c *Change) meant(these string) (string, error) {
	rows, err := c.conn.QueryContext(c.ctx, fmt.Sprintf(`SELECT lower(label) AS label FROM issue_labels WHERE %[1]s
UNION SELECT lower(unnest(labels)) FROM issues WHERE %[1]s`, these), nil)
	if err != nil {
		return "", fmt.Errorf("read the labels: %w", err)
	}
	answer, err := read(rows)
	if err := errors.Join(err, rows.Close()); err != nil {
		return "", fmt.Errorf("read the labels: %w", err)
	}
	var pairs []string
	for _, row := range answer.Rows {
		label, _ := row[0].(string)
		if means := labelname.Meaning(label); means != label && means != "" {
			pairs = append(pairs, fmt.Sprintf("(%s, %s)", quoted(label), quoted(means)))
		}
	}
	if len(pairs) == 0 {
		return "", nil
	}
	slices.Sort(pairs) // so that the same labels make the same query
	return "\nUNION ALL\nSELECT number, meaning, since, until FROM written JOIN (VALUES " + strings.Join(pairs, ", ") + ") AS means(label, meaning) USING (label)", nil
}

// LabelsOf returns the labels that say one thing, such as enhancement, however they
// are written: those that issues bear now, in small letters, sorted.
func (s *Store) LabelsOf(ctx context.Context, thing string) ([]string, error) {
	answer, err := s.Query(ctx, "SELECT DISTINCT lower(unnest(labels)) AS label FROM issues WHERE NOT is_pull_request ORDER BY label", model.Window{})
	var all []string
	for _, row := range answer.Rows {
		if label, isText := row[0].(string); isText && (label == thing || labelname.Meaning(label) == thing) {
			all = append(all, label)
		}
	}
	return all, err
}
