package issuetext

import "strings"

// A policy is a sentence of a template that says what a tracker is for, and
// lists kinds of issues as it does: "Please use this for bugs and feature
// requests only". It says nothing of the issue that it stands in, also where
// the template is stored elsewhere.

// kinds of issues that a policy names.
const (
	namesBug = 1 << iota
	namesFeature
	namesQuestion
	namesOther
)

// markers are the words of policies, and of nothing else that names several
// kinds of issues.
var markers = set("only policy policies tracker reserved forum forums discord slack gitter stackoverflow submitting rather template guidelines check select choose tick whether either category type requests request closed redirected appropriate instead please report report? want")

// dropPolicies takes the sentences that are policies out of a passage of the
// body.
func (p *Passage) dropPolicies() {
	if p.In != "body" || !mayBePolicy(p.Words) {
		return
	}
	var kept []Word
	for from := 0; from < len(p.Words); {
		until := from + 1
		for until < len(p.Words) && p.Words[until].Sentence == p.Words[from].Sentence {
			until++
		}
		if isPolicy(p.Words[from:until]) {
			end := len(p.Text)
			if until < len(p.Words) {
				end = int(p.Words[until].Start)
			}
			p.lower = ""
			p.Text = p.Text[:p.Words[from].Start] + blank(p.Text[p.Words[from].Start:end]) + p.Text[end:]
		} else {
			kept = append(kept, p.Words[from:until]...)
		}
		from = until
	}
	p.Words = kept
}

// blank is a text of the same length and lines that holds no word.
func blank(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// mayBePolicy reports whether words name a bug and something else, before
// anything is looked at more closely.
func mayBePolicy(words []Word) bool {
	named := 0
	for i := range words {
		named |= kindAt(words, i)
	}
	return named&(named-1) != 0
}

func isPolicy(words []Word) bool {
	named, marked := 0, false
	for i, w := range words {
		named |= kindAt(words, i)
		marked = marked || markers[w.Folded]
	}
	kinds := 0
	for ; named != 0; named &= named - 1 {
		kinds++
	}
	return kinds >= 3 || kinds == 2 && marked
}

// kindAt is the kind of issue that the word at i names, in the plural or as a
// thing that is written: "bugs", "feature request", "usage questions".
func kindAt(words []Word, i int) int {
	next := ""
	if i+1 < len(words) {
		next = words[i+1].Folded
	}
	switch words[i].Folded {
	case "bugs", "defects":
		return namesBug
	case "bug", "defect":
		if next == "report" || next == "reports" || listedWith(words, i) {
			return namesBug
		}
	case "feature", "enhancement":
		if next == "request" || next == "requests" || listedWith(words, i) {
			return namesFeature
		}
	case "features", "enhancements":
		if listedWith(words, i) {
			return namesFeature
		}
	case "questions", "support":
		if words[i].Folded == "questions" || next == "request" || next == "requests" || next == "question" || listedWith(words, i) {
			return namesQuestion
		}
	case "question":
		if listedWith(words, i) {
			return namesQuestion
		}
	case "documentation", "installation", "performance", "crash", "crashes", "regression", "security", "vulnerability", "vulnerabilities":
		if listedWith(words, i) {
			return namesOther
		}
	}
	return 0
}

// nouns are what a list of kinds is made of.
var nouns = set("bug bugs defect defects feature features enhancement enhancements question questions support request requests report reports documentation docs installation performance crash crashes regression regressions security vulnerability vulnerabilities issue issues discussion discussions idea ideas")

// listedWith reports whether a word stands in a list with another kind, with
// no more than "or a" or "and to report a" between them.
func listedWith(words []Word, i int) bool {
	return listedOn(words, i, 1) || listedOn(words, i, -1)
}

// maxBetween is how many words may stand between two kinds of a list.
const maxBetween = 4

func listedOn(words []Word, i, step int) bool {
	joined := false
	for d, j := 0, i; d <= maxBetween; d++ {
		if step > 0 && j+1 < len(words) && words[j+1].Break || step < 0 && words[j].Break {
			joined = true
		}
		j += step
		if j < 0 || j >= len(words) || words[j].Sentence != words[i].Sentence {
			return false
		}
		w := words[j].Folded
		switch {
		case w == "or" || w == "and":
			joined = true
		case nouns[w] && joined:
			return true
		case nouns[w] || linking[w]:
		default:
			return false
		}
	}
	return false
}

// linking are words between the kinds of a list.
var linking = set("a an the to report request new for usage general code doc build other rather than reporting")

// joinSites makes one word of each "Stack Overflow" that names the site: it is
// no overflow of a stack. The site is written in capitals, and asked on,
// searched or linked.
func joinSites(words []Word, s, in string) []Word {
	if !strings.Contains(s, "Overflow") {
		return words
	}
	var out []Word
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) && isSite(words, s, in, i) {
			w := words[i]
			w.End = words[i+1].End
			w.Folded = Fold(s[w.Start:w.End])
			out = append(out, w)
			i++
			continue
		}
		out = append(out, words[i])
	}
	return out
}

func isSite(words []Word, s, in string, i int) bool {
	if s[words[i].Start:words[i].End] != "Stack" || s[words[i+1].Start:words[i+1].End] != "Overflow" || words[i+1].Break {
		return false
	}
	if len(words) == 2 { // a title alone tells of a crash
		return in == "body"
	}
	before, after := "", ""
	if i > 0 {
		before = words[i-1].Folded
	}
	if i+2 < len(words) {
		after = words[i+2].Folded
	}
	return visited[before] || posted[after]
}

var (
	visited = set("on at from via to visit use see search searched try or and official our the")
	posted  = set("question questions post posts answer answers thread community tag link or and discord forum forums github")
)

// set is the words of a text, for looking them up.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
