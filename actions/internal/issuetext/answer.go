package issuetext

import (
	"slices"
	"strings"
	"unicode"
)

// maxAnswers bounds what is kept of a form.
const maxAnswers = 200

// answer keeps what stands under a heading. Of a dropdown whose form is known
// these are the options that were chosen, whatever stands in them.
func (w *walker) answer(text string) {
	if w.heading == "" {
		return
	}
	if w.asked != nil && len(w.asked.options) > 0 {
		if choices := w.asked.choices(text); choices != nil {
			w.d.note(w.heading, true, choices...)
			return
		}
	}
	w.d.note(w.heading, false, text)
}

// note adds answers to a question.
func (d *Document) note(question string, exact bool, answers ...string) {
	for _, a := range answers {
		if noAnswer(a) {
			continue
		}
		if d.answers == nil {
			d.answers, d.exact = map[string][]string{}, map[string]bool{}
		}
		if len(d.answers) >= maxAnswers || len(d.answers[question]) >= maxAnswers {
			return
		}
		d.answers[question] = append(d.answers[question], a)
		if exact {
			d.exact[question] = true
		}
	}
}

// Answered reports whether a form has answers.
func (d *Document) Answered() bool { return len(d.answers) > 0 }

// HasAnswer reports whether a question of a form has an answer. Several choices
// stand on one line, with commas between them; where the form is not known, a
// choice with a comma is found among them as well.
func (d *Document) HasAnswer(question, answer string) bool {
	question, answer = FoldLine(question), FoldLine(answer)
	for _, line := range d.answers[question] {
		if line = FoldLine(line); line == answer || !d.exact[question] && listed(line, answer) {
			return true
		}
	}
	return false
}

// listed reports whether a choice stands in a line of choices.
func listed(line, choice string) bool {
	all, want := choicesIn(line), choicesIn(choice)
	for i := 0; i+len(want) <= len(all); i++ {
		if slices.Equal(all[i:i+len(want)], want) {
			return true
		}
	}
	return false
}

func choicesIn(line string) []string {
	parts := strings.Split(line, ",")
	for i := range parts {
		parts[i] = FoldLine(parts[i])
	}
	return parts
}

// choices are the options of a dropdown that an answer is made of; nil where it
// is not made of them alone.
func (q *question) choices(answer string) []string {
	line := FoldLine(answer)
	return q.split(line, map[string]bool{})
}

// split takes the options off a line, one after the other. Dead are the ends of
// lines that are known to lead nowhere.
func (q *question) split(line string, dead map[string]bool) []string {
	if dead[line] || len(dead) > maxAnswers {
		return nil
	}
	for _, option := range q.options {
		folded := FoldLine(option)
		rest, found := strings.CutPrefix(line, folded)
		if !found || folded == "" {
			continue
		}
		if FoldLine(rest) == "" {
			return []string{option}
		}
		rest = strings.TrimLeft(rest, ".:?*_- ")
		if rest, found = strings.CutPrefix(rest, ","); !found {
			continue
		}
		if others := q.split(strings.TrimLeft(rest, " #*_:?.-"), dead); others != nil {
			return append([]string{option}, others...)
		}
	}
	dead[line] = true
	return nil
}

func noAnswer(text string) bool {
	t := strings.Trim(text, " \n\t_*")
	return t == "" || len(t) == len("no response") && strings.EqualFold(t, "no response")
}

// boxes begin a line that can be ticked, in or out of a list.
var boxes = []struct {
	sign   string
	ticked bool
}{{"[ ]", false}, {"[]", false}, {"[x]", true}, {"[X]", true}, {"☐", false}, {"⬜", false}, {"◻", false}, {"🔲", false}, {"☑", true}, {"✅", true}, {"☒", true}}

// box is the box that a text begins with; 0 where there is none.
func boxAt(s string) (length int, ticked bool) {
	for _, b := range boxes {
		if strings.HasPrefix(s, b.sign) {
			return len(b.sign), b.ticked
		}
	}
	return 0, false
}

// boxed takes the boxes out of the lines that begin with one: those that are
// not ticked with what stands behind them, and those that are ticked where it
// is what every reporter declares. Several may stand on one line. Ticked are
// the texts behind ticked boxes.
func boxed(text string) (rest string, ticked []string) {
	if strings.IndexByte(text, '[') < 0 && (ascii(text) || !strings.ContainsAny(text, "☐⬜◻🔲☑✅☒")) {
		return text, nil
	}
	lines := strings.Split(text, "\n")
	found := false
	for i, line := range lines {
		if n, _ := boxAt(strings.TrimSpace(line)); n == 0 {
			continue
		}
		found = true
		var kept []string
		for _, item := range items(strings.TrimSpace(line)) {
			n, is := boxAt(item)
			if !is {
				continue
			}
			item = strings.TrimSpace(item[n:])
			ticked = append(ticked, item)
			if !acknowledges(item) {
				kept = append(kept, item)
			}
		}
		lines[i] = strings.Join(kept, gap)
	}
	if !found {
		return text, nil
	}
	return strings.Join(lines, "\n"), ticked
}

