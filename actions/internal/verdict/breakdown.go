package verdict

// answer is whether a threshold is passed.
type answer int

const (
	no    answer = iota
	maybe        // by its value, but too few cases say so
	yes
)

// crossed reports whether a threshold is passed by the cells, and by which most.
// Each wants all of them past it; any, and a bound that does not say, one.
func crossed(b Bound, cells []cell) (answer, cell) {
	if b.IsZero() || b.Op == "growing" {
		return no, cell{}
	}
	found := map[answer][]cell{}
	for _, c := range cells {
		a := b.answer(c)
		found[a] = append(found[a], c)
	}
	if b.Of == "each" {
		switch {
		case len(found[no]) > 0 || len(cells) == 0:
			return no, cell{}
		case len(found[maybe]) > 0:
			return maybe, furthest(b, found[maybe])
		}
		return yes, furthest(b, found[yes])
	}
	for _, a := range []answer{yes, maybe} {
		if len(found[a]) > 0 {
			return a, furthest(b, found[a])
		}
	}
	return no, cell{}
}

func (b Bound) answer(c cell) answer {
	switch {
	case c.blind:
		return maybe
	case !b.Holds(c.value):
		return no
	case c.share && !b.holdsFor(c.value, c.low, c.high):
		return maybe
	}
	return yes
}

// meets reports whether the cells meet a target, and which of them decided: the
// worst of those that miss it, else the one that is nearest to missing it. Any
// wants one of them to meet it; each, and a target that does not say, all.
func meets(target Bound, cells []cell) (bool, cell) {
	var meet, miss []cell
	for _, c := range cells {
		if holdsAgainst(target, c) {
			meet = append(meet, c)
		} else {
			miss = append(miss, c)
		}
	}
	worstFirst := target.opposite()
	if target.Of == "any" && len(meet) > 0 {
		return true, furthest(target, meet)
	}
	if len(miss) > 0 {
		return false, furthest(worstFirst, miss)
	}
	return true, furthest(worstFirst, meet)
}

func holdsAgainst(target Bound, c cell) bool {
	if target.Op == "growing" {
		return c.Previous != nil && c.value > *c.Previous
	}
	return target.Holds(c.value)
}

// furthest is the cell that goes furthest in the direction of the bound; ties,
// and cells without a value, go by key. Cells are ordered by key.
func furthest(b Bound, cells []cell) cell {
	best := cells[0]
	for _, c := range cells[1:] {
		if !c.blind && (best.blind || further(b, c.value, best.value)) {
			best = c
		}
	}
	return best
}

func further(b Bound, x, y float64) bool {
	switch b.Op {
	case "<", "<=":
		return x < y
	case ">", ">=":
		return x > y
	case "!=":
		return abs(x-b.Value) > abs(y-b.Value)
	case "=":
		return abs(x-b.Value) < abs(y-b.Value)
	}
	return x < y // growing: the smallest is named
}

func abs(x float64) float64 { return max(x, -x) }
