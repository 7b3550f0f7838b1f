// Package redirect keeps credentials on the host that they were configured for:
// a client that carries a token, or whose address is a secret, does not follow
// a redirect to another host.
package redirect

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Error is a redirect that was not followed.
type Error struct {
	From, To string // hosts, with the port where it is not the scheme's own
	Why      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s redirects to %s: not followed, because %s", e.From, e.To, e.Why)
}

// maxHops is how many redirects in a row are followed.
const maxHops = 10

// SameHost is for http.Client.CheckRedirect: it follows a redirect that keeps
// the host, the port and the method, and does not fall back from https to http.
// It returns an *Error for any other.
func SameHost(next *http.Request, earlier []*http.Request) error {
	first := earlier[0]
	from, to := host(first.URL), host(next.URL)
	switch {
	case len(earlier) >= maxHops:
		return &Error{from, to, fmt.Sprintf("it is the redirect number %d in a row", len(earlier))}
	case from != to:
		return &Error{from, to, "credentials are sent to the configured host only"}
	case first.URL.Scheme == "https" && next.URL.Scheme != "https":
		return &Error{"https://" + from, next.URL.Scheme + "://" + to, "credentials are sent encrypted only"}
	case first.Method != next.Method:
		return &Error{from, to, fmt.Sprintf("it would turn a %s into a %s", first.Method, next.Method)}
	}
	return nil
}

// Guard returns a copy of a client that follows redirects as SameHost says.
// A nil client is http.DefaultClient.
func Guard(client *http.Client) *http.Client {
	if client == nil {
		client = http.DefaultClient
	}
	guarded := *client
	guarded.CheckRedirect = SameHost
	return &guarded
}

// Refused reports whether an error is, or wraps, a redirect that was not
// followed.
func Refused(err error) bool {
	var refused *Error
	return errors.As(err, &refused)
}

// host is an address's host in lower case, with its port where that is not the
// one of http or https: a step from http to https keeps the host.
func host(u *url.URL) string {
	name := strings.ToLower(u.Hostname())
	switch port := u.Port(); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return name
	default:
		return name + ":" + port
	}
}
