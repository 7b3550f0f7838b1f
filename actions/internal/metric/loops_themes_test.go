package metric_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/model"
)

func headOf(phrase string) string {
	words := strings.Fields(phrase)
	return words[len(words)-1]
}

// painPoints returns the reports of each group of open bugs and its first issue,
// by its name.
func painPoints(m made, w model.Window) (groups map[string]float64, first map[string]int) {
	isOpenBug := func(number int) bool {
		return number > 0 && openAt(m.issues[number-1], w.Until) && m.had(m.issues[number-1], w.Until, "bug")
	}
	repeats := map[int][]int{} // the bugs that stand for one report
	for _, i := range m.issues {
		switch {
		case !isOpenBug(i.Number):
		case isOpenBug(i.SameAs):
			repeats[i.SameAs] = append(repeats[i.SameAs], i.Number)
		default:
			repeats[i.Number] = append(repeats[i.Number], i.Number)
		}
	}
	reports := func(numbers []int) (n float64) {
		for _, number := range numbers {
			n += float64(1 + m.closedAs(number, w.Until))
		}
		return n
	}
	heads, shared, weight := map[int]map[string]bool{}, map[string]int{}, map[string]float64{}
	for root, numbers := range repeats {
		heads[root] = map[string]bool{}
		for _, p := range m.phrases {
			for _, phrase := range p.Phrases {
				if p.Number == root && !heads[root][headOf(phrase)] {
					heads[root][headOf(phrase)] = true
					shared[headOf(phrase)]++
					weight[headOf(phrase)] += reports(numbers)
				}
			}
		}
	}
	byTheme := map[string][]int{}
	for root := range repeats {
		theme := ""
		for head := range heads[root] {
			if shared[head] > 1 && (theme == "" || weight[head] > weight[theme] || weight[head] == weight[theme] && head < theme) {
				theme = head
			}
		}
		byTheme[theme] = append(byTheme[theme], root)
	}
	groups, first = map[string]float64{}, map[string]int{}
	add := func(name string, numbers []int) {
		groups[name+more(numbers)], first[name+more(numbers)] = reports(numbers), slices.Min(numbers)
	}
	for theme, roots := range byTheme {
		if theme != "" && len(roots) > 1 {
			var all []int
			for n := range m.issues {
				for _, root := range roots {
					for _, number := range repeats[root] {
						if number == n+1 {
							all = append(all, number)
						}
					}
				}
			}
			add(theme+": "+hashes(all, 0), all)
			continue
		}
		for _, root := range roots {
			name := said(m.issues[root-1])
			if also := hashes(repeats[root], root); also != "" {
				name += ", also " + also
			}
			add(name, repeats[root])
		}
	}
	return groups, first
}

// hashes returns the first five numbers, without one of them.
func hashes(numbers []int, without int) string {
	var all []string
	for at, n := range numbers {
		if at < 5 && n != without {
			all = append(all, fmt.Sprintf("#%d", n))
		}
	}
	return strings.Join(all, ", ")
}

func more(numbers []int) string {
	if len(numbers) <= 5 {
		return ""
	}
	return fmt.Sprintf(" and %d more", len(numbers)-5)
}
