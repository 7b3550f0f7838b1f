package issuetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

var (
	// tagForm is what people and forms put before a title: [Feature], feat(ui):.
	tagForm = lazyregexp.New(`(?i)^(?:\[[^\]]{0,40}\]|\([^)]{0,20}\)|(?:feature(?: request)?s?|feat|enhancements?|rfe|fr|requests?|suggestions?|proposals?|ideas?|wish(?:list)?|improvements?)(?:\([^)]{0,40}\))?\s*(?:[:|–—]|-\s))\s*[:\-–—|]?\s*`)
	// openerForm is how people begin to ask.
	openerForm = lazyregexp.New(`(?i)^(?:(?:hi|hello|hey)(?: (?:all|team|there|everyone))?[,!. ]+|please,?\s+|pls\s+|kindly\s+|(?:can|could|would|will) (?:you|we|i|someone|somebody|it)(?: please| perhaps)?\s+(?:have\s+|get\s+|be possible to\s+)?|is it possible to\s+|is there (?:a|any) way to\s+|(?:it|that) (?:would|will|could|might) be (?:very |really |so )?(?:nice|great|good|cool|helpful|useful|awesome|handy|wonderful|lovely)(?:,| to have| if (?:there (?:was|were)|you could|we could|i could|one could|caro could)| to)?\s+|i(?:'d| would) (?:really )?(?:like|love|appreciate) (?:to have|to see|it if|if|to be able to|to)?\s*|i (?:want|need|wish)(?: to have| to be able to| to| for)?\s+|we (?:want|need)(?: to have| to)?\s+|any (?:chance|plans?) (?:of|for|to)\s+|consider\s+|what about\s+|how about\s+)`)
	// emptyForm is a title that names its kind alone.
	emptyForm = lazyregexp.New(`(?i)^(?:(?:new|a|my|small|simple|quick|just|an?)\s+)*(?:feature|request|enhancement|suggestion|proposal|idea|improvement|wish|question|issue|help|title|bug|defect|crash|documentation|docs?|support|discussion|task|story|regression|security|performance)s?(?:\s+(?:request|report|idea|proposal|suggestion|issue|title|here)s?)?$`)
)

// maxRequest is how much of a request is said, in characters.
const maxRequest = 90

// Request is what an issue asks for, on one line of at most ninety characters:
// its title without tags and the words by which people begin to ask, or, where
// that says nothing, the first sentence of its body. Empty where neither says
// anything.
func Request(title, body string) string {
	if asked := plainly(title); asked != "" && !OnlyKind(asked) {
		return asked
	}
	for _, p := range Read("", body, nil).Passages {
		each := sentences.FromString(p.Text)
		for each.Next() {
			if asked := plainly(each.Value()); strings.Contains(asked, " ") && !OnlyKind(asked) {
				return asked
			}
		}
	}
	return plainly(title)
}

// OnlyKind reports whether a title only names a kind of issue, or a label, and
// tells nothing of the issue itself: «Bug», «[Feature request]:».
func OnlyKind(title string) bool {
	bare := strings.Trim(title, "[](){}<> :.!-–—#*")
	return bare == "" || len(bare) <= maxKind && emptyForm.MatchString(bare)
}

// maxKind is the length of the longest name of a kind, in bytes.
const maxKind = 60

// plainly says what is asked for, and no more.
func plainly(s string) string {
	s = strings.Join(strings.Fields(compose(clean(s))), " ")
	for before := ""; before != s; {
		before = s
		for _, form := range []*lazyregexp.Regexp{tagForm, openerForm} {
			if rest := s[len(form.FindString(s)):]; rest != "" {
				s = rest
			}
		}
	}
	return capital(shortened(strings.Trim(s, " .!?,;:-–—")))
}

// shortened cuts a line at a word, where it is too long.
func shortened(s string) string {
	runes := []rune(s)
	if len(runes) <= maxRequest {
		return s
	}
	cut := string(runes[:maxRequest-1])
	if i := strings.LastIndexByte(cut, ' '); i > maxRequest/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " .,;:-–—") + "…"
}

// capital writes the first letter of a word large; names of code stay.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	word, _, _ := strings.Cut(s, " ")
	if !unicode.IsLower(first) || strings.ContainsFunc(word[size:], func(r rune) bool { return !unicode.IsLower(r) && r != '\'' }) {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
