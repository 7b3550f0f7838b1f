package label

import "testing"

func TestAKoreanNounIsFoundWithItsParticle(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"크래시가", "크래시"}, {"크래시를", "크래시"}, {"설치에서", "설치"}, {"크래시", "크래시"}, {"나이", "나이"}, {"사과", "사과"}, {"abstürzt", "abstürzt"}, {"", ""},
	} {
		if got := korean(c.word); got != c.want {
			t.Errorf("korean(%q) = %q, want %q", c.word, got, c.want)
		}
	}
	if rule := NewTerm("크래시"); len(rule.steps) != 1 || rule.steps[0].stems[0] != stem("크래시가") {
		t.Errorf("a term and a word with its particle differ: %+v", rule.steps)
	}
}
