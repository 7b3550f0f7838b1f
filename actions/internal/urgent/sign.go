package urgent

import (
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// signs are what can be seen without the words.
func (s *Scorer) signs(issue model.Issue, foreign bool, do emit) {
	sign := func(name string, holds bool) {
		if holds {
			do(s.index.number(Feature{A: name}), nil, 0, 0)
		}
	}
	sign("#another-language", foreign)
	sign("#question-in-title", strings.Contains(issue.Title, "?"))
	inTitle, inBody := needlesOf().in(issue.Title), needlesOf().in(issue.Body)
	sign("#question-in-body", inBody[questionMark])
	sign("#exclamation-in-title", strings.Contains(issue.Title, "!"))
	sign("#version-in-title", hasVersion(issue.Title))
	sign("#version-in-body", hasVersion(issue.Body))
	sign("#thousands", hasThousands(issue.Title) || hasThousands(issue.Body))
	sign("#code", inBody[codeBlock])
	sign("#trace", inBody[trace])
	sign("#attack-in-code", inTitle[attack] || inBody[attack])
	sign("#memory-error-in-code", inBody[memoryError])
	sign("#secret-in-code", inBody[secretForm])
}

// The kinds of needles.
const (
	attack = iota
	memoryError
	secretForm
	questionMark
	codeBlock
	trace
	needleKinds
)

// What attacks, reports of sanitizers, secrets and stack traces look like, also
// in code, which is not read for words.
var needleTexts = [needleKinds][]string{
	attack:       {"../..", "..%2f", "%2e%2e", "/etc/passwd", "/etc/shadow", "<script", "onerror=", "alert(", "javascript:", "' OR ", "UNION SELECT", "__proto__", "{{7*7}}", "{{ 7*7 }}", "169.254.169.254", "<!ENTITY", "jndi:", "$(id)", ";id", "uid=0"},
	memoryError:  {"AddressSanitizer", "use-after-free", "buffer-overflow", "double-free", "MemorySanitizer"},
	secretForm:   {"Authorization:", "Bearer ", "PRIVATE KEY", "AKIA", "ghp_", "sk_live", "password=", "PASSWORD=", "SECRET=", "_KEY=", "TOKEN=", "token=", "api_key="},
	questionMark: {"?"},
	codeBlock:    {"```"},
	trace:        {"\n    at ", "\n\tat ", "Traceback", "\n#0 "},
}

// needles are texts to be found in one pass over another text.
type needles struct {
	by [256][]needle // by the rarest byte of each
	is [256]bool     // whether it is the rarest byte of one
}

// needle is a text, its kind, and the offset of its rarest byte.
type needle struct {
	text     string
	kind, at int
}

var needlesOf = sync.OnceValue(func() *needles {
	n := &needles{}
	for kind, texts := range needleTexts {
		for _, text := range texts {
			at := 0
			for i := range len(text) {
				if rarity(text[i]) > rarity(text[at]) {
					at = i
				}
			}
			n.by[text[at]], n.is[text[at]] = append(n.by[text[at]], needle{text, kind, at}), true
		}
	}
	return n
})

// rarity orders bytes by how seldom they are in issues: signs are seldom,
// capitals less so, small letters, digits and spaces are frequent.
func rarity(c byte) int {
	switch {
	case c >= 'a' && c <= 'z', isDigit(c), c == ' ':
		return 0
	case c == '.', c == '-', c == '/':
		return 1
	case c >= 'A' && c <= 'Z':
		return 2
	}
	return 3
}

// in returns the kinds of needles that are in a text.
func (n *needles) in(s string) (found [needleKinds]bool) {
	for i := range len(s) {
		if !n.is[s[i]] {
			continue
		}
		for _, one := range n.by[s[i]] {
			if i >= one.at && !found[one.kind] && strings.HasPrefix(s[i-one.at:], one.text) {
				found[one.kind] = true
			}
		}
	}
	return found
}

// hasVersion reports whether a text has a number with a point in it.
func hasVersion(s string) bool { return hasBetween(s, '.', 1) }

// hasThousands reports whether a text has a number such as 41,877.
func hasThousands(s string) bool { return hasBetween(s, ',', 3) }

// hasBetween reports whether a sign stands in a text behind a digit and before
// some more.
func hasBetween(s string, sign byte, digits int) bool {
	for at := 0; ; at++ {
		i := strings.IndexByte(s[at:], sign)
		if i < 0 {
			return false
		}
		at += i
		if at == 0 || !isDigit(s[at-1]) || at+digits >= len(s) {
			continue
		}
		behind := 1
		for behind <= digits && isDigit(s[at+behind]) {
			behind++
		}
		if behind > digits {
			return true
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// mark notes that a family counted.
func (f *finder) mark(p *passage, h wordlist.Hit) {
	if p.inTitle() {
		f.title[h.List] = true
	} else {
		f.body[h.List] = true
	}
}

// troubles are signs of how many strong families a text has.
var troubles = []string{"", "", "#troubles-2", "#troubles-3", "#troubles-4", "#troubles-5"}

// signs are what the families of a text amount to: how many strong ones there
// are, and whether the title states one in a text that neither wishes nor asks.
func (f *finder) signs(x *index) {
	sign := func(name string) { f.do(x.number(Feature{A: name}), nil, 0, 0) }
	strong, calm, inTitle, calmTitle := 0, 0, false, false
	for i, n := range f.names {
		if n.strong && (f.title[i] || f.body[i]) {
			strong++
		}
		if n.calm && (f.title[i] || f.body[i]) {
			calm++
		}
		inTitle = inTitle || n.strong && f.title[i]
		calmTitle = calmTitle || n.calm && f.title[i]
	}
	for n := 2; n <= min(strong, len(troubles)-1); n++ {
		sign(troubles[n])
	}
	if inTitle && !calmTitle {
		sign("#trouble-in-title")
	}
	if strong > 0 && calm == 0 {
		sign("#trouble-and-no-wish")
	}
	if strong < 2 && calm > 1 {
		sign("#wish-and-little-trouble")
	}
}
