package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/answer"
)

// Fetch reads a path below the repository, unless it is as it was when it had
// the ETag: then changed is false, the value is left alone, and the request
// counts against no limit. An empty ETag reads it in any case. The answer is
// read strictly (package answer); where entries of a list cannot be read, the
// error is a *PartError, changed is true, and the others are in the value.
func (c *Client) Fetch(ctx context.Context, path, etag string, into any) (now string, changed bool, err error) {
	req, err := c.NewRequest(http.MethodGet, "repos/"+c.Owner+"/"+c.Name+path, nil)
	if err != nil {
		return etag, false, err
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	said, err := c.read(ctx, req, into)
	var part *PartError
	switch {
	case Status(err) == http.StatusNotModified:
		return etag, false, nil
	case errors.As(err, &part):
		return "", true, err // no ETag: what could not be read is asked for again
	case err != nil:
		return etag, false, err
	}
	return said.Header.Get("ETag"), true, nil
}

// List reads a page of a list below the repository as Fetch does, and returns
// the answer for the place of the next page.
func (c *Client) List(ctx context.Context, path, etag string, into any) (*gh.Response, error) {
	req, err := c.NewRequest(http.MethodGet, "repos/"+c.Owner+"/"+c.Name+path, nil)
	if err != nil {
		return nil, err
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	return c.read(ctx, req, into)
}

// read carries out a request and reads its answer strictly (package answer).
func (c *Client) read(ctx context.Context, req *http.Request, into any) (*gh.Response, error) {
	var body bytes.Buffer
	said, err := c.Do(ctx, req, &body)
	if err != nil {
		return said, err
	}
	lacks, err := answer.Decode(body.Bytes(), into, answer.Options{Now: c.Now()})
	switch {
	case err != nil:
		return said, fmt.Errorf("GitHub's answer lacks what was asked for: %w", err)
	case len(lacks) > 0:
		return said, &PartError{Lacks: lacks}
	}
	return said, nil
}
