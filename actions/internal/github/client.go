// Package github is the client of GitHub's API: go-github behind a transport
// that waits, tries again and says what to do (retry.go), and the few things
// that the library leaves open: paths that need escaping and pages until the
// last. It knows no noun of ours; packages collect and publish turn its answers
// into facts and our plans into its calls.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/redirect"
)

// Client speaks for one repository with one token.
type Client struct {
	*gh.Client
	Owner, Name string
	GraphQL     string // its address; empty is the one beside the REST API
	clock       func() time.Time
}

// Now is the time that no time of an answer may be a day behind; zero without
// a clock.
func (c *Client) Now() time.Time {
	if c.clock == nil {
		return time.Time{}
	}
	return c.clock()
}

// Options is what a client needs from the outside.
type Options struct {
	URL        string // of the REST API; empty is GitHub's own
	GraphQL    string // its address; empty is the one beside the REST API
	Token      string
	Repository string // owner/name
	HTTP       *http.Client
	Clock      func() time.Time
	Sleep      func(context.Context, time.Duration) error
	// Patience is the longest time that one request waits for a rate limit;
	// beyond it the request fails with a *LimitError.
	Patience time.Duration
}

// ErrNoToken is a client without a token: GitHub answers too few requests without
// one, and none of GraphQL.
var ErrNoToken = errors.New("no token: set GITHUB_TOKEN, or give -github-token; gh auth token prints one")

// New makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	owner, name, ok := strings.Cut(o.Repository, "/")
	if o.Repository == "" {
		return nil, errors.New("no repository is named: set the input repository (-repository owner/name), or GITHUB_REPOSITORY")
	}
	if !ok || owner == "" || name == "" || strings.ContainsAny(name, "/ ?#") {
		return nil, fmt.Errorf("repository %q: expected owner/name, by the input repository (-repository owner/name) or GITHUB_REPOSITORY", o.Repository)
	}
	if o.Token == "" {
		return nil, ErrNoToken
	}
	base := http.DefaultTransport
	timeout := time.Duration(0)
	if o.HTTP != nil {
		timeout = o.HTTP.Timeout
		if o.HTTP.Transport != nil {
			base = o.HTTP.Transport
		}
	}
	// The library gets a client without a time limit of its own: the limit is
	// for one try, and the transport makes several.
	client := gh.NewClient(&http.Client{CheckRedirect: redirect.SameHost, Transport: &retrier{
		next: base, timeout: timeout, clock: o.Clock, sleep: o.Sleep, patience: o.Patience, token: o.Token,
	}})
	client.UserAgent = "aftercare"
	if o.URL != "" {
		u, err := url.Parse(strings.TrimSuffix(o.URL, "/") + "/")
		if err != nil {
			return nil, fmt.Errorf("GITHUB_API_URL %q: %w", o.URL, err)
		}
		client.BaseURL = u
	}
	return &Client{Client: client, Owner: owner, Name: name, GraphQL: o.GraphQL, clock: o.Clock}, nil
}

// MaxPages is how many pages of one list are read: 200,000 entries of a
// hundred, more than any list that is read whole has.
const MaxPages = 2000

// EndlessError is a list whose pages do not end.
type EndlessError struct{ Why string }

func (e *EndlessError) Error() string { return "the list's pages do not end: " + e.Why }

// Pages calls list for each page of 100 until the last, or an error. Where the
// pages do not end, what was read is returned with an *EndlessError: the number
// of the next page must grow, and there are at most MaxPages.
func Pages[T any](list func(gh.ListOptions) ([]T, *gh.Response, error)) ([]T, error) {
	return PagesUpTo(MaxPages, list)
}

// ErrNoList is the answer null where a list was asked for: it is not an empty one.
var ErrNoList = errors.New("the answer is null, not a list")

// PagesUpTo is Pages with another limit.
func PagesUpTo[T any](limit int, list func(gh.ListOptions) ([]T, *gh.Response, error)) ([]T, error) {
	var all []T
	for page, read := 1, 0; page != 0; {
		some, said, err := list(gh.ListOptions{Page: page, PerPage: 100})
		if err != nil {
			return nil, err
		}
		if some == nil {
			return nil, ErrNoList
		}
		all = append(all, some...)
		next := said.NextPage
		switch read++; {
		case next != 0 && next <= page:
			return all, &EndlessError{fmt.Sprintf("page %d names page %d as the next", page, next)}
		case next != 0 && len(some) == 0:
			return all, &EndlessError{fmt.Sprintf("page %d is empty and names page %d as the next", page, next)}
		case next != 0 && read == limit:
			return all, &EndlessError{fmt.Sprintf("%d pages were read", read)}
		}
		page = next
	}
	return all, nil
}

// Cursor follows the pages of a list that names each next page by a cursor.
type Cursor struct {
	seen map[string]bool
}

// Next returns an *EndlessError where a cursor is empty, came before, or is one
// too many.
func (c *Cursor) Next(cursor string) error {
	switch {
	case cursor == "":
		return &EndlessError{"another page is promised without a cursor"}
	case c.seen[cursor]:
		return &EndlessError{"a cursor repeats"}
	case len(c.seen) == MaxPages:
		return &EndlessError{fmt.Sprintf("%d pages were read", MaxPages)}
	case c.seen == nil:
		c.seen = map[string]bool{}
	}
	c.seen[cursor] = true
	return nil
}

// AddLabels puts labels on an issue and answers with all that it has then. The
// library sends the bare list; GitHub's description asks for an object.
func (c *Client) AddLabels(ctx context.Context, issue int, labels []string) ([]*gh.Label, error) {
	body := struct {
		Labels []string `json:"labels"`
	}{labels}
	req, err := c.NewRequest(http.MethodPost, fmt.Sprintf("repos/%s/%s/issues/%d/labels", c.Owner, c.Name, issue), body)
	if err != nil {
		return nil, err
	}
	var now []*gh.Label
	_, err = c.Do(ctx, req, &now)
	return now, err
}

// InPath escapes a word for a place in a path; the library does not.
func InPath(word string) string { return url.PathEscape(word) }
