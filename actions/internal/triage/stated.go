package triage

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/text"
)

// stated tells whether a sentence says that what was found is so. It is not
// where the sentence asks whether («will it delete my files?»), wishes («add a
// warning before it deletes my files»), supposes («it could delete my files»,
// «if it deletes my files»), or tells of the writer's own deed («I deleted my
// files»).
func stated(p *passage, f found) bool {
	words := p.Words
	begin, end := sentence(words, f.first)
	asks := strings.Contains(p.between(end-1), "?")
	return !topics[words[begin].Folded] && !opened(words, begin, f.first, asks) && !supposed(words, f.first) && !supposed(words, f.key) &&
		!own(words, f.key) && !wished(words, f.last)
}

// sentence answers with the words from the first of a sentence until the first
// of the next.
func sentence(words []text.Word, at int) (int, int) {
	begin, end := at, at+1
	for begin > 0 && words[begin-1].Sentence == words[at].Sentence {
		begin--
	}
	for end < len(words) && words[end].Sentence == words[at].Sentence {
		end++
	}
	return begin, end
}

// wished tells «… would be a nice feature».
func wished(words []text.Word, last int) bool {
	for i := last + 1; i+1 < len(words) && words[i].Sentence == words[last].Sentence && !words[i].Break; i++ {
		if words[i].Folded == "would" {
			return words[i+1].Folded == "be" || words[i+1].Folded == "help"
		}
	}
	return false
}

// topics begin titles that are about something, and tell of nothing.
var topics = set("docs doc documentation feature suggestion suggest idea proposal request wish wishlist typo question rfc faq readme fixed backport")

// opened tells whether a clause before the hit, in its sentence, opens as a
// question whether or as a wish.
func opened(words []text.Word, begin, first int, asks bool) bool {
	for i := begin; i < first; i++ {
		if i > begin && !words[i].Break && !clauses[words[i-1].Folded] {
			continue
		}
		if whatIf(words, i) || opens(words, i, asks) && !restarts(words, i+2, first) {
			return true
		}
	}
	return false
}

func whatIf(words []text.Word, i int) bool {
	return words[i].Folded == "what" && i+1 < len(words) && (words[i+1].Folded == "if" || words[i+1].Folded == "happens")
}

// restarts tells whether a clause of its own begins between two words: «can
// somebody help, it deletes my files», «could you look why it deletes them».
func restarts(words []text.Word, from, to int) bool {
	for i := from; i <= to && i < len(words); i++ {
		if words[i].Break || clauses[words[i].Folded] || words[i].Folded == "that" {
			return true
		}
	}
	return false
}

var (
	inverted = set("will would can could does do should shall may might")
	anybody  = set("anyone anybody someone somebody people others")
	askedOf  = set("it i we you they he she this that these those the a an my our your there")
	ways     = set("how what where")
	wishes   = set("add allow support make use warn ask let prevent consider improve harden provide introduce implement avoid explain mention")
)

func opens(words []text.Word, i int, asks bool) bool {
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

// mostSupposed is how many words back a supposition holds.
const mostSupposed = 6

func supposed(words []text.Word, first int) bool {
	for i := first - 1; i >= 0 && i >= first-mostSupposed; i-- {
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
func isDone(words []text.Word, to int) bool {
	return to > 0 && words[to].Folded == "to" && done[words[to-1].Folded]
}

var done = set("started starts began begins proceeded proceeds decided managed manages happened continues went going lead leads led leading due access")

// own tells whether the writer did it: «I», and nothing but helpers before the
// word that a term begins with.
func own(words []text.Word, at int) bool {
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

// begins tells whether a clause begins with the word.
func begins(words []text.Word, i int) bool {
	return i == 0 || words[i].Break || words[i-1].Sentence != words[i].Sentence
}

// suffered is what happens to people rather than what they do.
var suffered = set("lost lose losing gone")

var helpers = set("have had just then also already even once manually myself want wanted now")
