package wordlist

import "testing"

func TestKorean_NounWithoutItsParticle(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"크래시가", "크래시"}, {"크래시를", "크래시"}, {"설치에서", "설치"}, {"크래시", "크래시"}, {"나이", "나이"}, {"사과", "사과"}, {"abstürzt", "abstürzt"}, {"", ""},
	} {
		if got := korean(c.word); got != c.want {
			t.Errorf("korean(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}
