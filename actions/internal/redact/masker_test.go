package redact

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

func TestPartsOfASecretAreSecrets(t *testing.T) {
	m := New("smtp://ann:w0rd-of-ann@mail.example:587/?from=a", "https://hooks.example/"+"services/T0/B0/abcdefgh", "first-line-of-it\nsecond-line-of-it\nshort")
	for _, c := range []struct{ name, text, want string }{
		{"the password of an address", "login ann w0rd-of-ann refused", "login ann [secret] refused"},
		{"the path of an address", `Post "/services/T0/B0/abcdefgh": EOF`, `Post "/[secret]": EOF`},
		{"a line", "got second-line-of-it", "got [secret]"},
		{"a short line is too common", "in short", "in short"},
		{"the host is none", "dial mail.example", "dial mail.example"},
	} {
		if got := m.Text(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Ten canaries in every form that is promised, whatever stands around them.
func TestCanaries(t *testing.T) {
	canaries := []string{
		"canary-0123456789", `c4n<ary>&"quoted"/+key`, "käse/brot?&=#%", "a b c d e f g", "tab\tand\\stroke", "AbCdEf+/==",
		"xoxb-" + "canary", "https://hooks.example/x?y=z&k=1", "postgres://u:p%40ss@h/db", "☃☃☃☃snow",
	}
	forms := map[string]func(string) string{
		"plain":            func(s string) string { return s },
		"base64":           func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 in a text": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s + ":x")) },
		"base64 of URLs":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("u" + s)) },
		"hexadecimal":      func(s string) string { return fmt.Sprintf("%x", s) },
		"HEXADECIMAL":      func(s string) string { return fmt.Sprintf("%X", s) },
		"query":            url.QueryEscape,
		"query in a query": func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"path":             url.PathEscape,
		"small escapes":    func(s string) string { return lowerEscapes(url.QueryEscape(s)) },
		"JSON":             func(s string) string { b, _ := json.Marshal(s); return string(b) },
		"Go":               func(s string) string { return fmt.Sprintf("%q", s) },
		"HTML":             html.EscapeString,
		"backwards":        reversed,
	}
	m := New(canaries...)
	for _, secret := range canaries {
		for name, form := range forms {
			encoded := form(secret)
			for _, around := range []string{"%s", "at %s.", `{"x":"%s"}`, "\n%s\n"} {
				got := m.Text(fmt.Sprintf(around, encoded))
				if longest(got, encoded) > 10 {
					t.Errorf("%s of %q shows in %q", name, secret, got)
				}
			}
		}
	}
}

// longest is the length of the longest stretch of a that stands in b.
func longest(a, b string) int {
	most := 0
	for i := range len(b) {
		for j := i + most + 1; j <= len(b) && strings.Contains(a, b[i:j]); j++ {
			most = j - i
		}
	}
	return most
}

func TestWriterHoldsAKeyUntilItsEnd(t *testing.T) {
	var out strings.Builder
	w := New().Writer(&out)
	for _, line := range strings.SplitAfter("a\n-----BEGIN RSA "+"PRIVATE KEY-----\nMIIsecret\nmore\n-----END RSA "+"PRIVATE KEY-----\nb\n", "\n") {
		if _, err := w.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), "a\n[private key]\nb\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWriterHoldsNothingElse(t *testing.T) {
	const certificate = "-----BEGIN CERTIFICATE-----\nMII\n"
	var out strings.Builder
	if _, err := New().Writer(&out).Write([]byte(certificate)); err != nil || out.String() != certificate {
		t.Errorf("%v, %q came out", err, out.String())
	}
}

func TestWriterHoldsNoLineForever(t *testing.T) {
	var out strings.Builder
	w := New().Writer(&out)
	for range 3 {
		if _, err := w.Write([]byte(strings.Repeat("x", maxHeld))); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() < maxHeld {
		t.Errorf("%d bytes came out", out.Len())
	}
}

func TestWriterTellsThatItCannotWrite(t *testing.T) {
	broken := errors.New("the pipe is closed")
	w := New().Writer(failing{broken})
	if err := w.(interface{ Flush() error }).Flush(); err != nil {
		t.Errorf("nothing could not be flushed: %v", err)
	}
	if _, err := w.Write([]byte("a\n")); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// The address of a service holds its token as the user, as a step of the path or
// in the query: each is hidden where it stands alone, as in a service's answer.
func TestMasker_HidesTokensInAddresses(t *testing.T) {
	for address, token := range map[string]string{
		"discord://dIsc0rd-Token-9f8e7d6c@1122334455":                                                  "dIsc0rd-Token-9f8e7d6c",
		"mattermost://chat.example/h00ktoken9f8e7d6c5b4a/town-square":                                  "h00ktoken9f8e7d6c5b4a",
		"teams+https://prod-1.logic.azure.com/workflows/0f1e2d3c4b5a/invoke?sv=1.0&sig=s1gNature9f8e7": "s1gNature9f8e7",
		"generic+https://h.example/x?@Authorization=Bearer+wEbh00k9f8e7d6c":                            "wEbh00k9f8e7d6c",
		"telegram://987654321:tElegram9f8e7d6c@telegram?chats=1":                                       "tElegram9f8e7d6c",
	} {
		if got := New(address).Text("the server said " + token + "!"); strings.Contains(got, token) {
			t.Errorf("%s: %q", address, got)
		}
	}
	if got := New("smtp://aftercare.mailer:p4ssw0rd-1@mail.example").Text("ask aftercare.mailer"); got != "ask aftercare.mailer" {
		t.Errorf("a user name beside a password is no secret: %q", got)
	}
}
