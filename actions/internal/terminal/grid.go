package terminal

import (
	"math"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// between is the space between two columns. A column is not made narrower than
// minColumn, nor than its longest word up to longWord, where that can be.
const between, minColumn, longWord = 2, 8, 24

// grid writes a table in columns that are aligned: as wide as their widest
// cell where the line has room for all of them, and else the widest narrower.
func (w *writer) grid(t *east.Table, margin string) {
	rows := w.cells(t)
	widths := fit(natural(rows), words(rows), w.Width-len([]rune(margin)))
	airy := false // rows of several lines are kept apart
	for _, row := range rows {
		airy = airy || len(broken(row, widths)) > 1
	}
	for i, row := range rows {
		w.apart = w.apart || i > 1 && airy
		for _, parts := range broken(row, widths) {
			w.line(margin, aligned(parts, widths, t.Alignments))
		}
		if i == 0 {
			w.line(margin, rule(widths))
		}
	}
}

// cells are the rows of a table, the heads first.
func (w *writer) cells(t *east.Table) [][][]glyph {
	w.table = true
	defer func() { w.table = false }()
	var rows [][][]glyph
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells [][]glyph
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, w.cell(cell, row.Kind() == east.KindTableHeader))
		}
		rows = append(rows, cells)
	}
	return rows
}

func (w *writer) cell(n ast.Node, head bool) []glyph {
	text := w.inline(n)
	if head {
		return styled(text, Bold)
	}
	return styled(text, levelOf(text, true))
}

// natural is how wide each column is by itself.
func natural(rows [][][]glyph) []int { return widest(rows, math.MaxInt) }

// words is how wide the longest word of each column is.
func words(rows [][][]glyph) []int { return widest(rows, 1) }

// widest is the widest line of each column, where a line has so many columns
// or a single word.
func widest(rows [][][]glyph, columns int) []int {
	var widths []int
	for _, row := range rows {
		for len(widths) < len(row) {
			widths = append(widths, 0)
		}
		for i, cell := range row {
			for _, line := range wrap(cell, columns, false) {
				widths[i] = max(widths[i], widthOfText(line))
			}
		}
	}
	return widths
}

// fit makes the widest columns narrower, all alike, until the line has room:
// first down to their longest words, and then where words are cut.
func fit(widths, words []int, room int) []int {
	room -= between * (len(widths) - 1)
	fitted := make([]int, len(widths))
	for _, keep := range []int{longWord, 0} {
		for most := max(room, minColumn); most >= minColumn; most-- {
			sum := 0
			for i, w := range widths {
				fitted[i] = min(w, max(most, min(words[i], keep)))
				sum += fitted[i]
			}
			if sum <= room {
				return fitted
			}
		}
	}
	return fitted
}

// broken are the lines of a row: of each cell the part that stands on it.
func broken(row [][]glyph, widths []int) [][][]glyph {
	var lines [][][]glyph
	for i, cell := range row {
		for n, part := range wrap(cell, max(1, widths[i]), true) {
			if n == len(lines) {
				lines = append(lines, make([][]glyph, len(row)))
			}
			lines[n][i] = part
		}
	}
	return lines
}

// aligned is a line of a table, each part padded to its column's width.
func aligned(parts [][]glyph, widths []int, alignments []east.Alignment) []glyph {
	var line []glyph
	for i, part := range parts {
		space := glyphs(strings.Repeat(" ", max(0, widths[i]-widthOfText(part))), "")
		if i > 0 {
			line = append(line, glyphs(strings.Repeat(" ", between), "")...)
		}
		if i < len(alignments) && alignments[i] == east.AlignRight {
			line = append(append(line, space...), part...)
			continue
		}
		line = append(append(line, part...), space...)
	}
	return line
}

func rule(widths []int) []glyph {
	var line []glyph
	for i, w := range widths {
		if i > 0 {
			line = append(line, glyphs(strings.Repeat(" ", between), "")...)
		}
		line = append(line, glyphs(strings.Repeat("─", w), Faint)...)
	}
	return line
}
