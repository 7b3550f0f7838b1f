package redact

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// found are samples by kind: what is put in front, what must be found, what is
// put behind.
var found = []struct{ kind, before, value, after string }{
	{"AWS key", "key ", "AKIA" + "IOSFODNN7EXAMPLE", ""},
	{"AWS key", "id " + "ASIA" + "IOSFODNN7EXAMPLE" + "\nsecret_is ", "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY", " end"},
	{"CPF", "", "529.982.247-25", "."},
	{"DNI", "dni ", "12345678Z", ","},
	{"DNI", "", "X1234567L", ""},
	{"DNI", "", "12345678-Z", ""},
	{"GitHub token", `\n`, "ghp_" + strings.Repeat("a1B2", 9), `\n`},
	{"GitHub token", "https://x-access-token.", "gho_" + strings.Repeat("a1B2", 9), ""},
	{"GitHub token", "", "ghs_" + strings.Repeat("a1B2", 9), "."},
	{"GitHub token", "=", "github_pat_" + strings.Repeat("a1B2_", 9) + "z", ""},
	{"IBAN", "to ", "DE89 3704 0044 0532 0130 00", " please"},
	{"IBAN", "", "NO9386011117947", ","},
	{"IBAN", "", "FR14 2004 1010 0505 0001 3M02 606", " BIC"},
	{"IPv4", "server ", "58.74.121.78", " is down"},
	{"IPv4", "- ", "58.74.121.78", ""},
	{"IPv4", "http://", "10.11.12.13", ":8080/x"},
	{"IPv4", "/", "10.11.12.13", ":8080"},
	{"IPv4", "ip=", "7.7.7.7", ""},
	{"IPv4", "at ", "58.74.121.78", "."},
	{"IPv6", "[", "2a02:8071:b82:1::5", "]:443"},
	{"IPv6", "addr:", "fe80::1ff:fe23:4567:890a", "%eth0"},
	{"IPv6", "", "2404:7a85:4161:2b00:49a1:427a:fac:3409", "."},
	{"JWT", "token ", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "."},
	{"MAC", "ether ", "00:1B:44:11:3A:B7", " txqueuelen"},
	{"MAC", "", "00-1b-44-11-3a-b7", ""},
	{"MAC", "at ", "001b.4411.3ab7", "."},
	{"NINO", "", "AB 12 34 56 C", ""},
	{"NINO", "", "AB123456A", ""},
	{"NINO", "no. ", "AB123456C", "."},
	{"NIR", "", "1 85 05 78 006 084 91", ""},
	{"NIR", "", "185057800608491", ""},
	{"SIN", "", "130-692-544", ""},
	{"SIN", "sin: ", "130 692 544", ""},
	{"SSN", "", "531-21-7351", ""},
	{"SSN", "ssn ", "531 21 7351", ""},
	{"SSN", "Social Security: ", "531217351", ""},
	{"Slack token", "", "xoxb-" + "123456789012-abcdefABCDEF", ""},
	{"Slack token", "", "xoxe.xoxp-" + "1-Mi0yLTEyMzQ1Njc4", ""},
	{"Slack token", "", "xapp-" + "1-A012B3-456-abcdef0123", ""},
	{"authorization", "Authorization: Basic ", "dXNlcjpwYXNz", ""},
	{"authorization", "Bearer ", "abcdefghIJKLmnop", ""},
	{"authorization", "authorization: token ", "abcdefghij", ""},
	{"authorization", "-H 'Authorization: Bearer ", "abc.def-123_456", "'"},
	{"card", "card # ", "5213591727586604", " for"},
	{"card", "", "4532 2766 4457 7020", " 12/29"},
	{"card", "", "3782-822463-10005", ""},
	{"card", "", "6011000990139424", "."},
	{"codice fiscale", "", "RSSMRA85T10A562S", ""},
	{"crates.io token", "", "cio" + strings.Repeat("a1B2", 8), ""},
	{"e-mail", "<", "jörg.o'neill+x@mail.müller.example", ">"},
	{"e-mail", "mailto:", "ann@mail.example", "?subject=x"},
	{"e-mail", `\n`, "ann@mail.example", `\n`},
	{"e-mail", "", "ann&#64;mail.example", " "},
	{"e-mail", "联系我：", "ann@mail.example", "谢谢"},
	{"e-mail", "", "ann@mail.example", "."},
	{"home", "/home/", "ann", "/x"},
	{"home", "-I/home/", "ann", "/x"},
	{"home", "file:///Users/", "ann", "/x"},
	{"home", "/mnt/c/Users/", "ann", "/x"},
	{"home", `C:\\Users\\`, "Ann Lee", `\\x`},
	{"home", `c:\users\`, "ann", ` is full`},
	{"home", `"\/home\/`, "ann", `\/x"`},
	{"home", `D:\Documents and Settings\`, "ann", `\x`},
	{"home", "/home/", "zoë", ": no such file"},
	{"npm token", "", "npm_" + strings.Repeat("a1B2", 9), ""},
	{"password", "postgres://", "ann:p@ssword", "@db.example/x"},
	{"password", "https://", "0123456789abcdef0123", "@o1.ingest.example/2"},
	{"password", "curl -u ann:", "hunter22", " https://x"},
	{"phone", "", "+49 30 901820", ","},
	{"phone", "", "+1 (212) 555-0187", ""},
	{"phone", "", "(212) 555-0187", "!"},
	{"phone", "", "(96) 627-277", ""},
	{"phone", "", "+45 12 34 56", ""},
	{"phone", "", "+1 212 555 0187x12", ""},
	{"phone", "", "986.291.2294x751", ""},
	{"phone", "", "001-420-335-7509x38548", ""},
	{"phone", "", "027 896 92 86", ""},
	{"phone", "tel: ", "21 212 133 2727", ""},
	{"phone", "call me at ", "5551234", " today"},
	{"private key", "", "-----BEGIN RSA " + "PRIVATE KEY-----\\nMII\\n-----END RSA " + "PRIVATE KEY-----", " x"},
	{"private key", "", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----\nx\n-----END PGP " + "PRIVATE KEY BLOCK-----", "\nx"},
	{"secret", "password=", "hunter22", "&x=1"},
	{"secret", `{\"password\":\"`, "hunter 22", `\"}`},
	{"secret", "DB_PASSWORD: ", "hunter", "\nnext"},
	{"secret", "'client-secret' => '", "abcd", "'"},
	{"secret", "**API key:** ", "abcd-1234", ""},
	{"secret", "aws_secret_access_key = ", "abc/def+1", "\n"},
	{"secret", "--password ", "hunter22", " --x"},
	{"secret", "--api-key=", "hunter22", ""},
	{"secret", "GITHUB_TOKEN=", "abcd1234", ""},
	{"secret", "token=", "abcd1234", "&"},
	{"secret", "chartmogul_key: \"", "e8hwspf91879" + "g0u267yq1bko", "\""},
	{"secret", "using Key=", "4rv0hdx5188-3q48" + "-2luk-e8v5", " now"},
	{"secret", "appointeddKey := \"", "Ci0a2bSpRyFc" + "ZyEXBEr9RHzf", "\""},
	{"secret", "const fastlyKey string = \"", "TVAWji0p7uDI6" + "OP9DyWvmV-vg", "\""},
	{"secret", "ourToken := ", "2xN7puShxzNf" + "5fZleQthTg30", "\n"},
	{"secret", "acme token - '", "q7Zt2Lw9Xk4Rb6Vn", "' x"},
	{"secret", "token = '", "wjXKCFzOWEPR" + "qhTmmbWtVQ", "'"},
	{"secret", "apiKey |", "q7Zt2Lw9Xk4Rb6Vn", "\n"},
	{"secret", "req.Header.Set(\"X-Api-Key\", \"", "q7Zt2Lw9Xk4Rb6Vn", "\")"},
	{"secret", "os.environ['SECRET_KEY'] = '", "q7Zt2Lw9Xk4Rb6Vn", "'"},
	{"secret", "x;jsessionid=", "A3294FBE42", " y"},
	{"home", "HOME=/x\nLOGNAME=", "lkovacs", "\n"},
	{"home", "", "lkovacs", "@thinkpad:~/src/x$ ls"},
	{"home", "(venv) ", "lkovacs", "@web-1:/srv/x# ls"},
	{"e-mail", "", "ann.lee chiocciola mail punto it", " x"},
	{"service token", "", "sk-" + "proj-aB1cD2eF3gH4iJ5kL6mN", ""},
	{"service token", "", "glpat-" + strings.Repeat("x1", 10), ""},
	{"service token", "", "AIza" + strings.Repeat("aB1-x", 7), ""},
	{"webhook", "", "https://hooks.slack.com/" + "services/T0/B0/abc", " now"},
	{"webhook", "(", "https://discord.com/" + "api/webhooks/123/abcdef", ")"},
}

// Each sample is found where it stands, whole and under its name.
func TestKindsAreFoundWhereTheyStand(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range found {
		s := c.before + c.value + c.after
		want := Span{len(c.before), len(c.before) + len(c.value), c.kind}
		if got := Find(s); !slices.Contains(got, want) {
			t.Errorf("%s in %q:\ngot  %v\nwant %v", c.kind, s, got, want)
		}
		seen[c.kind] = true
	}
	for _, kind := range kindNames() {
		if !seen[kind] {
			t.Errorf("%s has no sample", kind)
		}
	}
}

// kept are texts that look like something personal and are nobody's.
var kept = []string{
	// versions, hashes, numbers of builds
	"v1.2.3.4 1.2.3.4 version 10.20.30.40 name==11.10.1.25 Chrome/98.0.4758.102 Edge/120.0.0.0 1.2.3.4.5 10.0.0.1-rc1 300.1.2.3",
	"11.58.74.121.78 beta-58.74.121.78 Name/58.74.121.78 driver 58.74.121.78",
	"550e8400-e29b-41d4-a716-446655440000 9f86d081884c7d65 da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"id 1706346000 at 1706346000123 or 1706346000123456 or 1706346000123456789",
	"2026-01-27 09:00:00.123456 27.01.2026 12:30 2026-01-27T09:00:00+01:00 20260127093000",
	"3.141592653589793 0.4532276644577020 4532276644577021 0000000000000000",
	"call(f=40 be 2d 00 01 00 00 00 00) is called with index 2147483647",
	"issue number 1234567 #123456 !98765 PR-2345 rows 100 200 300 4000 and 12 345 678",
	"127.0.0.1 0.0.0.0 255.255.255.0 192.0.2.1 198.51.100.7 203.0.113.9 224.0.0.1 8.8.8.8 10.0.0.0/8 ::1 fe80:: 2001:db8::1 ff02::1",
	"std::fs::read a::b cafe::babe dead.beef.cafe 2026.0127.0900 1a2b.3c4d.5e6f.7890 12:34:56 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff aa:bb:cc:dd:ee:ff:00:11",
	// words
	"basic functionality, Basic JavaScript, bearer of good news, the token: Identifier, unexpected token: foo1",
	"password: you must type it again; the secret: ask; password=$PASSWORD secret=${{ secrets.X }} password=None password=[hidden] password == other",
	"fn login(password: &str, token: Token) -> Result; token: CancellationToken) token = CancellationTokenSource token: getTokenFromLocalStorage token=fooBarBazQuxFooBarBaz ngraph::pass::Serialize compass: north",
	"password==hunter22 password != hunter22 secret::Value12 password = prompt('x') secret = Option<String> password: please type it again",
	"use --password option when asked, x--password hunter22, --verbose value123, use --password to be asked, --token file, public_key=abcd1234, primary key: id1234567, keyword=abcdefgh, PWD=/srv/work",
	"git@github.com:aftercare/aftercare.git noreply@github.com node@1.2.3 @types/node@18 icon@2x.png foo@bar.service user@host",
	"/home/runner/work /Users/Shared https://site.example/home/page site.example/home/page /homework/x C:\\Users\\Public\\x C:\\Usersann\\x https://hooks.slack.com/docs",
	"http://host:8080/x@y https://example.org/@ann/1 redis://localhost:6379",
	"sk-fading-circle-with-many-words ghp_short npm_config_registry cio eyJ AKIA123 xoxo-hugs-and-kisses hf_model",
	"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----",
	"meet at example.com, foo[i]bar.io, install x @ 1.2.3, see a (at) line 3, C:\\src\\home\\index.html, https://site.example/Users/list, Erlang OTP 26.2.1, password sha256 and password reset2, mnemonic: mov eax ebx",
	"value=\"x\" key value=12345678, pass to func2, PIN code entry, 12 tests pass is fine, $1$2 costs $5, echo $PATH:$HOME, git@host:path/at/file.com, &amp;&lt;&#60;&#39; \\u0022 \\x1b[31m",
	// keys that lock nothing, and words beside a secret's name
	"primary key: a1b2c3d4e5f6a7b8c9d0 cache_key=9f86d081884c7d659a2feaa0c55ad015 sort key: user42_group17_item99 key=value key: com.example.Foo2Bar3Baz key=user-profile-page-settings publicKey: a1b2c3d4e5f6a7b8c9d0e1",
	"| token | string | the token to use | apiKey | optional | the token - which is 'optional' - token - 'Identifier' Set(\"token\", \"session\") t(\"password\", \"new password\") i := key1234 key := fmt.Sprintf(x)",
	"git@github.com:aftercare/x.git root@web:~# ls user@host:~$ ls user@host:/path/x runner@fv-az1:/x$ USER=root LOGNAME=runner END_USER=x mail a@b:/c",
	// forms that are nearly right
	"4532-2766.4457 7020 4532276644577020x 45322766445770201234567890 531-21-7351a 531-21-7351-88 111.111.111-11 1234567L X123456S",
	"AB 1X 34 56 C DE89  3704 0044 0532 0130 00 DE89x37040044053201300 example.configuration.yaml eyJhbGciOi.abc",
	"https://x.example/212-555-0187 call on 2026-01-27 12:00 call 2026-01-27 call 1234567890123456 phone 5 5 5 1 2 3 4 027 896-92 86",
	"please call\n5551234567 +0123456789 (07) abc (12) 34 56 +49 30 901820a +1 234 5678:90",
	// check digits that are wrong
	"529.982.247-26 12345678A X1234567A DE88 3704 0044 0532 0130 00 XX89 3704 0044 0532 0130 00 185057800608490 RSSMRA85T10A562T",
	"000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000 BG123456A AB123456E 123-456-789 046-454-286",
	"+1 +100 +2026-01-27 (1) 2 (2026) 123-4567 f(212) 1.0.0+20260127093000 +20260127 x+4930901820",
}

func TestWhatIsNobodysStays(t *testing.T) {
	for _, s := range kept {
		for _, span := range Find(s) {
			t.Errorf("%q is taken for %s in %q", s[span.From:span.Until], span.Kind, s)
		}
	}
}

func TestASecretOfFortyHasForty(t *testing.T) {
	s := "AKIA" + "IOSFODNN7EXAMPLE " + strings.Repeat("aB1", 27)
	if got := Find(s); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

// What is written in the place of each kind is found no more, and does no
// harm in Markdown, HTML or Slack, whatever stands around it.
func TestWordsAreSafe(t *testing.T) {
	for _, kind := range kindNames() {
		word := "[" + words[kind] + "]"
		if words[kind] == "" || strings.ContainsAny(words[kind], "[]()<>&*_`|!#@:\n") {
			t.Errorf("%s: the word %q is not safe", kind, word)
		}
		for _, around := range []string{"%", "x%", "%x", "password=%", "https://%@host.example", "/home/%/x", "%@mail.example", "Bearer %", "call %"} {
			if s := strings.ReplaceAll(around, "%", word); Text(s) != s {
				t.Errorf("Text(%q) = %q", s, Text(s))
			}
		}
	}
	for _, behind := range []string{"(http://x)", "[x]", ": http://x"} {
		if got := Text("ann@mail.example" + behind); !strings.HasPrefix(got, "[e-mail] "+behind[:1]) {
			t.Errorf("%q is a link", got)
		}
	}
}

// Spans cut no character, and Text changes what has spans and nothing else.
func FuzzFind(f *testing.F) {
	for _, c := range found {
		f.Add(c.before, c.value, c.after)
	}
	for _, s := range kept {
		f.Add("", s, "")
	}
	f.Fuzz(func(t *testing.T, before, value, after string) {
		s := before + value + after
		spans := Find(s)
		for _, span := range spans {
			if utf8.ValidString(s) && !utf8.ValidString(s[span.From:span.Until]) {
				t.Fatalf("%q of %q cuts a character", s[span.From:span.Until], s)
			}
		}
		if (Text(s) == s) != (len(spans) == 0) {
			t.Fatalf("Text and Find differ about %q", s)
		}
	})
}
