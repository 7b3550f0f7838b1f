package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/answer"
)

// QueryError is what GraphQL said was wrong, with an answer of status 200.
type QueryError struct {
	Type string // FORBIDDEN, NOT_FOUND, RESOURCE_LIMITS_EXCEEDED, …; may be empty
	Said string
}

func (e *QueryError) Error() string { return "GitHub says " + line(e.Said) }

// PartError is an answer of which some entries of lists could not be read; the
// others are in the value.
type PartError struct {
	Lacks []answer.Lack
	Query *QueryError // what GraphQL said about them; nil where it said nothing
}

func (e *PartError) Error() string {
	text := fmt.Sprintf("%d entries of the answer cannot be read: %s", len(e.Lacks), e.Lacks[0])
	if len(e.Lacks) == 1 {
		text = "an entry of the answer cannot be read: " + e.Lacks[0].String()
	}
	if e.Query != nil {
		text += " (" + e.Query.Error() + ")"
	}
	return text
}

func (e *PartError) Unwrap() error {
	if e.Query == nil {
		return nil
	}
	return e.Query
}

// queryAnswer is GraphQL's envelope.
type queryAnswer struct {
	Data   json.RawMessage `json:"data"`
	Errors []queryFault    `json:"errors"`
}

type queryFault struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// Query asks GraphQL and reads the answer's data into a value, strictly: an
// answer that lacks what the value names is an error, never an empty value (see
// package answer for the tags). A query that only reads may be sent again, so
// it is where an answer is missing. Where entries of lists cannot be read, the
// rest is in the value, and the error is a *PartError; where another part of
// the answer failed, it is a *QueryError of the first that did.
func (c *Client) Query(ctx context.Context, query string, variables map[string]any, into any) error {
	req, err := c.NewRequest(http.MethodPost, c.graphql(), map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	if !isMutation(query) {
		ctx = Repeatable(ctx)
	}
	var got queryAnswer
	if _, err := c.Do(ctx, req, &got); err != nil {
		return err
	}
	return got.into(into, answer.Options{Now: c.Now(), Asked: asks(query)})
}

func isMutation(query string) bool { return strings.HasPrefix(strings.TrimSpace(query), "mutation") }

func (a queryAnswer) into(into any, o answer.Options) error {
	var said *QueryError
	if len(a.Errors) > 0 {
		said = &QueryError{a.Errors[0].Type, a.Errors[0].Message}
	}
	if len(a.Data) == 0 || string(a.Data) == "null" {
		if said != nil {
			return said
		}
		return errors.New("the answer to a query holds no data")
	}
	lacks, err := answer.Decode(a.Data, into, o)
	switch {
	case said != nil && (err != nil || len(lacks) == 0 || !a.ofEntries()):
		return said
	case err != nil:
		return fmt.Errorf("the answer to a query lacks what was asked for: %w", err)
	case len(lacks) > 0:
		return &PartError{lacks, said}
	}
	return nil
}

// ofEntries reports whether each error is about an entry of a list.
func (a queryAnswer) ofEntries() bool {
	for _, e := range a.Errors {
		if !slices.ContainsFunc(e.Path, isIndex) {
			return false
		}
	}
	return true
}

func isIndex(part any) bool {
	if text, isText := part.(string); isText {
		_, err := strconv.Atoi(text)
		return err == nil
	}
	_, isNumber := part.(float64)
	return isNumber
}

// asks returns whether a query names a field.
func asks(query string) func(string) bool {
	return func(name string) bool {
		return slices.Contains(strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }), name)
	}
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
