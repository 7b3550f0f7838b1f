package notify

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/redirect"
)

// maxSlackAnswer is how much of an answer of Slack's API is read, in bytes.
const maxSlackAnswer = 32 << 20

// shapedClient holds answers of Slack's API to their shape. The library takes an
// answer without `ok` and without an error for a success, and a missing list for
// an empty one.
type shapedClient struct{ client *http.Client }

func newShapedClient(client *http.Client) shapedClient {
	return shapedClient{redirect.Guard(client)}
}

// Do carries out a request. An answer of status 200 that lacks what its method
// gives is an error, after which the request may have been carried out.
func (c shapedClient) Do(req *http.Request) (*http.Response, error) {
	said, err := c.client.Do(req)
	if err != nil || said.StatusCode != http.StatusOK {
		return said, err
	}
	body, err := io.ReadAll(io.LimitReader(said.Body, maxSlackAnswer+1))
	_ = said.Body.Close() // it is read
	switch {
	case err != nil:
		return nil, fmt.Errorf("its answer broke off: %w", err)
	case len(body) > maxSlackAnswer:
		return nil, fmt.Errorf("its answer is over %d MiB", maxSlackAnswer>>20)
	}
	if err := slackShape(path.Base(req.URL.Path), body); err != nil {
		return nil, err
	}
	said.Body = io.NopCloser(bytes.NewReader(body))
	return said, nil
}

// slackShape finds what an answer of one of Slack's methods lacks.
func slackShape(method string, body []byte) error {
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error" answer:"null,optional"`
	}
	if _, err := answer.Decode(body, &said, answer.Options{}); err != nil {
		return fmt.Errorf("its answer is not one of Slack's API: %w", err)
	}
	if !said.OK {
		if strings.TrimSpace(said.Error) == "" {
			return fmt.Errorf("its answer is not ok, and says no error")
		}
		return nil
	}
	var given any
	switch method {
	case "chat.postMessage":
		given = &struct {
			Channel string `json:"channel" answer:"id"`
			TS      string `json:"ts" answer:"id"`
		}{}
	case "conversations.history", "conversations.replies":
		given = &struct {
			Messages []struct {
				TS string `json:"ts" answer:"id"`
			} `json:"messages"`
		}{}
	case "conversations.list":
		given = &struct {
			Channels []struct {
				ID string `json:"id" answer:"id"`
			} `json:"channels"`
		}{}
	case "users.info":
		given = &struct {
			User struct {
				ID string `json:"id" answer:"id"`
			} `json:"user"`
		}{}
	case "users.list":
		given = &struct {
			Members []struct {
				ID string `json:"id" answer:"id"`
			} `json:"members"`
		}{}
	case "usergroups.list":
		given = &struct {
			Groups []struct {
				ID string `json:"id" answer:"id"`
			} `json:"usergroups"`
		}{}
	default:
		return nil
	}
	lacks, err := answer.Decode(body, given, answer.Options{})
	if err == nil && len(lacks) > 0 {
		err = fmt.Errorf("%s", lacks[0])
	}
	if err != nil {
		return fmt.Errorf("its answer to %s lacks what was asked for: %w", method, err)
	}
	return nil
}
