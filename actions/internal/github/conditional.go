package github

import (
	"context"
	"net/http"
)

// Fetch reads a path below the repository, unless it is as it was when it had
// the ETag: then changed is false, the value is left alone, and the request
// counts against no limit. An empty ETag reads it in any case.
func (c *Client) Fetch(ctx context.Context, path, etag string, into any) (now string, changed bool, err error) {
	req, err := c.NewRequest(http.MethodGet, "repos/"+c.Owner+"/"+c.Name+path, nil)
	if err != nil {
		return etag, false, err
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	answer, err := c.Do(ctx, req, into)
	if Status(err) == http.StatusNotModified {
		return etag, false, nil
	}
	if err != nil {
		return etag, false, err
	}
	return answer.Header.Get("ETag"), true, nil
}
