package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
	"strings"
	"testing"
)

// Values are put together here so that no scanner takes them for real ones.
var (
	gh    = "ghp_" + strings.Repeat("Ab1", 12)
	slack = "xoxb-" + "123456789012-abcdefABCDEF"
	jot   = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl"
	aws   = "AKIA" + "IOSFODNN7EXAMPLE"
	key   = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nabc\ndef\n-----END OPENSSH " + "PRIVATE KEY-----"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an address", "mail ann.lee+x@mail.example, please", "mail [e-mail], please"},
		{"an address in a URL", "?to=ann%40mail.example&x", "?to=[e-mail]&x"},
		{"no address", "@ann and a@b and foo@", "@ann and a@b and foo@"},
		{"homes on three systems", `/home/ann/x /Users/Ann/y C:\Users\Ann Lee\z`, `/home/[home]/x /Users/[home]/y C:\Users\[home]\z`},
		{"homes that are nobody's", "/home/runner/work /Users/Shared", "/home/runner/work /Users/Shared"},
		{"an IPv4 address", "from 58.74.121.78 now", "from [IP] now"},
		{"versions are no addresses", "v1.2.3.4 and 1.2.3.4-beta and 127.0.0.1 and 0.0.0.0 and 192.0.2.7", "v1.2.3.4 and 1.2.3.4-beta and 127.0.0.1 and 0.0.0.0 and 192.0.2.7"},
		{"an IPv6 address", "at 2a02:8071:b82:1::5 ok", "at [IP] ok"},
		{"no IPv6 address", "12:30:45 and std::vec::Vec and ::1", "12:30:45 and std::vec::Vec and ::1"},
		{"a MAC", "00:1B:44:11:3A:B7", "[MAC]"},
		{"cards by their check digit", "4532276644577020 and 4532 2766 4457 7020 not 4532276644577021", "[card] and [card] not 4532276644577021"},
		{"an IBAN by its remainder", "GB82 WEST 1234 5698 7654 32 not GB81 WEST 1234 5698 7654 32", "[IBAN] not GB81 WEST 1234 5698 7654 32"},
		{"a national number", "531-21-7351 not 000-21-7351", "[national id] not 000-21-7351"},
		{"telephone numbers", "+49 30 901820, (07) 5331 0577, 986-291-2294", "[phone], [phone], [phone]"},
		{"numbers that are none", "#123456 2026-01-27T09:00:00Z 1706346000 v1.10.22 0x1f3a9c4e 3.14159265", "#123456 2026-01-27T09:00:00Z 1706346000 v1.10.22 0x1f3a9c4e 3.14159265"},
		{"tokens", gh + " " + slack + " " + jot + " " + aws, "[token] [token] [token] [token]"},
		{"more tokens", "npm_" + strings.Repeat("a1B", 12) + " cio" + strings.Repeat("a1B2", 8) + " glpat-" + strings.Repeat("x1", 10), "[token] [token] [token]"},
		{"a header", "Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [token]"},
		{"a private key", "x " + key + " y", "x [private key] y"},
		{"half a private key", key[:50], "[private key]"},
		{"a password in a URL", "postgres://ann:hunter2@db.example/x", "postgres://[password]@db.example/x"},
		{"an assignment", `password=hunter22 "api_key": "abcd1234" secret: $SECRET`, `password=[secret] "api_key": "[secret]" secret: $SECRET`},
		{"a webhook", "https://hooks.slack.com/services/T0/B0/abc", "[webhook]"},
		{"no link comes of it", "[x](mailto:a@b.example) a@b.example(c)", "[x](mailto:[e-mail]) [e-mail] (c)"},
		{"nothing", "it crashes on start", "it crashes on start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.text); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestMaskerHidesSecretsInTheirForms(t *testing.T) {
	const secret = `c4n<ary>&"secret"/+key`
	quoted, _ := json.Marshal(secret)
	m := New(secret, "short")
	forms := map[string]string{
		"plain": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "JSON": string(quoted),
		"hex": hex.EncodeToString([]byte(secret)), "HTML": strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(secret),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 within": base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
		"base64 of URLs": base64.URLEncoding.EncodeToString([]byte(secret)),
	}
	for name, form := range forms {
		if got := m.Text("a " + form + " b"); !strings.Contains(got, "[secret]") || strings.Contains(got, form) {
			t.Errorf("%s: %q shows", name, got)
		}
	}
	if got := m.Text("short of time"); got != "short of time" {
		t.Errorf("a short value hides words: %q", got)
	}
}

func TestWriterMasksAcrossWrites(t *testing.T) {
	var out strings.Builder
	w := New("supersecret").Writer(&out)
	for _, part := range []string{"a super", "secret\nb ann@ma", "il.example", " c\n", "super", "secret"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := w.(interface{ Flush() error }).Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "a [secret]\nb [e-mail] c\n[secret]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKinds(t *testing.T) {
	if got := strings.Join(kindNames(), ", "); !strings.Contains(got, "e-mail") || len(kindNames()) < 12 {
		t.Errorf("kinds: %s", got)
	}
}

// Masking twice is masking once, and spans lie apart within the text.
func FuzzText(f *testing.F) {
	for _, s := range []string{"ann@mail.example", gh, key, "4532276644577020", "password=x@y.example", "a@b.cc(x)", "/home/ann@b.cc", "::1:2:3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, span := range Find(s) {
			if span.From < end || span.Until <= span.From || span.Until > len(s) {
				t.Fatalf("bad span %+v of %q", span, s)
			}
			end = span.Until
		}
		once := Text(s)
		if twice := Text(once); twice != once {
			t.Fatalf("Text(%q) = %q, and of that %q", s, once, twice)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	events := make([]string, 64)
	for i := range events {
		events[i] = fmt.Sprintf(`{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964%02x","session_id":"9f86d081884c7d65","timestamp":"2026-01-27T09:00:%02dZ","type":"command_generation","backend":"static","duration_ms":12,"success":true}`, i, i%60)
	}
	n := 0
	for b.Loop() {
		Find(events[n%len(events)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkLongText(b *testing.B) {
	s := strings.Repeat("a1.-@:/ ", 8192)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Find(s)
	}
}

// kindNames are the names of what is found, in alphabetical order.
func kindNames() []string {
	names := make([]string, 0, len(words))
	for name := range words {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
