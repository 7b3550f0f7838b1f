package wordlist

import (
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

func TestParse_ListsAndComments(t *testing.T) {
	lists, err := Parse("# about\n\nlost: gone, =lost,\n  core dumped\n\nasset: file*\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lists["lost"], "|"); got != "gone|=lost|core dumped" {
		t.Errorf("lost is %q", got)
	}
	if got := lists.Names(); !slices.Equal(got, []string{"asset", "lost"}) {
		t.Errorf("names are %v", got)
	}
}

func TestParse_NamesTheLineThatIsNoList(t *testing.T) {
	for src, want := range map[string]string{"lost: gone\nnonsense\n": "line 2:", "  gone\n": "line 1:"} {
		if _, err := Parse(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", src, err, want)
		}
	}
}

func TestAdd_TakesOutTermsWithAMinus(t *testing.T) {
	for out, want := range map[string]string{
		"-empty":    "gone|delete|deletion|=wiped|=wipes|wipe out|löschen*|vanished",
		"-deleted":  "gone|empty|=wiped|=wipes|wipe out|löschen*|vanished",
		"-wipe":     "gone|empty|delete|deletion|wipe out|löschen*|vanished",
		"-=wiped":   "gone|empty|delete|deletion|=wipes|wipe out|löschen*|vanished",
		"-löschen*": "gone|empty|delete|deletion|=wiped|=wipes|wipe out|vanished",
		"-wip":      "gone|empty|delete|deletion|=wiped|=wipes|wipe out|löschen*|vanished",
	} {
		lists := Lists{"lost": {"gone", "empty", "delete", "deletion", "=wiped", "=wipes", "wipe out", "löschen*"}}
		if got := lists.Has("lost", out[1:]); got != (out != "-wip") {
			t.Errorf("%s: is there one like it: %t", out, got)
		}
		lists.Add(Lists{"lost": {out, "vanished"}})
		if got := strings.Join(lists["lost"], "|"); got != want {
			t.Errorf("%s: got %q, want %q", out, got, want)
		}
	}
}

// Every list that ships is read, and each of its terms has a word: a term
// without one would never be found.
func TestShipped_EveryTermHasAWord(t *testing.T) {
	english, err := Read("urgent")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Shipped() {
		lists, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		for list, terms := range lists {
			if english[list] == nil {
				t.Errorf("%s: the list %q is none of the English ones", name, list)
			}
			for _, term := range terms {
				if len(pieces(term)) == 0 {
					t.Errorf("%s: %s: no word in %q", name, list, term)
				}
			}
		}
	}
	for _, code := range Languages {
		for _, list := range []string{"secret", "personal", "exposed", "others", "asset", "lost", "forever", "attack", "unguarded", "outage", "everyone", "harm", "wish", "question", "past", "harmless"} {
			if lists, _ := Read("languages/" + code); len(lists[list]) < 3 {
				t.Errorf("%s: too few words in the list %s", code, list)
			}
		}
	}
}

func found(l *Lexicon, s string) []string {
	words := issuetext.Words(s)
	var all, stems []string
	for _, w := range words {
		stems = append(stems, Stem(w.Folded))
	}
	for i := range words {
		for _, h := range Find(nil, l.Entries(words[i].Folded, stems[i]), words, i, stems) {
			all = append(all, l.Names()[h.List]+":"+s[words[h.From].Start:words[h.To].End])
		}
	}
	return all
}

func TestFind_Terms(t *testing.T) {
	l := NewLexicon(Lists{"lost": {"vanish", "=lost", "no longer there", "удал*", "数据丢失", "zu*"}, "secret": {"_authtoken", "id_rsa"}, "asset": {"file", "country"}})
	for _, c := range []struct{ name, text, want string }{
		{"a stem", "my files vanished", "asset:files lost:vanished"},
		{"a stem that ends in y", "two countries", "asset:countries"},
		{"a form, and no other of its stem", "lost, not losing", "lost:lost"},
		{"a phrase in one sentence", "it is no longer there. No longer. There.", "lost:no longer there"},
		{"a beginning", "они удалили всё", "lost:удалили"},
		{"a short beginning", "zurück", "lost:zurück"},
		{"a script without spaces", "严重:数据丢失了", "lost:数据丢失"},
		{"a term that begins with a sign", "the _authtoken and id_rsa", "secret:_authtoken secret:id_rsa"},
		{"nothing", "hello", ""},
	} {
		for range 2 { // the second time its terms are ready
			if got := strings.Join(found(l, c.text), " "); got != c.want {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
	}
}

// What one caller adds to the lists that ship, no other reads.
func TestRead_GivesEachCallerListsOfItsOwn(t *testing.T) {
	first, err := Read("urgent")
	if err != nil {
		t.Fatal(err)
	}
	name := first.Names()[0]
	n := len(first[name])
	for range 2 { // the second reading is of what is remembered
		lists, err := Read("urgent")
		if err != nil {
			t.Fatal(err)
		}
		if len(lists[name]) != n || lists["of this project"] != nil {
			t.Fatalf("%s has %d terms of %d, and %d lists are there", name, len(lists[name]), n, len(lists))
		}
		other, err := Read("urgent")
		if err != nil {
			t.Fatal(err)
		}
		lists.Add(Lists{name: {"one"}, "of this project": {"word"}})
		other.Add(Lists{name: {"other"}})
		if got := lists[name][n]; got != "one" {
			t.Errorf("a term added by one caller became %q of another", got)
		}
	}
}
