package collect

import (
	"strings"
	"testing"
)

// A table is read whole however spreadsheets and people wrote it: no row may vanish
// in the cell above it.
func TestCSVReader(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"plain", "a,b\n1,2\n", "a|b / 1|2"},
		{"a separator that is named", "sep=;\na;b,c\n1;2\n", "a|b,c / 1|2"},
		{"a separator that is named with a tab", "sep=\t\r\na\tb\r\n1\t2\r\n", "a|b / 1|2"},
		{"a cell that begins with a quotation", "a,b\n\"Best CLI ever\" says my boss,1\nx,2\ny,3\n", "a|b / \"Best CLI ever\" says my boss|1 / x|2 / y|3"},
		{"the same with a comma within", "a,b\n\"Best, ever\" he says,1\nx,2\n", "a|b / \"Best, ever\" he says|1 / x|2"},
		{"a cell that is quoted", "a,b\n\"1, \"\"2\"\"\",3\n", "a|b / 1, \"2\"|3"},
		{"a cell of two lines", "a,b\n\"1\n2\",3\n", "a|b / 1\n2|3"},
		{"a cell that is empty and quoted", "a,b\n\"\",3\n", "a|b / |3"},
		{"the last cell is a quotation", "a,b\n1,\"so\" he said", "a|b / 1|\"so\" he said"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x002\x00", "a|b / 1|2"},
		{"the charset of western Windows", "a,b\nGr\xf6\xdfe,2\n", "a|b / Größe|2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := csvReader([]byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := r.ReadAll()
			var got []string
			for _, row := range rows {
				got = append(got, strings.Join(row, "|"))
			}
			if err != nil || strings.Join(got, " / ") != c.want {
				t.Errorf("got %q, want %q, %v", strings.Join(got, " / "), c.want, err)
			}
		})
	}
	r, err := csvReader([]byte("sep=;\na;b\n1;2\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = r.Read()
	if _, _ = r.Read(); err == nil {
		if line, _ := r.FieldPos(0); line != 3 {
			t.Errorf("the row is said to stand in line %d, want 3", line)
		}
	}
}

func FuzzClosedQuotes(f *testing.F) {
	f.Add("a,b\n\"x\" y,\"1\n2\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		once := closedQuotes(text, ',')
		if len(once) < len(text) || closedQuotes(once, ',') != once {
			t.Errorf("%q becomes %q, then %q", text, once, closedQuotes(once, ','))
		}
	})
}
