package collect

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
)

// A request with a credential stays on its host; one without follows its
// redirect, as feeds and registries that moved need.
func TestWeb_CredentialStaysOnHost(t *testing.T) {
	_, m := spoken(t)
	for _, code := range []int{301, 302, 307, 308} {
		reached := 0
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reached++
			fmt.Fprint(w, `{"access_token":"x","statuses":[]}`)
		}))
		first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", other.URL+r.URL.RequestURI())
			w.WriteHeader(code)
		}))
		m.HackerNews, m.Reddit.ID, m.Reddit.Secret, m.Mastodon.Token = HackerNews{}, "id", "s3cret", "t0ken"
		m.Reddit.URL, m.Reddit.TokenURL, m.Mastodon.URL = first.URL, first.URL+"/token", first.URL
		_, gaps, _ := m.Read(t.Context())
		if reached > 0 || len(gaps) != 2 {
			t.Errorf("%d: the other host got %d requests; gaps %+v", code, reached, gaps)
		}
		for _, g := range gaps {
			if !strings.Contains(g.Reason, strings.TrimPrefix(first.URL, "http://")) || !strings.Contains(g.Reason, strings.TrimPrefix(other.URL, "http://")) {
				t.Errorf("%d, %s: the gap must name both hosts: %s", code, g.Table, g.Reason)
			}
		}
		var answer map[string]any
		client := &web.Client{HTTP: &http.Client{Timeout: time.Second}, Sleep: m.Web().Sleep}
		if _, err := client.Get(t.Context(), first.URL+"/open", nil, time.Time{}, &answer); err != nil || reached != 1 {
			t.Errorf("%d: a request without a credential did not follow its redirect: %v", code, err)
		}
		first.Close()
		other.Close()
	}
}
