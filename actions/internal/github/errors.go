package github

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"

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
	said  string // GitHub's own reason, where it answered
}

func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string { return e.Doing + ": " + e.Answer() }

// Answer is what GitHub said, without what was tried.
func (e *Error) Answer() string {
	var answer *gh.ErrorResponse
	if errors.As(e.Err, &answer) && answer.Response != nil {
		return fmt.Sprintf("GitHub says %d %s", answer.Response.StatusCode, e.said)
	}
	return e.Err.Error()
}

// IsArchived reports whether a call was refused because the repository is
// archived.
func IsArchived(err error) bool { return says(err, "archived") }

// IsLocked reports whether a comment was refused because the issue is locked.
func IsLocked(err error) bool { return says(err, "is locked") }

// says reports whether GitHub's reason, of REST or GraphQL, holds some words.
func says(err error, words string) bool {
	var said *QueryError
	if errors.As(err, &said) {
		return strings.Contains(strings.ToLower(said.Said), words)
	}
	return strings.Contains(strings.ToLower(reason(err)), words)
}

// Refused reports whether GitHub refused a call for good: another try gets the
// same answer, and nothing was changed. A rate limit is no such refusal.
func Refused(err error) bool {
	var unsure *AmbiguousError
	var limit *LimitError
	if errors.As(err, &unsure) || errors.As(err, &limit) {
		return false
	}
	var said *QueryError
	status := Status(err)
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout ||
		forbids(err) || IsArchived(err) || IsLocked(err) || errors.As(err, &said) && said.Type == "NOT_FOUND"
}

// Hint says which permission or setting is missing.
func (e *Error) Hint() string {
	switch status := Status(e.Err); {
	case IsArchived(e.Err):
		return "the repository is archived, so nothing in it can be changed: unarchive it, or switch the workflow off"
	case IsLocked(e.Err):
		return "the conversation is locked: unlock it for comments"
	case status == http.StatusUnauthorized:
		return "the token is not valid: give `github-token`, or GITHUB_TOKEN in a terminal"
	case (status == http.StatusForbidden || forbids(e.Err)) && e.Needs != "":
		return fmt.Sprintf("add `%s` to the job's permissions", e.Needs)
	case status == http.StatusNotFound && e.Needs != "":
		return fmt.Sprintf("it is not there, or the token may not see it (%s)", e.Needs)
	case Deleted(e.Err):
		return "it was deleted: nothing is left to do for it"
	case status == http.StatusGone:
		return "issues are switched off in this repository"
	}
	return ""
}

// Deleted reports whether GitHub answered that the issue was deleted, which it
// says with status 410 as it does where issues are switched off.
func Deleted(err error) bool {
	return Status(err) == http.StatusGone && strings.Contains(strings.ToLower(reason(err)), "deleted")
}

const (
	maxReasons = 5   // errors of one answer that are repeated
	maxReason  = 300 // characters of each
)

// reason is what GitHub says in an error's answer, on one line: its message and
// each entry of errors[] with its field, which often holds the only explanation.
// GitHub writes entries as objects or as text, and sometimes one text instead of
// the list; the library drops the whole answer then, so it is read again here.
func reason(err error) string {
	var answer *gh.ErrorResponse
	if !errors.As(err, &answer) {
		return ""
	}
	message, entries := answer.Message, answer.Errors
	if message == "" && len(entries) == 0 {
		message = reread(answer.Response)
	}
	var all []string
	for i, e := range entries {
		if i == maxReasons {
			all = append(all, fmt.Sprintf("and %d more", len(entries)-i))
			break
		}
		all = append(all, oneReason(e))
	}
	return line(strings.TrimSpace(message + parenthesis(all)))
}

func parenthesis(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, "; ") + ")"
}

// oneReason is an entry of errors[]: "Label name: name is reserved", "Issue title:
// missing_field".
func oneReason(e gh.Error) string {
	said := e.Message
	if said == "" {
		said = e.Code
	}
	if place := strings.TrimSpace(e.Resource + " " + e.Field); place != "" {
		said = place + ": " + said
	}
	return line(said)
}

// reread finds the message of an answer whose errors[] has another shape than
// the library knows.
func reread(answer *http.Response) string {
	if answer == nil || answer.Body == nil {
		return ""
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var said struct {
		Message string          `json:"message"`
		Errors  json.RawMessage `json:"errors"`
	}
	if err != nil || json.Unmarshal(body, &said) != nil {
		return ""
	}
	var text string
	if json.Unmarshal(said.Errors, &text) != nil {
		text = string(said.Errors)
	}
	if text == "" || text == "null" {
		return said.Message
	}
	return said.Message + parenthesis([]string{line(text)})
}

// line makes one bounded line of a server's text.
func line(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(s); len(runes) > maxReason {
		return string(runes[:maxReason-1]) + "…"
	}
	return s
}

// forbids reports whether GraphQL said that the token may not, which it says with
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
	return &Error{Doing: fmt.Sprintf(doing, args...), Err: err, Needs: needs, said: reason(err)}
}
