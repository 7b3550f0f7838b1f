package runner

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/redact"
)

// A server that echoes what it was sent, in any form, must not bring a secret
// into the run; and none goes out in a body.
func TestGuard_KeepsSecretsOutOfBothWays(t *testing.T) {
	secret := "ghs_" + strings.Repeat("Ab1", 8)
	var received string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received = string(body)
		token := r.Header.Get("Authorization")
		w.Header().Set("X-Echo", token)
		io.WriteString(w, token+" "+url.QueryEscape(token)+" "+base64.StdEncoding.EncodeToString([]byte(token)))
	}))
	defer server.Close()
	secrets := redact.New(secret)
	client := &http.Client{Transport: &guard{next: http.DefaultTransport, redact: secrets.Known}}
	req, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(`{"body":"`+secret+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	echoed, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if received != `{"body":"[secret]"}` {
		t.Errorf("the server got the body %s", received)
	}
	for _, s := range []string{string(echoed), answer.Header.Get("X-Echo")} {
		if strings.Contains(s, secret) || strings.Contains(s, base64.StdEncoding.EncodeToString([]byte(secret))[:16]) || !strings.Contains(s, "[secret]") {
			t.Errorf("the run got %q", s)
		}
	}
}

// A password that is a common word must not be cut out of what programs read.
func TestGuard_LeavesCommonWordsAlone(t *testing.T) {
	secrets := redact.New("release", "postgres://ann:issues@db.example/x")
	if got := secrets.Known(`{"release":"issues"}`); got != `{"release":"issues"}` {
		t.Errorf("got %s", got)
	}
	if got := secrets.Text("the release"); got != "the [secret]" {
		t.Errorf("a log shows the word: %s", got)
	}
}
