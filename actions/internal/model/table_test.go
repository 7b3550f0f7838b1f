package model

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// A query whose answer grows without end must not fill the memory, a page, or
// the readings that are committed.
func TestAnswer_IsBounded(t *testing.T) {
	if _, err := NewAnswer(make([]string, maxColumns+1)); err == nil || !strings.Contains(err.Error(), "33 columns") {
		t.Errorf("too many columns: %v", err)
	}
	if _, err := NewAnswer([]string{strings.Repeat("x", maxText+1)}); err == nil {
		t.Error("a column with a long name is taken")
	}
	fill := func(cell func(int) any) (*Answer, error) {
		a, err := NewAnswer([]string{"key"})
		for i := 0; err == nil && i < 3*maxRows; i++ {
			err = a.Add([]any{cell(i)})
		}
		return a, err
	}
	if a, err := fill(func(i int) any { return i%7 == 0 }); err == nil || len(a.Rows) != maxRows || !strings.Contains(err.Error(), "10000 rows") {
		t.Errorf("too many rows: %d, %v", len(a.Rows), err)
	}
	long := strings.Repeat("ü", 3000)
	a, err := fill(func(i int) any { return fmt.Sprint(i, long) })
	if err == nil || !strings.Contains(err.Error(), "8 MiB") || len(a.Rows) > maxAnswer/maxText+100 {
		t.Errorf("too much text: %d rows, %v", len(a.Rows), err)
	}
	if cell := a.Rows[0][0].(string); len(cell) > maxText || !utf8.ValidString(cell) || !strings.HasSuffix(cell, "ü…") {
		t.Errorf("a long text is %d bytes: %q", len(cell), cell[max(0, len(cell)-9):])
	}
	if _, err := fill(func(int) any { return []int{1} }); err == nil || !strings.Contains(err.Error(), "column key") {
		t.Errorf("a list: %v", err)
	}
}
