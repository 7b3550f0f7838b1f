package gate

import (
	"fmt"
	"strings"
	"testing"
)

const featured = "Featured on the front page of Reddit or Hacker News"

// People write boxes in many ways; each of these is the same box still.
func TestChecklist_RecognisesABoxAsPeopleWriteIt(t *testing.T) {
	list := Checklist{featured, "Backend deployed", "Backend deployed and tested"}
	for _, c := range []struct {
		name, body, want string
	}{
		{"as we write it", list.Lines(), "000"},
		{"ticked", "- [x] " + featured, "1--"},
		{"numbered", "1. [x] " + featured + "\n2. [ ] Backend deployed", "10-"},
		{"numbered with a bracket", "1) [x] " + featured, "1--"},
		{"two spaces", "-  [x] " + featured, "1--"},
		{"a tab", "-\t[x] " + featured, "1--"},
		{"a tab behind the box", "- [x]\t" + featured, "1--"},
		{"a star and a capital", "* [X] " + featured, "1--"},
		{"a plus", "+ [x] " + featured, "1--"},
		{"a note behind", "- [x] " + featured + " (see #12, Lena)", "1--"},
		{"a note behind a dash", "- [ ] " + featured + " - not yet", "0--"},
		{"a note on the next line", "- [x] " + featured + "\n  see #12", "1--"},
		{"struck", "- [x] ~~" + featured + "~~", "1--"},
		{"struck with a note", "- [ ] ~~" + featured + "~~ not for this release", "0--"},
		{"bold and a link", "- [x] **Featured** on the [front page](https://example.org) of Reddit or Hacker News", "1--"},
		{"another case and spaces", "- [x] featured  on the Front Page of Reddit or Hacker News", "1--"},
		{"within a quote", "> - [x] " + featured, "1--"},
		{"indented under another", "- Later\n  - [x] " + featured, "1--"},
		{"carriage returns", "# Gate\r\n\r\n- [x] " + featured + "\r\n- [ ] Backend deployed\r\n", "10-"},
		{"other words, with its key", strings.Replace(strings.Replace(Checklist{featured}.Lines(), featured, "It was on HN!", 1), "[ ]", "[x]", 1), "1--"},
		{"the longer of two", "- [x] Backend deployed and tested", "--1"},
		{"the longer of two with a note", "- [x] Backend deployed and tested, by Bo\n- [ ] Backend deployed: no", "-01"},
		{"the shorter with a note", "- [x] Backend deployed and so on", "-1-"},
		{"the first of two", "- [ ] Backend deployed\n- [x] Backend deployed", "-0-"},
		{"another word", "- [x] Backend deployedness", "---"},
		{"in code", "```\n- [x] " + featured + "\n```", "---"},
		{"in a comment", "<!--\n- [x] " + featured + "\n-->", "---"},
		{"no box", "- " + featured + "\n- [] " + featured + "\n[x] " + featured, "---"},
		{"nothing", "", "---"},
	} {
		got := []byte("---")
		for _, b := range list.In(c.body) {
			for i, criterion := range list {
				if b.Text == criterion {
					got[i] = map[bool]byte{true: '1', false: '0'}[b.Ticked]
				}
			}
		}
		if string(got) != c.want {
			t.Errorf("%s: got %s, want %s in\n%s", c.name, got, c.want, c.body)
		}
	}
}

// What a person wrote stays byte by byte, and what is missing is added once.
func TestChecklist_CompletesWithoutTouchingWhatIsThere(t *testing.T) {
	list := Checklist{featured, "Backend deployed", "With *marks* and `code`, (so) [it] goes"}
	first := "<!-- aftercare:gate v1.1.0-beta -->\n"
	for _, body := range []string{
		"", first, first + list.Lines(), first + "1. [x] " + featured + " (see #12)\n", first + "-  [x] Backend deployed\n\nA word of Lena's.", first + "* [X] ~~Backend deployed~~\n  - because of\n    this",
		first + "\r\n- [x] Backend deployed\r\n", first + "```\nnever closed", first + "<!-- never closed\n", first + "| a | b |\n|---|---|\n| c | d |", first + "text\n- [ ] Backend deployed", first + "- [x] another box of ours\n",
	} {
		once := list.Complete(body)
		if len(list.In(once)) != len(list) {
			t.Errorf("%q became %q, which has %v", body, once, list.In(once))
		}
		if again := list.Complete(once); again != once {
			t.Errorf("%q became %q, and then %q", body, once, again)
		}
		rest := once
		for _, line := range strings.SplitAfter(body, "\n") {
			at := strings.Index(rest, line)
			if at < 0 {
				t.Fatalf("%q became %q: %q is gone", body, once, line)
			}
			rest = rest[at+len(line):]
		}
		before, after := fmt.Sprint(list.In(body)), fmt.Sprint(list.In(once))
		for _, b := range list.In(body) {
			if !strings.Contains(after, fmt.Sprint(b)) {
				t.Errorf("%q: %s became %s", body, before, after)
			}
		}
	}
}
