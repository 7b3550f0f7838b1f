package label

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// denied reports whether the words around a hit say that it is not so: «does not
// crash», «no data loss», «I don't think it is a bug», «fixed the panic», «the
// crash is fixed». Only the clause that the hit stands in counts; a denial
// within the hit itself, as in «cannot install», is part of it.
func denied(words []issuetext.Word, first, last int) bool {
	return deniedBefore(words, first) || mendedAfter(words, last)
}

// reach is how many words back a denial holds.
const reach = 6

func deniedBefore(words []issuetext.Word, first int) bool {
	for i := first - 1; i >= 0 && i >= first-reach; i-- {
		w := words[i]
		if parted(words, i) {
			return false
		}
		switch {
		case isNot(w.Folded):
			return denies(words, i)
		case mended[w.Folded] && first-i <= 4:
			return !unmended(words, i)
		}
	}
	return false
}

// parted reports whether what follows the word at i is a clause of its own, for
// which a denial before it does not hold.
func parted(words []issuetext.Word, i int) bool {
	w, next := words[i], words[i+1]
	switch {
	case w.Sentence != next.Sentence, next.Break, clauses[w.Folded]:
		return true
	case subjects[next.Folded]: // «without a config it crashes», but «I don't think it crashes»
		return !governs[w.Folded]
	}
	return false
}

// subjects begin a clause of their own, unless a word governs them.
var subjects = set("it i we he she they you")

var governs = set("think thought believe believed say says said expect mean see saw seen make makes made let lets get got have has had with of that feel found want consider cause causes if whether")

// denies reports whether a denial holds for the words after it. «Not only»,
// «don't know why» and «no way to» deny nothing; nor does «is it not»; and
// «cannot start without» is a denial of a denial.
func denies(words []issuetext.Word, at int) bool {
	next := words[at+1].Folded
	if unsure[next] || insists(words, at) {
		return false
	}
	return words[at].Folded != "without" || !deniedTwice(words, at)
}

var unsure = set("only just sure certain know understand understands remember matter idea clue way working responding loading")

func deniedTwice(words []issuetext.Word, without int) bool {
	for i := without - 1; i >= 0 && i >= without-reach; i-- {
		if words[i].Sentence != words[without].Sentence || words[i+1].Break || clauses[words[i].Folded] {
			return false
		}
		if isNot(words[i].Folded) {
			return true
		}
	}
	return false
}

// clauses are words that begin a clause of their own.
var clauses = set("and but then so because since although though however when while if after before until unless otherwise instead why that's it'll")

var nots = set("no not never without cannot cant dont doesnt didnt isnt wasnt wont arent werent havent hasnt hadnt wouldnt shouldnt couldnt neither nor none nothing hardly zero non")

func isNot(w string) bool { return nots[w] || strings.HasSuffix(w, "n't") }

// insists tells «why not», «is it not», «does it not», which ask for a yes.
func insists(words []issuetext.Word, not int) bool {
	if words[not].Folded != "not" || not < 2 {
		return false
	}
	return words[not-1].Folded == "it" && (words[not-2].Folded == "is" || words[not-2].Folded == "does")
}

// mended are words that say that what follows is over.
var mended = set("fixed fixes resolved resolves solved solves prevents prevented avoids avoided mitigates mitigated eliminates eliminated")

// unmended tells «not fixed», «to be fixed», «should be fixed».
func unmended(words []issuetext.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-3 && words[i].Sentence == words[at].Sentence; i-- {
		w := words[i].Folded
		if isNot(w) || open[w] {
			return true
		}
	}
	return false
}

// open are words before «fixed» that leave it open.
var open = set("be get getting needs need should must would could can please want wants if until unless once supposedly claimed partially")

// between are words that may stand between a hit and its mending.
var between = set("is was are were has have had been got gets now no already finally since all be bug issue problem error errors that in the this seems appears to")

// after is how many words on a mending is looked for.
const after = 6

var over = set("fixed resolved solved gone mitigated")

func mendedAfter(words []issuetext.Word, last int) bool {
	state := false
	for i := last + 1; i < len(words) && i <= last+after; i++ {
		w := words[i]
		if w.Sentence != words[last].Sentence || w.Break {
			return false
		}
		if over[w.Folded] {
			return state && !unmended(words, i)
		}
		if w.Folded == "longer" && words[i-1].Folded == "no" {
			return i+1 < len(words) && happens[words[i+1].Folded]
		}
		if !between[w.Folded] {
			return false
		}
		state = state || w.Folded != "bug" && w.Folded != "issue" && w.Folded != "problem"
	}
	return false
}

// happens are words after «the crash no longer …».
var happens = set("happens occurs appears reproduces exists shows there here present reproducible")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
