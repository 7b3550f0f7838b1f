package redact

import (
	"slices"
	"strings"
	"testing"
)

// Each token of the table is found whole in prose, in an assignment and in a
// URL, and what only looks like it is left alone.
func TestProviders_FindTheirTokens(t *testing.T) {
	services := map[string]bool{}
	for i := range providers {
		p := &providers[i]
		service, _, _ := strings.Cut(p.name, " ")
		services[service] = true
		kind := p.kind
		if kind == "" {
			kind = appToken
		}
		token := p.starts + p.good
		for _, around := range [][2]string{{"see ", "."}, {"", ""}, {"<", ">"}, {"x\n", "\ny"}, {"url?v=", "&w=1"}, {"q%3D", "%26"}, {`{\"x\":\"`, `\"}`}, {"`", "`"}} {
			s := around[0] + token + around[1]
			if got, want := Find(s), (Span{len(around[0]), len(around[0]) + len(token), kind}); !slices.Contains(got, want) {
				t.Errorf("%s: in %q: got %v, want %v", p.name, s, got, want)
			}
		}
		for _, near := range []string{p.starts + p.near, "see " + p.starts + p.near + " there"} {
			if got := Find(near); len(got) > 0 {
				t.Errorf("%s: %q is no token, got %v", p.name, near, got)
			}
		}
		if long := token + "1"; p.max > 0 && len(p.good) == p.max && len(Find(long)) > 0 {
			t.Errorf("%s: %s is too long for a token", p.name, long)
		}
	}
	for _, x := range infixes {
		token := x.good[0] + x.mark + x.good[1]
		if got, want := Find("see "+token+"."), []Span{{4, 4 + len(token), appToken}}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", x.name, got, want)
		}
		if near := x.near[0] + x.mark + x.near[1]; len(Find(near)) > 0 {
			t.Errorf("%s: %q is no token", x.name, near)
		}
		services[x.name] = true
	}
	if len(services) < 80 {
		t.Errorf("%d services, expected at least 80", len(services))
	}
}

// tokenForms are the secrets with a form of their own that is no prefix.
func TestTokens_WithAFormOfTheirOwn(t *testing.T) {
	putty := "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\nAAAAgQ\n"
	for _, c := range []struct{ name, before, value, after, kind string }{
		{"Discord bot", "see ", "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs", " x", appToken},
		{"five-part JWE", "see ", "eyJhbGciOiJSU0EifQ." + "OKOawDo13gRp2ojaHV7L.48V1_ALb6US04U3b.5eym8TW_c8SuK0lt." + "XFBoMYUZodetZdvTiFvSkQ", ".", jwt},
		{"JWE with an empty key", "see ", "eyJhbGciOiJkaXIifQ." + ".48V1_ALb6US04U3b.5eym8TW_c8SuK0lt." + "XFBoMYUZodetZdvTiFvSkQ", "", jwt},
		{"PuTTY key", "x ", putty + "Private-MAC: 0123456789abcdef", "\ny", privateKey},
		{"PuTTY key without an end", "x ", putty, "", privateKey},
		{"Teams", "post to ", "https://caro.webhook.office.com/webhookb2/" + "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d@x/IncomingWebhook/y", " now", webhook},
		{"Mattermost", "", "https://chat.caro.example/hooks/" + "a1b2c3d4e5f6g7h8i9j0k1l2m3", "", webhook},
		{"canary of Discord", "", "https://canary.discord.com/" + "api/webhooks/123/abcdefgh", "", webhook},
		{"Telegram's address", "", "https://api.telegram.org/" + "bot7123456789:AAabcdefgh/sendMessage", "", webhook},
		{"Azure storage", "AccountKey=", strings.Repeat("aB3d", 21) + "aB==", ";", secret},
		{"signature of Azure", "https://x.blob.core.windows.net/c?sv=2022&sig=", "aB3dE6gH9jK2mN5pQ8rS1tU4vW7" + "aB3dE6gH9jK2mN5pQ8rS1%3D", "&se=1", secret},
	} {
		s := c.before + c.value + c.after
		if got, want := Find(s), (Span{len(c.before), len(c.before) + len(c.value), c.kind}); !slices.Contains(got, want) {
			t.Errorf("%s: in %q: got %v, want %v", c.name, s, got, want)
		}
	}
}

// A service that is on no list writes its tokens as the others do: a short name
// and characters drawn at random. What people name so is left alone.
func TestRandom_TokensOfServicesOnNoList(t *testing.T) {
	for _, token := range []string{
		"acme_" + "Hk3nU9qXc5vB8mZ2wL4tR7yP", "acme_live_" + "q7Zt2Lw9Xk4Rb6Vn8Ym3Jd5Hs1Gf", "acme_v2_" + "t4k9x2m7q1z8w3r6p5n0j4h7g2f9", strings.Repeat("a1B2", 10) + "JQQJ99" + strings.Repeat("c3D4", 9) + "e5",
	} {
		if got, want := Find("see "+token+"."), []Span{{4, 4 + len(token), appToken}}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", token, got, want)
		}
	}
	for _, name := range []string{
		"test_ThatTheOldIndexIsReadAgain2", "commit_da39a3ee5e6b4b0d3255bfef95601890afd80709", "core_fmt_17h0123456789abcdefghE", "my_VeryLongNameOfAStructWithNumbers123", "lib_x86_64_unknown_linux_gnu_debug_2024",
		"_ZN3std2rt10lang_start17h5b2c3d4e5f6a7b8cE", "feature_thisisaverylongbranchname123456", "https://site.example/photo_Hk3nU9qXc5vB8mZ2wL4tR7yP_large",
	} {
		if got := Find(name); len(got) > 0 {
			t.Errorf("%s: found %v", name, got)
		}
	}
}
