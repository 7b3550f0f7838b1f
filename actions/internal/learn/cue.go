package learn

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/text"
)

// cue is a way of speaking that tells a wish, a question or a fault in any
// repository: few labelled issues are enough to learn what it means in one.
type cue struct {
	name    string
	phrases []string // in lower case
}

var cues = []cue{
	{"asks how", []string{"how to", "how do i", "how can i", "how do you", "how should", "how does", "how can we", "how would", "is there a way", "is there any way", "any way to", "best way", "is it possible", "possible to", "what is the", "what are the", "what's the", "which version", "can i use", "can i", "can we", "do i need", "should i", "when will", "where can", "where is", "why is", "why does", "why do", "why are", "what does", "difference between", "am i", "any idea", "any suggestion", "is this expected", "does anyone", "anyone know"}},
	{"asks for help", []string{"question", "help me", "need help", "please help", "confused", "don't understand", "do not understand", "wondering", "curious", "clarify", "clarification", "explain", "i want to know", "i would like to know", "could you tell", "thank you", "thanks", "advice", "guidance", "stackoverflow", "stack overflow", "forum", "tutorial"}},
	{"wishes", []string{"feature request", "feature", "it would be", "would be nice", "would be great", "would be useful", "would be helpful", "i'd like", "i would like", "would love", "please add", "add support", "support for", "should support", "proposal", "suggest", "suggestion", "enhancement", "improve", "improvement", "allow", "ability to", "option to", "add option", "provide", "introduce", "implement", "could be added", "nice to have", "use case", "alternative", "currently there is no", "there is no way", "rfc", "idea"}},
	{"reports a fault", []string{"bug", "doesn't work", "does not work", "not working", "didn't work", "don't work", "broken", "breaks", "crash", "crashes", "crashed", "fails", "failed", "failing", "failure", "error", "exception", "throws", "wrong", "incorrect", "incorrectly", "unexpected", "regression", "segfault", "hang", "hangs", "freeze", "freezes", "stuck", "missing", "invalid", "cannot", "can't", "unable to", "panic", "leak", "assertion", "corrupt", "undefined", "stopped working", "no longer", "instead of", "should be"}},
	{"tells how to see it", []string{"steps to reproduce", "reproduce", "reproduction", "repro", "expected behavior", "actual behavior", "current behavior", "actual result", "expected result", "what happened", "after upgrading", "after updating", "since version", "used to work", "works in", "worked in", "log", "logs", "backtrace", "stack trace", "minimal example"}},
}

// spoken is a text as cues are looked for in it.
func spoken(words []text.Word) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range words {
		b.WriteString(w.Folded)
		b.WriteByte(' ')
	}
	return b.String()
}

// heard counts the phrases of a cue that stand in a text.
func (c cue) heard(spoken string) int {
	n := 0
	for _, p := range c.phrases {
		if strings.Contains(spoken, " "+p+" ") {
			n++
		}
	}
	return n
}
