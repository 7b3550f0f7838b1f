package github

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// GitHub's reason stands in errors[]; without it "Validation Failed" helps nobody.
func TestError_RepeatsGitHubsOwnReasons(t *testing.T) {
	many := `"a"` + strings.Repeat(`,"b"`, 9)
	for name, c := range map[string]struct {
		code       int
		body, want string
	}{
		"message in errors": {422, `{"message":"Validation Failed","errors":[{"resource":"Issue","code":"custom","field":"body","message":"body is too long (maximum is 65536 characters)"}]}`,
			"GitHub says 422 Validation Failed (Issue body: body is too long (maximum is 65536 characters))"},
		"code and field": {422, `{"message":"Validation Failed","errors":[{"resource":"Label","code":"invalid","field":"color"},{"resource":"Label","code":"already_exists","field":"name"}]}`,
			"GitHub says 422 Validation Failed (Label color: invalid; Label name: already_exists)"},
		"field not in message": {422, `{"message":"Validation Failed","errors":[{"code":"custom","field":"labels","message":"name is too long"}]}`,
			"GitHub says 422 Validation Failed (labels: name is too long)"},
		"text entries":   {422, `{"message":"Validation Failed","errors":["Body is too long"]}`, "GitHub says 422 Validation Failed (Body is too long)"},
		"one text":       {422, `{"message":"Validation Failed","errors":"Body is too long"}`, "GitHub says 422 Validation Failed (Body is too long)"},
		"another shape":  {422, `{"message":"Nope","errors":{"body":["too long"]}}`, `GitHub says 422 Nope ({"body":["too long"]})`},
		"no errors":      {404, `{"message":"Not Found"}`, "GitHub says 404 Not Found"},
		"no JSON at all": {404, `<html>`, "GitHub says 404"},
		"many":           {422, `{"message":"m","errors":[` + many + `]}`, "GitHub says 422 m (a; b; b; b; b; and 5 more)"},
		"control characters, line ends": {422, "{\"message\":\"a\\nb\\u001b[31m\",\"errors\":[\"c\\r\\n::error::d\"]}",
			"GitHub says 422 a b [31m (c ::error::d)"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _, _ := start(t, func(w http.ResponseWriter) { w.WriteHeader(c.code); fmt.Fprint(w, c.body) })
			_, err := client.AddLabels(t.Context(), 1, []string{"a"})
			got := strings.TrimSpace(Wrap(err, "", "do it").Error())
			if got != "do it: "+c.want {
				t.Errorf("got  %s\nwant do it: %s", got, c.want)
			}
		})
	}
}

// Status 410 has two meanings, with two hints.
func TestError_GoneIsDeletedOrSwitchedOff(t *testing.T) {
	for message, want := range map[string]string{"This issue was deleted": "it was deleted", "Issues are disabled for this repo": "issues are switched off"} {
		client, _, _ := start(t, func(w http.ResponseWriter) { w.WriteHeader(410); fmt.Fprintf(w, `{"message":%q}`, message) })
		_, _, err := client.Issues.Get(t.Context(), "caro", "caro", 1)
		if got := Wrap(err, "", "x").(*Error).Hint(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: hint %q", message, got)
		}
	}
}

// Without a token nothing is sent: the error says what to set.
func TestNew_NeedsToken(t *testing.T) {
	_, err := New(Options{Repository: "caro/caro"})
	if !errors.Is(err, ErrNoToken) || !strings.Contains(err.Error(), "no token: set GITHUB_TOKEN") {
		t.Errorf("got %v", err)
	}
}

// A rate limit that is used up says which token has a higher one.
func TestLimitError_MentionsToken(t *testing.T) {
	if hint := (&LimitError{What: "primary"}).Hint(); !strings.Contains(hint, "GITHUB_TOKEN") {
		t.Errorf("got %q", hint)
	}
}
