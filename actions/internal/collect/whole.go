package collect

import (
	"errors"
	"fmt"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/answer"
)

// readable returns the entries of a list of the REST API that can be read, and what
// the others lack, each with its place. A list of which no entry can be read is
// an error.
func readable[T any](name string, all []T, check func(T) error) (good []T, lacks []answer.Lack, err error) {
	for i, one := range all {
		if err := check(one); err != nil {
			lacks = append(lacks, answer.Lack{Where: fmt.Sprintf("%s[%d]", name, i), Why: err.Error()})
			continue
		}
		good = append(good, one)
	}
	if len(good) == 0 && len(lacks) > 0 {
		return nil, nil, fmt.Errorf("the answer has %d entries, and none can be read: %s", len(lacks), lacks[0])
	}
	return good, lacks, nil
}

// wholeTime finds a time that is missing or cannot be.
func wholeTime(at *gh.Timestamp, now time.Time) error {
	switch {
	case at == nil:
		return errors.New("lacks its time")
	case !isPast(at.Time, now):
		return fmt.Errorf("has a time that cannot be: %s", at.UTC().Format(time.RFC3339))
	}
	return nil
}

func wholeComment(c *gh.IssueComment, now time.Time) error {
	switch {
	case c.GetID() <= 0:
		return errors.New("lacks its id")
	case numberIn(c.GetIssueURL()) <= 0:
		return errors.New("lacks its issue")
	case c.Body == nil:
		return errors.New("lacks its text")
	}
	return wholeTime(c.CreatedAt, now)
}

// wholeEvent checks what is read of an event: that a label came or went.
func wholeEvent(e *gh.IssueEvent, now time.Time) error {
	switch e.GetEvent() {
	case "":
		return errors.New("lacks its kind")
	case "labeled", "unlabeled":
		if e.GetIssue().GetNumber() <= 0 {
			return errors.New("lacks its issue")
		}
		return wholeLabel(e.GetLabel(), e.CreatedAt, now)
	}
	return nil
}

func wholeLabel(l *gh.Label, at *gh.Timestamp, now time.Time) error {
	if l.GetName() == "" {
		return errors.New("lacks its label")
	}
	return wholeTime(at, now)
}

// wholeEntry checks what is read of an entry of an issue's timeline.
func wholeEntry(e *gh.Timeline, now time.Time) error {
	switch e.GetEvent() {
	case "":
		return errors.New("lacks its kind")
	case "labeled", "unlabeled":
		return wholeLabel(e.GetLabel(), e.CreatedAt, now)
	case "closed", "reopened":
		return wholeTime(e.CreatedAt, now)
	case "commented":
		switch {
		case e.GetID() <= 0:
			return errors.New("lacks its id")
		case e.Body == nil:
			return errors.New("lacks its text")
		}
		return wholeTime(e.CreatedAt, now)
	}
	return nil
}
