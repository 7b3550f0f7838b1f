package collect

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

type alertAnswer struct {
	Number    int        `json:"number"`
	State     string     `json:"state"`
	CreatedAt time.Time  `json:"created_at"`
	FixedAt   *time.Time `json:"fixed_at"`
	Dismissed *time.Time `json:"dismissed_at"`
	Advisory  struct {
		Severity string `json:"severity"`
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
	if err != nil {
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
	ID        string     `json:"ghsa_id"`
	Severity  string     `json:"severity"`
	State     string     `json:"state"`
	Published *time.Time `json:"published_at"`
	Closed    *time.Time `json:"closed_at"`
}

// advisories are those that the repository has published.
func (r *syncing) advisories() error {
	found, etag, changed, err := changedList[advisoryAnswer](r.ctx, r.Hub, "/security-advisories?sort=updated&direction=desc&per_page=100", r.State("github/advisories/etag"))
	if err != nil {
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
	var some []T
	for after := ""; ; {
		req, err := hub.NewRequest(http.MethodGet, "repos/"+hub.Owner+"/"+hub.Name+path+after, nil)
		if err != nil {
			return nil, etag, false, err
		}
		if etag != "" && after == "" {
			req.Header.Set("If-None-Match", etag)
		}
		some = nil
		answer, err := hub.Do(ctx, req, &some)
		if github.Status(err) == http.StatusNotModified {
			return nil, etag, false, nil
		}
		if err != nil {
			return nil, etag, false, err
		}
		if after == "" {
			now = answer.Header.Get("ETag")
		}
		all = append(all, some...)
		if after = next(answer); after == "" {
			return all, now, true, nil
		}
	}
}

// next is what the next page's address has more; empty after the last.
func next(answer *gh.Response) string {
	if answer.After == "" {
		return ""
	}
	return "&after=" + url.QueryEscape(answer.After)
}
