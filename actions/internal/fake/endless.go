package fake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
)

// Endless stands before a server, and names the first page as the next one of
// every list. It returns its address, and what stops it.
func Endless(server string) (address string, stop func(), err error) {
	to, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	var own string
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodGet {
			r.Header.Set("Link", fmt.Sprintf(`<%s%s?page=1>; rel="next"`, own, r.Request.URL.Path))
		}
		return nil
	}
	front := httptest.NewServer(proxy)
	own = front.URL
	return own, front.Close, nil
}
