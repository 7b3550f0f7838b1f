package github

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
)

// FuzzQueryAnswer holds that whatever GraphQL answers, the value is whole where no
// error is returned: what the query asked for was there, and each entry has its id.
func FuzzQueryAnswer(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"data":null}`, `{"data":{}}`, `{"data":{"repository":null}}`, `{"errors":[{"type":"NOT_FOUND","message":"x","path":["repository"]}]}`,
		`{"data":{"repository":{"issues":{"totalCount":1,"nodes":[{"number":1,"createdAt":"2026-01-24T09:00:00Z"}]}}}}`,
		`{"data":{"repository":{"issues":{"totalCount":2,"nodes":[null,{"number":0,"createdAt":"9999-01-01T00:00:00Z"}]}}},"errors":[{"path":["repository","issues","nodes",0]}]}`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 1, 27, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		var envelope queryAnswer
		if json.Unmarshal(body, &envelope) != nil {
			return
		}
		var got struct {
			Repository *struct {
				Issues struct {
					TotalCount int
					Nodes      []struct {
						Number    int `answer:"id"`
						CreatedAt time.Time
					}
				}
			}
		}
		err := envelope.into(&got, answer.Options{Now: now})
		if err == nil && len(envelope.Errors) > 0 {
			t.Errorf("the errors of the answer were dropped: %s", body)
		}
		if err == nil && got.Repository != nil && (got.Repository.Issues.Nodes == nil || got.Repository.Issues.TotalCount < 0) {
			t.Errorf("taken without its list or with a count below zero: %s", body)
		}
		if err != nil && err.Error() == "" {
			t.Error("an error without a text")
		}
	})
}
