package redact

import (
	"strconv"
	"strings"
)

// ssnWords and sinWords stand before a number that could be any without them.
var (
	ssnWords = map[string]bool{"ssn": true, "social security": true}
	sinWords = map[string]bool{"sin": true, "social insurance": true}
)

// nationalNumber finds the numbers that offices give to people and that are
// written in digits alone.
func nationalNumber(n *number, t *text) Span {
	switch {
	case n.shaped("324", "--") && n.endsAt(t, 3) && isSSN(n.first(3)):
		return n.span(3, ssn)
	case n.shaped("324", "  ") && n.endsAt(t, 3) && isSSN(n.first(3)) && t.label(n.from, ssnWords):
		return n.span(3, ssn)
	case n.shaped("9", "") && n.endsAt(t, 1) && isSSN(n.first(1)) && t.label(n.from, ssnWords):
		return n.span(1, ssn)
	case n.shaped("3332", "..-") && n.endsAt(t, 4) && isCPF(n.first(4)):
		return n.span(4, cpf)
	case n.shaped("333", "--") && n.endsAt(t, 3) && isSIN(n.first(3)),
		n.shaped("333", "  ") && n.endsAt(t, 3) && isSIN(n.first(3)) && t.label(n.from, sinWords):
		return n.span(3, sin)
	case n.shaped("1222332", "      ") && n.endsAt(t, 7) && isNIR(n.first(7)):
		return n.span(7, nir)
	case n.group(0) == 15 && n.endsAt(t, 1) && isNIR(n.first(1)):
		return n.span(1, nir)
	}
	return Span{}
}

// isSSN leaves out numbers that are never given (Social Security
// Administration: areas 000, 666 and 900–999, group 00, serial 0000).
func isSSN(d []byte) bool {
	area, group, serial := string(d[:3]), string(d[3:5]), string(d[5:9])
	return area != "000" && area != "666" && d[0] != '9' && group != "00" && serial != "0000"
}

// isSIN is the Canadian social insurance number: the check of cards, and no 0
// or 8 in front.
func isSIN(d []byte) bool { return d[0] != '0' && d[0] != '8' && luhn(d) }

// isCPF checks both last digits of a Brazilian taxpayer (weights 10…2, 11…2,
// modulo 11).
func isCPF(d []byte) bool {
	if strings.Count(string(d), string(d[:1])) == len(d) {
		return false
	}
	for _, length := range []int{9, 10} {
		sum := 0
		for i := range length {
			sum += int(d[i]-'0') * (length + 1 - i)
		}
		if check := sum * 10 % 11 % 10; check != int(d[length]-'0') {
			return false
		}
	}
	return true
}

// isNIR checks the key of a French registration number: 97 less the remainder
// by 97 of the thirteen digits before it.
func isNIR(d []byte) bool {
	body, err := strconv.ParseInt(string(d[:13]), 10, 64)
	key, errKey := strconv.Atoi(string(d[13:15]))
	month := string(d[3:5])
	return err == nil && errKey == nil && (d[0] == '1' || d[0] == '2') && month >= "01" && month <= "12" && int(97-body%97) == key
}

// spanishLetters are the check letters of a Spanish identity number, by its
// remainder by 23.
const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// findSpanishNumber finds eight digits and their letter.
func (t *text) findSpanishNumber(at int) Span {
	end := t.run(at, 9, digit)
	if end-at != 8 {
		return Span{}
	}
	return t.spanish(at, t.slice(at, end), end)
}

// findDNI finds a foreigner's: X, Y or Z stand for the first digit.
func findDNI(t *text, at int) Span {
	end := t.run(at+1, 8, digit)
	if end-at != 8 {
		return Span{}
	}
	return t.spanish(at, string('0'+t.at(at)-'X')+t.slice(at+1, end), end)
}

func (t *text) spanish(at int, digits string, end int) Span {
	if t.at(end) == '-' {
		end++
	}
	n, err := strconv.Atoi(digits)
	if err != nil || t.at(end) != spanishLetters[n%23] || t.is(end+1, scored) {
		return Span{}
	}
	return Span{at, end + 1, dni}
}

// findNINO finds a British national insurance number: two letters, six digits
// perhaps in pairs, one letter.
func findNINO(t *text, at int) Span {
	a, b := t.at(at), t.at(at+1)
	if !upper.has(b) || strings.IndexByte("DFIQUV", a) >= 0 || strings.IndexByte("DFIQUVO", b) >= 0 {
		return Span{}
	}
	switch t.slice(at, at+2) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return Span{}
	}
	i := at + 2
	for range 3 {
		if t.at(i) == ' ' {
			i++
		}
		if !t.is(i, digit) || !t.is(i+1, digit) {
			return Span{}
		}
		i += 2
	}
	if t.at(i) == ' ' {
		i++
	}
	if c := t.at(i); c < 'A' || c > 'D' || t.is(i+1, dashed) {
		return Span{}
	}
	return Span{at, i + 1, nino}
}

// oddPlaces are what letters count at the odd places of an Italian fiscal code;
// a digit counts as the letter of its rank (decree of 23 December 1976).
var oddPlaces = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

// findFiscalCode finds an Italian one by its form and its last letter.
func findFiscalCode(t *text, at int) Span {
	const form = "AAAAAA00A00A000A"
	if !t.is(at+5, upper) || t.is(at+len(form), scored) {
		return Span{}
	}
	sum := 0
	for i := range len(form) {
		c := t.at(at + i)
		if form[i] == 'A' && !upper.has(c) || form[i] == '0' && !digit.has(c) {
			return Span{}
		}
		rank := int(c - 'A')
		if digit.has(c) {
			rank = int(c - '0')
		}
		if i%2 == 0 {
			rank = oddPlaces[rank]
		}
		if i < len(form)-1 {
			sum += rank
		}
	}
	if byte('A'+sum%26) != t.at(at+len(form)-1) {
		return Span{}
	}
	return Span{at, at + len(form), fiscalCode}
}

// ibanLengths are the characters of an account by its country (ISO 13616
// registry).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
	"LY": 25, "MN": 20, "OM": 23, "RU": 33, "SD": 18, "YE": 30,
	"BI": 27, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
	"GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
	"ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
	"RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24,
	"TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

// findIBAN finds an account by its country, length and remainder by 97, in
// capitals or in small letters.
func findIBAN(t *text, at int) Span {
	if !t.is(at+2, digit) || !t.is(at+3, digit) {
		return Span{}
	}
	letters := upper
	if t.is(at, lower) {
		letters = lower
	}
	length := ibanLengths[strings.ToUpper(t.slice(at, at+2))]
	if length == 0 || !t.is(at+1, letters) {
		return Span{}
	}
	var account [34]byte
	n, i := 0, at
	for ; n < length && i < len(t.s); i++ {
		c := t.at(i)
		switch {
		case (digit | letters).has(c):
			if lower.has(c) {
				c -= 'a' - 'A'
			}
			account[n] = c
			n++
		case c != ' ' && c != '-' && c != '.' || !t.is(i-1, digit|letters):
			return Span{}
		}
	}
	if n < length || t.is(i, scored) || !isAccount(account[:n]) {
		return Span{}
	}
	return Span{at, i, iban}
}

// isAccount is the remainder by 97, the first four characters put last and
// letters counted from ten.
func isAccount(account []byte) bool {
	remainder := 0
	for i := range account {
		if c := account[(i+4)%len(account)]; digit.has(c) {
			remainder = (remainder*10 + int(c-'0')) % 97
		} else {
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		}
	}
	return remainder == 1
}
