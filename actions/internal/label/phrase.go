package label

// found is where a term stands in a passage: words from first to last, both
// inclusive, and the one that it was found by.
type found struct{ first, last, key int }

// find looks for a phrase by the word at i, which has the stem of one that it
// begins with.
func (ph *phrase) find(p *passage, i int) (found, bool) {
	end := i
	if !ph.begins {
		if end = ph.steps[0].ends(p, i); end < 0 {
			return found{}, false
		}
	}
	if ph.isShort {
		return found{i, end, i}, true
	}
	if ph.near {
		return gathered(p, i, end, ph.steps)
	}
	last := rowed(p, end, ph.steps)
	return found{i, last, i}, last >= 0
}

// maxGap is how many words a gap of a phrase may span.
const maxGap = 5

// rowed finds the word with which a phrase ends whose first step ends at a
// word: in one sentence, each gap as short as it can be and without a
// denial in it. It answers -1 where the phrase does not stand there.
func rowed(p *passage, at int, steps []step) int {
	sentence := p.Words[at].Sentence
	for k := 1; k < len(steps); k++ {
		next, reach := &steps[k], at+1
		if next.gap {
			reach += maxGap
		}
		if at = seek(p, sentence, at+1, reach, next); at < 0 {
			return -1
		}
	}
	return at
}

// seek finds a step that begins at one of the words from one to another, both
// inclusive; it answers with the step's last word.
func seek(p *passage, sentence int32, from, to int, s *step) int {
	for i := from; i <= to && i < len(p.Words); i++ {
		if p.Words[i].Sentence != sentence {
			return -1
		}
		if end := s.ends(p, i); end >= 0 {
			return end
		}
		if i < to && isNot(p.Words[i].Folded) {
			return -1
		}
	}
	return -1
}

// maxApart is how many words away from its first the others of a term with ~
// may stand.
const maxApart = 7

// gathered finds the other sides of a term around the first of them, in one
// sentence and without a denial between them.
func gathered(p *passage, at, end int, steps []step) (found, bool) {
	f := found{at, end, at}
	for k := 1; k < len(steps); k++ {
		i, last := around(p, at, end, &steps[k])
		if i < 0 {
			return f, false
		}
		f.first, f.last = min(f.first, i), max(f.last, last)
	}
	return f, true
}

// around finds the nearest words that a step may be, before or after those
// from at to end; of two, the later. A word that denies ends the search, unless
// it is the one that is looked for.
func around(p *passage, at, end int, s *step) (first, last int) {
	forth, back := true, true
	for d := 1; d <= maxApart && (forth || back); d++ {
		if forth = forth && together(p, at, end+d); forth {
			if last := s.ends(p, end+d); last >= 0 {
				return end + d, last
			}
		}
		if back = back && together(p, at, at-d); back {
			if last := s.ends(p, at-d); last >= 0 && last < at {
				return at - d, last
			}
		}
		forth = forth && !isNot(p.Words[end+d].Folded)
		back = back && !isNot(p.Words[at-d].Folded)
	}
	return -1, -1
}

// together reports whether a word is there, and of the same sentence.
func together(p *passage, at, i int) bool {
	return i >= 0 && i < len(p.Words) && p.Words[i].Sentence == p.Words[at].Sentence
}
