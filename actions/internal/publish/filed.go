package publish

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// FiledComments keep the records of one subject among the reports, in place of
// comments. A record stands once its commit does: of two runs one wins.
type FiledComments struct {
	Ledger  *history.Ledger
	Seal    alert.Seal
	Subject string
	Clock   func() time.Time
}

// Subject names an issue or a discussion in the record: they share their numbers.
func Subject(repository string, number int) string {
	return fmt.Sprintf("%s#%d", repository, number)
}

// Write files a record; a body that holds none is an error.
func (c *FiledComments) Write(ctx context.Context, number int, body string) (model.Comment, error) {
	said := model.Comment{Issue: number, Author: c.Seal.Login, Body: body}
	marker, err := c.marker(said)
	if err != nil {
		return said, err
	}
	err = c.change(ctx, func(m alert.Memory) alert.Memory {
		m, said.ID = m.Record(c.Subject, marker, c.Clock())
		return m
	})
	return said, err
}

// Since are all records of the subject, whenever they were written.
func (c *FiledComments) Since(ctx context.Context, number int, _ time.Time) ([]model.Comment, error) {
	markers, err := c.Markers(ctx)
	var all []model.Comment
	for _, m := range markers {
		all = append(all, model.Comment{ID: m.Comment, Issue: number, Author: c.Seal.Login, Body: c.Seal.Comment(number, m, "")})
	}
	return all, err
}

// Markers are the records of the subject.
func (c *FiledComments) Markers(ctx context.Context) ([]alert.Marker, error) {
	memory, err := c.Ledger.LatestAlerts(ctx)
	return memory.Records(c.Subject), err
}

// Rewrite sets a record to what it says now.
func (c *FiledComments) Rewrite(ctx context.Context, number int, id int64, body string) error {
	marker, err := c.marker(model.Comment{Issue: number, Author: c.Seal.Login, Body: body})
	if err != nil {
		return err
	}
	return c.change(ctx, func(m alert.Memory) alert.Memory { return m.Rewrite(id, &marker) })
}

// Delete takes a record away; one that is gone is done.
func (c *FiledComments) Delete(ctx context.Context, _ int, id int64) error {
	return c.change(ctx, func(m alert.Memory) alert.Memory { return m.Rewrite(id, nil) })
}

func (c *FiledComments) marker(said model.Comment) (alert.Marker, error) {
	marker, ok := c.Seal.Read(said)
	if !ok {
		return marker, fmt.Errorf("%s: expected a record of ours", c.Subject)
	}
	return marker, nil
}

// change commits another memory, on the head that it was read from.
func (c *FiledComments) change(ctx context.Context, how func(alert.Memory) alert.Memory) error {
	view, err := c.Ledger.Open(ctx)
	if err != nil {
		return err
	}
	_, err = c.Ledger.File(ctx, view, "aftercare: record a notification", func(v *history.View) (map[string][]byte, error) {
		memory, err := v.WholeAlerts(ctx)
		if err != nil {
			return nil, err
		}
		files := map[string][]byte{}
		history.PutAlerts(files, how(memory))
		return files, nil
	})
	return err
}
