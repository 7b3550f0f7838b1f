package label

import (
	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// stated reports whether a sentence says that what was found is so. It does not
// where the sentence asks ("will it delete my files?"), wishes ("add a warning
// before it deletes my files"), supposes ("it could delete my files", "if it
// deletes my files"), or reports the author's own action ("I deleted my files").
// Its time does not depend on the length of the sentence.
func stated(p *passage, f found) bool {
	words, o := p.Words, p.outline()
	p.steps++
	return !topics[words[o.begins[f.first]].Folded] && !o.opened(words, f.first) && !supposed(words, f.first) && !supposed(words, f.key) &&
		!own(words, f.key) && !o.wished(words, f.last)
}

// topics begin titles that are about something, and tell of nothing.
var topics = set("docs doc documentation feature suggestion suggest idea proposal request wish wishlist typo question rfc faq readme fixed backport")

func whatIf(words []issuetext.Word, i int) bool {
	return words[i].Folded == "what" && i+1 < len(words) && (words[i+1].Folded == "if" || words[i+1].Folded == "happens")
}

var (
	inverted = set("will would can could does do should shall may might")
	anybody  = set("anyone anybody someone somebody people others")
	askedOf  = set("it i we you they he she this that these those the a an my our your there")
	ways     = set("how what where")
	wishes   = set("add allow support make use warn ask let prevent consider improve harden provide introduce implement avoid explain mention")
)

func opens(words []issuetext.Word, i int, asks bool) bool {
	w := words[i].Folded
	next := ""
	if i+1 < len(words) {
		next = words[i+1].Folded
	}
	switch {
	case w == "please":
		return wishes[next]
	case ways[w]:
		return inverted[next] || next == "to"
	case inverted[w]:
		return !anybody[next] && !isNot(next) && (asks || askedOf[next])
	}
	return wishes[w]
}

// conditional words suppose what follows them in their clause; those of near
// ones do so only right before it.
var (
	conditional = set("could would might may should must whether unless wouldn't couldn't shouldn't prevent prevents avoid avoids afraid worried fear imagine suppose hypothetical potential potentially theoretically")
	near        = set("if before until case to")
)

// maxSupposed is how many words back a supposition holds.
const maxSupposed = 6

func supposed(words []issuetext.Word, first int) bool {
	for i := first - 1; i >= 0 && i >= first-maxSupposed; i-- {
		w := words[i].Folded
		if words[i].Sentence != words[first].Sentence || words[i+1].Break || clauses[w] && !near[w] {
			return false
		}
		if conditional[w] || near[w] && first-i <= 2 && !isDone(words, i) {
			return true
		}
	}
	return false
}

// isDone tells «started to», «leads to»: what follows did happen.
func isDone(words []issuetext.Word, to int) bool {
	return to > 0 && words[to].Folded == "to" && done[words[to-1].Folded]
}

var done = set("started starts began begins proceeded proceeds decided managed manages happened continues went going lead leads led leading due access")

// own reports whether the writer did it: «I», and nothing but helpers before the
// word that a term begins with.
func own(words []issuetext.Word, at int) bool {
	if suffered[words[at].Folded] {
		return false
	}
	for i := at - 1; i >= 0 && i >= at-4; i-- {
		w := words[i].Folded
		switch {
		case words[i].Sentence != words[at].Sentence || words[i+1].Break:
			return false
		case w == "i" || w == "we" || byMistake[w] && begins(words, i):
			return true
		case !helpers[w] && !byMistake[w]:
			return false
		}
	}
	return false
}

// byMistake are what people say of themselves: «accidentally deleted my config».
var byMistake = set("accidentally mistakenly")

// begins reports whether a clause begins with the word.
func begins(words []issuetext.Word, i int) bool {
	return i == 0 || words[i].Break || words[i-1].Sentence != words[i].Sentence
}

// suffered is what happens to people rather than what they do.
var suffered = set("lost lose losing gone")

var helpers = set("have had just then also already even once manually myself want wanted now")
