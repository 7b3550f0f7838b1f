package notify

import "testing"

// A bound in a title keeps its sign; what a stranger puts into angle brackets is no
// markup in any client.
func TestPlainTitle(t *testing.T) {
	for _, c := range []struct{ title, want string }{
		{"🟠 Install script error rate 3%: warning > 2%", "🟠 Install script error rate 3%: warning > 2%"},
		{"Command success rate 60%: critical < 75%", "Command success rate 60%: critical < 75%"},
		{"P0: <!channel> and <@U1|ann>", "P0: ‹!channel› and ‹@U1|ann›"},
		{"<!here >", "‹!here >"},
		{"< !here>", "< !here›"},
		{"a <", "a ‹"},
		{"two\nlines >", "two lines >"},
	} {
		if got := plainTitle(c.title); got != c.want {
			t.Errorf("%q: %q, want %q", c.title, got, c.want)
		}
	}
}
