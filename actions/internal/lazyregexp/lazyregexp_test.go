package lazyregexp

import "testing"

var digits = New(`\d+`)

func TestCompiledAtFirstUse(t *testing.T) {
	broken := New(`(`) // compiles nothing, so it does not panic
	if got := digits.FindString("v12"); got != "12" {
		t.Errorf("found %q, want 12", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("an invalid pattern did not panic at its first use")
		}
	}()
	broken.MatchString("")
}
