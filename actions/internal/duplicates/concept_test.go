package duplicates

import (
	"slices"
	"strings"
	"testing"
)

// Two people who report one problem seldom choose the same words.
func TestNearest_OtherWordsForTheSameThing(t *testing.T) {
	shelf := []Doc{
		{1, "Segfault when exporting to CSV", "", true},
		{2, "Dark mode", "Please offer a theme that is easy on the eyes at night.", true},
		{3, "Login fails behind a proxy", "", true},
		{4, "The folder picker forgets my last directory", "", true},
		{5, "应用闪退,打开设置页面后", "", true},
		{6, "ダークテーマに対応してほしい", "", true},
		{7, "파일 업로드가 안 됩니다", "", true},
		{8, "登录失败,提示密码错误", "", true},
		{9, "Тёмная тема для редактора", "", true},
		{10, "ファイルを保存すると文字化けする", "", true},
	}
	x := Of(shelf)
	for _, c := range []struct {
		title string
		want  int
	}{
		{"Panics while saving a spreadsheet as comma separated values (export)", 1},
		{"Crash in export", 1},
		{"Night theme, please", 2},
		{"Cannot sign in through a corporate VPN", 3},
		{"程序崩溃:进入设置", 5},
		{"ダークモードがほしい", 6},
		{"첨부 파일을 올릴 수 없어요", 7},
		{"无法登陆帐号", 8},
		{"保存したファイルが文字化け", 10},
	} {
		t.Run(c.title, func(t *testing.T) {
			found := x.Nearest(Doc{Number: 99, Title: c.title}, 3)
			if !slices.ContainsFunc(found, func(m Match) bool { return m.Number == c.want }) {
				t.Errorf("got %v, want #%d among the first three", found, c.want)
			}
			for _, m := range found {
				if slices.ContainsFunc(m.Words, func(w string) bool { return strings.HasPrefix(w, "~") }) {
					t.Errorf("the words %q are not as they were written", m.Words)
				}
			}
		})
	}
}

// A remark under an issue needs words that both use: that both tell of some
// crash is no duplicate.
func TestNear_NotByConceptsAlone(t *testing.T) {
	x := Of([]Doc{{1, "Segfault on launch", "", true}})
	for _, m := range x.Nearest(Doc{Number: 2, Title: "Panic at startup"}, 1) {
		if m.Near(false) {
			t.Errorf("%v is near by concepts alone", m)
		}
	}
}

// Issues whose titles only name a kind are not alike for that.
func TestNearest_TitlesOfAKind(t *testing.T) {
	x := Of([]Doc{{1, "Bug report", "The printer prints blank pages.", true}, {2, "Scrolling", "The wheel scrolls too far in the sidebar.", true}})
	found := x.Nearest(Doc{Number: 9, Title: "Bug report", Body: "The wheel scrolls the sidebar too far."}, 1)
	if len(found) == 0 || found[0].Number != 2 {
		t.Errorf("got %v, want #2", found)
	}
}

func TestEachPair(t *testing.T) {
	for _, c := range []struct{ run, want string }{
		{"崩溃了", "崩溃 溃了"},
		{"卡", "卡"},
		{"ファイルを保存する", "ファ ァイ イル ルを を保 保存 存す"},
		{"する", ""},
		{"한글", "한글"},
	} {
		var got []string
		eachPair(c.run, func(pair string) { got = append(got, pair) })
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.run, got, c.want)
		}
	}
}

// The list of concepts must name each term once in a line, and no concept twice.
func TestConcepts_ListIsWellFormed(t *testing.T) {
	names := map[string]bool{}
	for line := range strings.Lines(conceptList) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, terms, found := strings.Cut(line, ": ")
		if !found || names[name] || strings.ContainsAny(name, " ,") {
			t.Errorf("bad or repeated concept %.40q", line)
		}
		names[name] = true
		for term := range strings.SplitSeq(terms, ",") {
			key := stemsOf(term)
			if key == "" || len(strings.Fields(key)) > maxPhrase {
				t.Errorf("%s: %q is no term of at most %d words", name, term, maxPhrase)
			}
		}
	}
	if len(names) < 50 {
		t.Errorf("got %d concepts, want the list to be read", len(names))
	}
}
