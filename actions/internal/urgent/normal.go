package urgent

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Normal reads a feature as a person writes it in rules.yaml: its words are
// folded and stemmed, and of two families the first in the alphabet goes
// first.
func Normal(s string) (Feature, error) {
	f, err := ParseFeature(strings.Join(strings.Fields(s), " "))
	if err != nil {
		return f, err
	}
	if f.A[0] == '#' {
		return f, nil
	}
	if f.A[0] == '@' {
		if f.B != "" && f.B[0] != '@' {
			return f, fmt.Errorf("%q: only one family may be given", s)
		}
		if f.B != "" && f.B < f.A {
			f.A, f.B = f.B, f.A
		}
		return f, nil
	}
	var words []issuetext.Word
	for _, part := range []string{f.A, f.B} {
		words = append(words, issuetext.Words(issuetext.Fold(part))...)
	}
	if len(words) == 0 || len(words) > 2 {
		return f, fmt.Errorf("%q: expected one word or two", s)
	}
	f.A, f.B = wordlist.Stem(words[0].Folded), ""
	if len(words) == 2 {
		f.B = wordlist.Stem(words[1].Folded)
	}
	return f, nil
}
