package redact

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// phoneForms are how numbers are written in thirty countries: # is any digit, %
// one from 2 to 9.
var phoneForms = []string{
	"+1-%##-%##-####", "(%##) %##-####", "%##.%##.####", "+44 20 7### ####", "020 7### ####", "07### ######", "+49 30 ######", "0%## #######", "+33 6 ## ## ## ##", "06 ## ## ## ##", "+39 06 ########",
	"+34 6## ### ###", "+31 6 ########", "+41 44 ### ## ##", "044 ### ## ##", "+43 1 #######", "+46 8 ### ### ##", "+47 ## ## ## ##", "+45 ## ## ## ##", "+358 40 #######", "+48 ### ### ###", "+420 ### ### ###",
	"+36 1 ### ####", "+7 (495) ###-##-##", "+81 3-####-####", "+82 2-####-####", "+86 138 #### ####", "+91 98### #####", "+55 11 9####-####", "+52 55 #### ####", "+61 2 #### ####", "+27 82 ### ####", "+972 54-###-####", "+90 532 ### ## ##",
}

// phoneFrames are sentences around a number.
var phoneFrames = []string{"Call me at %s, please.", "Phone: %s", "Tel.: %s", "My mobile is %s", "Reach us on %s or by mail.", "%s office", "Phone:\n%s\n", "Rufen Sie an: Telefon %s", "téléphone %s"}

var cardStarts = []struct {
	start  string
	length int
}{{"4", 16}, {"4", 13}, {"4", 19}, {"51", 16}, {"2221", 16}, {"34", 15}, {"37", 15}, {"6011", 16}, {"65", 16}, {"35", 16}, {"300", 14}, {"36", 14}, {"5018", 12}, {"6304", 12}, {"2131", 15}, {"62", 16}}

func digits(r *rand.Rand, form string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case '#':
			return '0' + rune(r.IntN(10))
		case '%':
			return '2' + rune(r.IntN(8))
		}
		return c
	}, form)
}

// cardOf completes a card's number by its check digit.
func cardOf(r *rand.Rand, start string, length int) string {
	body := start + digits(r, strings.Repeat("#", length-len(start)-1))
	for check := range 10 {
		if s := fmt.Sprint(body, check); luhn([]byte(s)) {
			return s
		}
	}
	panic("one of ten check digits fits")
}

// ibanOf makes an account of a country by its check digits.
func ibanOf(r *rand.Rand, country string) string {
	body := digits(r, strings.Repeat("#", ibanLengths[country]-4))
	for check := 2; check <= 98; check++ {
		if s := fmt.Sprintf("%s%02d%s", country, check, body); isAccount([]byte(s)) {
			return s
		}
	}
	panic("one of 97 check numbers fits")
}

// Values as generators of test data make them, in many countries, with a fixed
// seed. The texts are this project's own: the figure says that nothing was
// forgotten, the one of the independent generator says how well it works.
func TestGenerator_FindsValuesOfManyCountries(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	found := score{}
	check := func(kind, frame, value string) {
		s := fmt.Sprintf(frame, value)
		from := strings.Index(s, value)
		ok := hides(Find(s), from, from+len(value))
		found.add(kind, ok)
		if !ok {
			t.Logf("%s %q is seen in %q", kind, value, s)
		}
	}
	for range 12 {
		for i, form := range phoneForms {
			check("phone", phoneFrames[(i+r.IntN(len(phoneFrames)))%len(phoneFrames)], digits(r, form))
		}
		for _, c := range cardStarts {
			check("card", []string{"My card %s was lost", "%s", "card number: %s."}[r.IntN(3)], cardOf(r, c.start, c.length))
		}
		for _, country := range slices.Sorted(maps.Keys(ibanLengths)) {
			account := ibanOf(r, country)
			if r.IntN(2) == 0 {
				account = strings.ToLower(account)
			}
			check("IBAN", "send it to %s today", account)
		}
		for range 20 {
			check("IP", "keep getting address %s blocked", fmt.Sprintf("%d.%d.%d.%d", 11+r.IntN(110), r.IntN(256), 1+r.IntN(250), 1+r.IntN(254)))
			check("IP", "from %s now", fmt.Sprintf("2a02:%x:%x:%x:%x:%x:%x:%x", 4096+r.IntN(9999), 1+r.IntN(9999), 1+r.IntN(9999), 1+r.IntN(9999), 1+r.IntN(9999), 1+r.IntN(9999), 1+r.IntN(9999)))
			check("e-mail", "write to %s.", fmt.Sprintf("ann.lee%d@mail%d.%s", r.IntN(99), r.IntN(99), []string{"example", "de", "co.uk", "com.br", "io"}[r.IntN(5)]))
		}
	}
	got, wanted := found.total()
	t.Logf("%d of %d found %v", got, wanted, found)
	for kind, n := range found {
		if n[0] < n[1]*96/100 {
			t.Errorf("%s: %d of %d found", kind, n[0], n[1])
		}
	}
}