// items parts a line that begins with a box before each further box.
func items(line string) []string {
	var all []string
	from := 0
	for i := 1; i < len(line); i++ {
		if n, _ := boxAt(line[i:]); n > 0 && line[i-1] == ' ' {
			all, from = append(all, line[from:i]), i
		}
	}
	return append(all, line[from:])
}

// acknowledges reports whether a ticked box only declares what templates ask
// everybody to declare: "I have searched the existing issues".
func acknowledges(s string) bool {
	words := Words(s)
	for len(words) > 0 && (words[0].Folded == "yes" || words[0].Folded == "please") {
		words = words[1:]
	}
	if len(words) < 2 {
		return false
	}
	first, second := words[0].Folded, words[1].Folded
	switch first {
	case "i", "we":
		if second == "have" || second == "did" || second == "also" {
			return len(words) > 2 && declared[words[2].Folded]
		}
		return declared[second]
	case "i've", "we've", "i'm", "i'll", "by", "ive":
		return first == "by" || declared[second]
	}
	return false
}

// declared are the verbs of such declarations.
var declared = set("searched search read checked check looked tried verified verify reviewed included include provided followed follow updated confirmed confirm written added made agree understand acknowledge am using use willing aware reporting will would accept know consent already carefully ensured believe can not done filled attached")

// isNo reports whether an answer denies what was asked.
func isNo(s string) bool {
	first := strings.ToLower(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }))
	word := first
	if end := strings.IndexFunc(first, func(r rune) bool { return !unicode.IsLetter(r) && r != '/' && r != '\'' }); end >= 0 {
		word = first[:end]
	}
	return denials[word]
}

var denials = set("no nope none never not n/a na nein non nej unsure unknown untested")

// isYes reports whether an answer affirms what was asked.
func isYes(s string) bool {
	s = strings.ToLower(strings.TrimLeft(s, " *_:-"))
	return strings.HasPrefix(s, "yes") || strings.HasPrefix(s, "always") || strings.HasPrefix(s, "sometimes")
}

// whether are the words with which a question begins that is answered by yes
// or no.
var whether = set("is are was were does do did has have had can could will would any")

// asks reports whether a text is a question that is answered by yes or no.
func asks(s string) bool {
	s = strings.TrimRight(s, " *_:")
	if !strings.HasSuffix(s, "?") {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimLeft(s, " *_#-"), " ")
	return whether[strings.ToLower(first)]
}

// answered takes the questions out of the lines that hold a question and its
// answer: "Does it crash? no". What is affirmed stays.
func (w *walker) answered(text string) string {
	if strings.IndexByte(text, '?') < 0 && strings.IndexByte(text, ':') < 0 && len(w.strong) == 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	at, strong, changed := 0, w.strong, false
	for i, line := range lines {
		for len(strong) > 0 && strong[0].from < at {
			strong = strong[1:]
		}
		if end := w.opener(line, at, strong); end > 0 {
			rest := strings.TrimLeft(line[end:], " *_:")
			if rest != "" {
				w.d.note(FoldLine(line[:end]), false, rest)
			}
			if !isYes(rest) {
				lines[i], changed = rest, true
			}
		}
		at += len(line) + 1
	}
	if !changed {
		return text
	}
	return strings.Join(lines, "\n")
}

// maxOpener is the length of the longest question that is answered on its own
// line, in bytes.
const maxOpener = 160

// opener is the length of the question that a line begins with, and that is no
// word of the person's own: one of a template, or one that is denied. 0 where
// there is none. At is the place of the line in its text, strong are the bold
// stretches from there on.
func (w *walker) opener(line string, at int, strong []span) int {
	for i := 0; i < len(line) && i < maxOpener; i++ {
		if c := line[i]; c != '?' && c != ':' {
			continue
		}
		if end := i + 1; w.templates.opens(line[:end]) || asks(line[:end]) && isNo(line[end:]) {
			return end
		}
	}
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if len(strong) == 0 || strong[0].from != at+indent || strong[0].until > at+len(line) {
		return 0
	}
	if end := strong[0].until - at; w.templates.opens(line[:end]) {
		return end
	}
	return 0
}

// opens reports whether a text is a question of a template behind which people
// answer.
func (t *Templates) opens(s string) bool { return t != nil && t.openers[FoldLine(s)] }
