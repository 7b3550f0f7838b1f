package github

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A token that follows a redirect to another host is stolen. No redirect of any
// kind, of any call, may cause a request to the other host.
func TestRedirect_TokenStaysOnConfiguredHost(t *testing.T) {
	calls := map[string]func(*Client) error{
		"REST read":    func(c *Client) error { _, _, err := c.Issues.Get(t.Context(), "caro", "caro", 1); return err },
		"REST write":   func(c *Client) error { _, err := c.AddLabels(t.Context(), 1, []string{"a"}); return err },
		"conditional":  func(c *Client) error { _, _, err := c.Fetch(t.Context(), "/forks", "", &[]int{}); return err },
		"GraphQL":      func(c *Client) error { return c.Query(t.Context(), "{viewer{login}}", nil, &struct{}{}) },
		"GraphQL, own": func(c *Client) error { return c.Query(t.Context(), "mutation {x}", nil, &struct{}{}) },
	}
	for name, call := range calls {
		for _, code := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprintf("%s %d", name, code), func(t *testing.T) {
				reached := 0
				other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached++; fmt.Fprint(w, `{"data":{}}`) }))
				defer other.Close()
				c, _, _ := start(t, func(w http.ResponseWriter) {
					w.Header().Set("Location", other.URL+"/stolen")
					w.WriteHeader(code)
				})
				err := call(c)
				if reached > 0 || err == nil {
					t.Fatalf("the other host got %d requests; error %v", reached, err)
				}
				for _, host := range []string{c.BaseURL.Host, strings.TrimPrefix(other.URL, "http://")} {
					if !strings.Contains(err.Error(), host) {
						t.Errorf("the error does not name %s: %v", host, err)
					}
				}
			})
		}
	}
}

// A renamed repository answers with a redirect on its own host.
func TestRedirect_WithinHostIsFollowedWithToken(t *testing.T) {
	for method, code := range map[string]int{"GET": 301, "POST": 307} {
		c, s, _ := start(t, func(w http.ResponseWriter) {
			w.Header().Set("Location", "/repositories/1/issues/1")
			w.WriteHeader(code)
		}, reply(`[{"name":"a"}]`))
		var err error
		if method == "GET" {
			_, _, err = c.Fetch(t.Context(), "/issues/1", "", &[]struct{ Name string }{})
		} else {
			_, err = c.AddLabels(t.Context(), 1, []string{"a"})
		}
		if err != nil || s.sent()[1] != method+" /repositories/1/issues/1" {
			t.Errorf("%s: %v, %v", method, s.sent(), err)
		}
	}
}
