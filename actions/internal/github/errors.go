package github

import (
	"errors"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"
)

// Status is the HTTP status of an error that GitHub answered with; 0 for any
// other error.
func Status(err error) int {
	var e *gh.ErrorResponse
	if errors.As(err, &e) && e.Response != nil {
		return e.Response.StatusCode
	}
	return 0
}

// Error is a call that GitHub refused: what was tried, the answer, and what to
// do about it where that is known.
type Error struct {
	Doing string // "add labels to #12"
	Err   error
	Needs string // the permission that the call needs: "issues: write"
}

func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	var answer *gh.ErrorResponse
	if errors.As(e.Err, &answer) && answer.Response != nil {
		return fmt.Sprintf("%s: GitHub says %d %s", e.Doing, answer.Response.StatusCode, answer.Message)
	}
	return e.Doing + ": " + e.Err.Error()
}

// Hint says which permission or setting is missing.
func (e *Error) Hint() string {
	switch status := Status(e.Err); {
	case status == http.StatusUnauthorized:
		return "the token is not valid: give `github-token`, or GITHUB_TOKEN in a terminal"
	case (status == http.StatusForbidden || forbids(e.Err)) && e.Needs != "":
		return fmt.Sprintf("add `%s` to the job's permissions", e.Needs)
	case status == http.StatusNotFound && e.Needs != "":
		return fmt.Sprintf("it is not there, or the token may not see it (%s)", e.Needs)
	case status == http.StatusGone:
		return "issues are switched off in this repository"
	}
	return ""
}

// forbids tells the answer of GraphQL to a token that may not, which comes with
// the status 200.
func forbids(err error) bool {
	var said *QueryError
	return errors.As(err, &said) && (said.Type == "FORBIDDEN" || said.Type == "INSUFFICIENT_SCOPES")
}

// Wrap gives an error of a call its sentence; nil stays nil.
func Wrap(err error, needs, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Error{Doing: fmt.Sprintf(doing, args...), Err: err, Needs: needs}
}
