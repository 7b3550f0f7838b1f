package collect

import (
	"strings"
	"testing"
)

// A table is read whole however spreadsheets and people wrote it: no row may vanish
// in the cell above it.
func TestReadTable(t *testing.T) {
	for _, c := range []struct{ name, src, want, notes string }{
		{"plain", "a,b\n1,2\n", "a|b / 1|2", ""},
		{"a separator that is named", "sep=;\na;b,c\n1;2\n", "a|b,c / 1|2", ""},
		{"a separator that is named with a tab", "sep=\t\r\na\tb\r\n1\t2\r\n", "a|b / 1|2", ""},
		{"a cell that begins with a quotation", "a,b\n\"Best CLI ever\" says my boss,1\nx,2\ny,3\n", "a|b / \"Best CLI ever\" says my boss|1 / x|2 / y|3", ""},
		{"the same with a comma within", "a,b\n\"Best, ever\" he says,1\nx,2\n", "a|b / \"Best, ever\" he says|1 / x|2", ""},
		{"a cell that is quoted", "a,b\n\"1, \"\"2\"\"\",3\n", "a|b / 1, \"2\"|3", ""},
		{"a cell of two lines", "a,b\n\"1\n2\",3\n", "a|b / 1\n2|3", ""},
		{"a cell that is empty and quoted", "a,b\n\"\",3\n", "a|b / |3", ""},
		{"the last cell is a quotation", "a,b\n1,\"so\" he said", "a|b / 1|\"so\" he said", ""},
		{"a quotation mark that is never closed", "a,b\n\"1,2\n3,4\n", "a|b / \"1|2 / 3|4", ""},
		{"a bar as separator", "a|b\n1|2\n", "a|b / 1|2", ""},
		{"more columns than the header", "a,b\n1,2,3\n4,5,,\n", "a|b / 1|2|3 / 4|5||", "2:3: the row has 3 columns and the header 2: what is beyond is not read"},
		{"the charset of Russian Windows", "a,b\n\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0,2\n", "a|b / Привет мир|2", "1: the file is not UTF-8; it was read as Windows 1251: export it as UTF-8 if its letters are wrong"},
		{"Shift_JIS", "a,b\n\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd,2\n", "a|b / こんにちは|2", "1: the file is not UTF-8; it was read as Shift JIS: export it as UTF-8 if its letters are wrong"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x002\x00", "a|b / 1|2", ""},
		{"the charset of western Windows", "a,b\nGr\xf6\xdfe,2\n", "a|b / Größe|2", "1: the file is not UTF-8; it was read as Windows 1252: export it as UTF-8 if its letters are wrong"},
	} {
		t.Run(c.name, func(t *testing.T) {
			read, err := readTable([]byte(c.src))
			if err != nil || len(read.refused) > 0 {
				t.Fatal(err, read.refused)
			}
			got := []string{strings.Join(read.header, "|")}
			for _, row := range read.rows {
				got = append(got, strings.Join(row.cells, "|"))
			}
			if strings.Join(got, " / ") != c.want || strings.Join(read.notes, "; ") != c.notes {
				t.Errorf("got %q, want %q; notes %q, want %q", strings.Join(got, " / "), c.want, read.notes, c.notes)
			}
		})
	}
	read, err := readTable([]byte("sep=;\na;b\n1;2\n"))
	if err != nil || len(read.rows) != 1 || read.rows[0].line != 3 {
		t.Errorf("%+v, %v: want a row in line 3", read.rows, err)
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
