package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

type alertAnswer struct {
	Number    int        `json:"number" answer:"id"`
	State     string     `json:"state" answer:"id"`
	CreatedAt time.Time  `json:"created_at"`
	FixedAt   *time.Time `json:"fixed_at"`
	Dismissed *time.Time `json:"dismissed_at"`
	Advisory  struct {
		Severity string `json:"severity" answer:"id"`
	} `json:"security_advisory"`
}

// alerts are those about dependencies. The workflow's token may often not read
// them, and the advisories are read without them.
func (r *syncing) alerts() error {
	hub := r.Alerts
	if hub == nil {
		hub = r.Hub
	}
	found, etag, changed, err := changedList[alertAnswer](r.ctx, hub, "/dependabot/alerts?sort=updated&direction=desc&per_page=100", r.State("github/alerts/etag"))
	if err := r.unread(alertKind, err); err != nil {
		return github.Wrap(err, "vulnerability-alerts: read", "read the alerts about dependencies")
	}
	if !changed {
		return nil
	}
	page := Page{State: map[string]string{"github/alerts/etag": etag}}
	for _, a := range found {
		page.Rows = append(page.Rows, a.row())
	}
	return r.keep(page)
}

func (a alertAnswer) row() model.Row {
	row := model.SecurityAlertRow{Number: fmt.Sprintf("alert %d", a.Number), Severity: a.Advisory.Severity, State: a.State, CreatedAt: a.CreatedAt}
	for _, end := range []*time.Time{a.FixedAt, a.Dismissed} {
		if end != nil {
			row.FixedAt = *end
		}
	}
	return row
}

type advisoryAnswer struct {
	ID        string     `json:"ghsa_id" answer:"id"`
	Severity  string     `json:"severity" answer:"null"`
	State     string     `json:"state" answer:"id"`
	Published *time.Time `json:"published_at"`
	Closed    *time.Time `json:"closed_at"`
}

// advisories are those that the repository has published.
func (r *syncing) advisories() error {
	found, etag, changed, err := changedList[advisoryAnswer](r.ctx, r.Hub, "/security-advisories?sort=updated&direction=desc&per_page=100", r.State("github/advisories/etag"))
	if err := r.unread(advisoryKind, err); err != nil {
		return github.Wrap(err, "metadata: read", "read the security advisories")
	}
	if !changed {
		return nil
	}
	page := Page{State: map[string]string{"github/advisories/etag": etag}}
	for _, a := range found {
		if a.Published == nil {
			continue // a draft is known to nobody
		}
		row := model.SecurityAlertRow{Number: a.ID, Severity: a.Severity, State: a.State, CreatedAt: *a.Published}
		if a.Closed != nil {
			row.FixedAt = *a.Closed
		}
		page.Rows = append(page.Rows, row)
	}
	return r.keep(page)
}

// changedList reads a list below the repository to its last page, unless its
// first page is as it was when it had the ETag. Its pages go by cursors.
func changedList[T any](ctx context.Context, hub *github.Client, path, etag string) (all []T, now string, changed bool, err error) {
	var pages github.Cursor
	var lacks []answer.Lack
	for after := ""; ; {
		var some []T
		tag := etag
		if after != "" {
			tag = ""
		}
		said, err := hub.List(ctx, path+after, tag, &some)
		var part *github.PartError
		switch {
		case github.Status(err) == http.StatusNotModified:
			return nil, etag, false, nil
		case errors.As(err, &part):
			lacks = append(lacks, part.Lacks...)
		case err != nil:
			return nil, etag, false, err
		}
		if after == "" {
			now = said.Header.Get("ETag")
		}
		all = append(all, some...)
		if after = next(said); after == "" {
			break
		}
		if err := pages.Next(said.After); err != nil {
			return nil, etag, false, err
		}
	}
	if len(lacks) > 0 {
		return all, "", true, &github.PartError{Lacks: lacks} // no ETag: the list is read again
	}
	return all, now, true, nil
}

// alertKind and advisoryKind name both among what could not be read.
var (
	alertKind    = kind{name: "alerts", words: "alerts about dependencies"}
	advisoryKind = kind{name: "advisories", words: "security advisories"}
)

// next is what the next page's address has more; empty after the last.
func next(answer *gh.Response) string {
	if answer.After == "" {
		return ""
	}
	return "&after=" + url.QueryEscape(answer.After)
}
