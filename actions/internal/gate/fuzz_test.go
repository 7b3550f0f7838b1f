package gate

import (
	"strings"
	"testing"
)

// FuzzChecklist holds that whatever people write into the gate's issue, nothing of
// it is changed, what is added is added once, and a tick stays a tick.
func FuzzChecklist(f *testing.F) {
	list := Checklist{"Docs are updated", "The installer was tried on Windows"}
	f.Add(list.Lines())
	for _, seed := range []string{"", "- [x] Docs are updated", "1. [X]  ~~Docs are updated~~ a note", "-\t[ ] Docs are updated\r\n", "```\n- [x] Docs are updated\n", "* [x] <!-- box:" + boxKey(list[1]) + " -->", "> - [x] docs ARE updated"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		before := list.In(body)
		whole := list.Complete(body)
		rest := whole
		for _, line := range strings.SplitAfter(body, "\n") { // what people wrote is there, in its order
			i := strings.Index(rest, line)
			if i < 0 {
				t.Fatalf("%q is lost from %q", line, whole)
			}
			rest = rest[i+len(line):]
		}
		if again := list.Complete(whole); again != whole {
			t.Errorf("completed twice: %q, then %q", whole, again)
		}
		after := map[string]bool{}
		for _, b := range list.In(whole) {
			after[b.Text] = b.Ticked
		}
		for _, b := range before {
			if after[b.Text] != b.Ticked {
				t.Errorf("%q was ticked: %v, and is %v in %q", b.Text, b.Ticked, after[b.Text], whole)
			}
		}
	})
}
