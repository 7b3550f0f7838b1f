package redirect

import (
	"net/http"
	"slices"
	"testing"
)

func TestSameHost(t *testing.T) {
	for name, c := range map[string]struct {
		method, from, then, to string
		want                   string
	}{
		"another path":              {"GET", "https://api.example/repos/a/b", "GET", "https://api.example/repositories/1", ""},
		"host in capitals":          {"GET", "https://api.example/a", "GET", "https://API.example:443/b", ""},
		"http to https":             {"GET", "http://api.example/a", "GET", "https://api.example/b", ""},
		"307 keeps the method":      {"POST", "https://api.example/a", "POST", "https://api.example/b", ""},
		"another host":              {"GET", "https://api.example/a", "GET", "https://evil.example/a", "api.example redirects to evil.example: not followed, because credentials are sent to the configured host only"},
		"a host below it":           {"GET", "https://api.example/a", "GET", "https://x.api.example/a", "api.example redirects to x.api.example: not followed, because credentials are sent to the configured host only"},
		"another port":              {"GET", "http://127.0.0.1:80/a", "GET", "http://127.0.0.1:81/a", "127.0.0.1 redirects to 127.0.0.1:81: not followed, because credentials are sent to the configured host only"},
		"https to http":             {"GET", "https://api.example/a", "GET", "http://api.example/a", "https://api.example redirects to http://api.example: not followed, because credentials are sent encrypted only"},
		"302 turns POST into a GET": {"POST", "https://api.example/a", "GET", "https://api.example/b", "api.example redirects to api.example: not followed, because it would turn a POST into a GET"},
	} {
		t.Run(name, func(t *testing.T) {
			first, _ := http.NewRequest(c.method, c.from, nil)
			next, _ := http.NewRequest(c.then, c.to, nil)
			got := ""
			if err := SameHost(next, []*http.Request{first}); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
	again, _ := http.NewRequest("GET", "https://api.example/a", nil)
	if err := SameHost(again, slices.Repeat([]*http.Request{again}, maxHops)); !Refused(err) {
		t.Errorf("ten redirects in a row: %v", err)
	}
}
