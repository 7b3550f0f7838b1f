package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// QueryError is what GraphQL said was wrong, with an answer of status 200.
type QueryError struct {
	Type string // FORBIDDEN, NOT_FOUND, RESOURCE_LIMITS_EXCEEDED, …; may be empty
	Said string
}

func (e *QueryError) Error() string { return "GitHub says " + e.Said }

// Query asks GraphQL and reads the answer's data into a value. A query that
// only reads may be sent again, so it is where an answer is missing. Where a
// part of the answer failed, the rest is in the value all the same, and the
// error is a *QueryError of the first that did.
func (c *Client) Query(ctx context.Context, query string, variables map[string]any, into any) error {
	req, err := c.NewRequest(http.MethodPost, c.graphql(), map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if !strings.HasPrefix(strings.TrimSpace(query), "mutation") {
		ctx = Repeatable(ctx)
	}
	if _, err := c.Do(ctx, req, &answer); err != nil {
		return err
	}
	if len(answer.Data) > 0 && string(answer.Data) != "null" {
		if err := json.Unmarshal(answer.Data, into); err != nil {
			return fmt.Errorf("the answer to a query has another shape than GitHub's schema says: %w", err)
		}
	}
	if len(answer.Errors) > 0 {
		return &QueryError{answer.Errors[0].Type, answer.Errors[0].Message}
	}
	return nil
}

// graphql is the address beside that of the REST API: on GitHub's own servers
// /graphql, on an enterprise's /api/graphql beside /api/v3.
func (c *Client) graphql() string {
	if c.GraphQL != "" {
		return c.GraphQL
	}
	base := strings.TrimSuffix(c.BaseURL.String(), "/")
	if enterprise, ok := strings.CutSuffix(base, "/v3"); ok {
		return enterprise + "/graphql"
	}
	return base + "/graphql"
}
