package issuetext

import (
	"strings"
	"testing"
)

// The version that an issue is about goes before those that it tells beside.
func TestVersions(t *testing.T) {
	for _, c := range []struct{ title, body, want string }{
		{"Crash since 1.1.1-beta: thread panicked", "It used to work in 1.1.0-beta.", "1.1.1-beta 1.1.0-beta"},
		{"Wrong commands since the update", "It worked in v1.1.0-beta; since updating to v1.1.1-beta half are wrong.", "1.1.1-beta 1.1.0-beta"},
		{"Crash in 1.0.0", "Fixed in 1.2.0?", "1.0.0 1.2.0"},
		{"It fails", "### Version\n\nv1.1.0-rc.2\n\n### System\n\nUbuntu 22.04, kernel 6.8.0-45-generic", "6.8.0-45-generic 1.1.0-rc.2"},
		{"pip install 1.1.0rc1 fails", "", "1.1.0rc1"},
		{"cli@1.1.0 and 1.1.0.", "at 10.0.0.1:80, http://x/v2.3.4/y", "1.1.0 10.0.0 2.3.4"},
		{"Fails on Ubuntu 22.04", "It has 3.5 stars on 24.1.2026", "24.1.2026"},
		{"", strings.Repeat("1.1.1 1.1.2 ", 1000), "1.1.2 1.1.1"},
		{"1.1.0-" + strings.Repeat("x", 50), "", ""},
	} {
		if got := strings.Join(Versions(c.title, c.body), " "); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.title, c.body, got, c.want)
		}
	}
}
