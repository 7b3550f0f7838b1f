package redact

import "strings"

// passwordWords are what a password is called in prose.
var passwordWords = []string{
	"password", "passwort", "kennwort", "passphrase", "passcode", "pass code", "zugangscode", "mot de passe", "mdp", "contraseña", "contrasena", "clave",
	"senha", "palavra-passe", "parola d'ordine", "parola", "wachtwoord", "hasło", "haslo", "hasłem", "heslo", "jelszó", "jelszavam", "parolă", "şifre", "sifre", "şifrem",
	"salasana", "salasanani", "lösenord", "lösenordet", "adgangskode", "adgangskoden", "passord", "passordet", "пароль", "κωδικός", "סיסמה", "كلمة المرور", "كلمة السر", "पासवर्ड",
	"密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호", "identified by", "mật khẩu", "kata sandi", "sandi", "รหัสผ่าน", "pwd", "pin",
	"passwd", "pw", "secret", "лозинка", "парола", "convertto-securestring", "requirepass", "masterauth", "pass",
	"pin code", "security code", "verification code", "one-time code", "one time code", "otp", "2fa code", "mfa code", "recovery code", "backup code", "access code", "login code", "cvv", "cvc",
	"seed phrase", "recovery phrase", "mnemonic",
}

// plainWords are those of passwordWords that mean something else as well: only
// what "is" said, or stands behind them and looks made up, is a password.
var plainWords = map[string]bool{"pass": true, "pw": true, "otp": true, "pin": true, "secret": true}

// copulas stand between the word and the password: "is" in many languages.
var copulas = []string{
	" is now ", " is ", " was ", " ist ", " lautet ", " war ", " est ", " es ", " era ", " é ", " è ", " este ", " är ", " er ", " on ", " jest ", " to ", " to: ", " je ",
	" az ", " a ", " being ", " = ", " - ", "是", "为", "為", "は", "는", "은", " là ", " adalah ", " είναι ", " हे ", " है ", " هي ", " היא ", ": ", ":", "=",
}

// wordsByStart are the words for a password by their first byte.
var wordsByStart = func() (table [256][]string) {
	for _, w := range passwordWords {
		for _, c := range startsOf(w) {
			table[c] = append(table[c], w)
		}
	}
	return table
}()

// startsOf are the first bytes that a word has in either case.
func startsOf(w string) []byte {
	small, capital := w[0], strings.ToUpper(w)[0]
	if small == capital {
		return []byte{small}
	}
	return []byte{small, capital}
}

// proseStarts are the bytes that begin a word for a password.
func proseStarts() (starts []byte) {
	for c, words := range wordsByStart {
		if len(words) > 0 {
			starts = append(starts, byte(c))
		}
	}
	return starts
}

// findProsePassword finds the password in "my password is …", "Passwort: …"
// and the like in other languages.
func findProsePassword(t *text, at int) Span {
	for _, w := range wordsByStart[t.at(at)] {
		if !t.startsFold(at, w) {
			continue
		}
		from := at + len(w)
		if t.is(from, word) {
			continue
		}
		if t.nameBefore(from) != "" && assigns(t.at(t.run(from, 5, quoteByte|blank))) {
			return Span{} // findAssignment reads it
		}
		if strings.HasSuffix(w, "phrase") || w == "mnemonic" {
			if span := t.phraseAt(from); span.Until > 0 {
				return span
			}
		}
		if span := t.saidAt(from, w); span.Until > 0 {
			return span
		}
		if t.is(at-1, dashed) || t.at(at-1) == '/' {
			continue // a part of a name
		}
		if span := t.bareAt(from, w); span.Until > 0 {
			return span
		}
	}
	return Span{}
}

// minPhrase is how many words the phrase of a wallet has at least (BIP 39).
const minPhrase, maxPhraseWord = 12, 8

// phraseAt finds the words of a wallet's phrase.
func (t *text) phraseAt(from int) Span {
	from = t.run(from, 4, quoteByte|blank|colon1|base64Sign)
	if t.starts(from, "is ") || t.starts(from, "is: ") {
		from = t.run(from+2, 4, blank|colon1|quoteByte)
	}
	until, words := from, 0
	for i := from; words < 24; words++ {
		end := t.run(i, maxPhraseWord+1, lower)
		if end-i < 3 || end-i > maxPhraseWord {
			break
		}
		until = end
		if i = t.run(end, 2, blank); i == end {
			words++
			break
		}
	}
	if words < minPhrase {
		return Span{}
	}
	return Span{from, until, password}
}

// minBare is the length from which a word right behind "password" is one, where it
// has letters and digits.
const minBare = 6

// codeWords are called codes: digits behind them are one.
func isCodeWord(w string) bool {
	return strings.HasSuffix(w, " code") || strings.HasSuffix(w, "-time code") || w == "otp" || w == "passcode" || w == "cvv" || w == "cvc"
}

// bareAt finds a password right behind the word for one: "user ann, password
// hunter22", "password -> hunter22", "the password (hunter22)".
func (t *text) bareAt(from int, w string) Span {
	value := t.run(from, 3, blank|quoteByte&^apostrophe)
	for _, arrow := range []string{"-> ", ":= ", "→ ", "— ", "- ", "("} {
		if t.starts(value, arrow) {
			value = t.run(value+len(arrow), 2, quoteByte)
			break
		}
	}
	if value == from || plainWords[w] && !isCodeWord(w) {
		return Span{}
	}
	until := t.run(value, maxPassword, saidByte&^quoteByte)
	until = t.trim(value, until, ".,;:!?)(")
	got := t.slice(value, until)
	if isCodeWord(w) && onlyDigits(got) && (len(got) >= 4 || w[0]|0x20 == 'c' && len(got) == 3) && len(got) <= 10 && !t.is(until, colon1|dot) {
		return Span{value, until, password}
	}
	if len(got) < minBare || !isValue(got) || !isMixed(got) || !isPassword(got) || strings.ContainsAny(got, "/()[]{}<>=,") {
		return Span{}
	}
	return Span{value, until, password}
}

// isMixed tells a word that somebody made up from a name with a number such as
// sha256, python3 or v2: letters, and two digits at least that do not only say which.
func isMixed(s string) bool {
	digits, letters, capitals := 0, 0, 0
	for i := range len(s) {
		switch {
		case digit.has(s[i]):
			digits++
		case upper.has(s[i]) && i > 0:
			capitals++
			letters++
		case upper.has(s[i]) || lower.has(s[i]):
			letters++
		}
	}
	return (digits >= 2 || digits == 1 && capitals >= 2 && capitals < letters-1) && letters >= 2 && strings.Count(s, ".") < 2 && !strings.Contains(s, "://")
}

func assigns(c byte) bool { return c == ':' || c == '=' }

// maxAside bounds what may stand between the word and what follows it: "my
// password for the server is …".
const maxAside = 28

// saidAt finds a password that is said behind the word for it.
func (t *text) saidAt(from int, w string) Span {
	if plainWords[w] && w != "pin" {
		for _, copula := range []string{" is ", " was ", " is: "} {
			if t.starts(from, copula) {
				return t.prosePassword(from+len(copula), false)
			}
		}
		if !isCodeWord(w) {
			return Span{}
		}
	}
	from = t.run(from, 3, quoteByte) // **Password**:
	aside := t.run(from, maxAside, word|blank|dash|underscore)
	for _, copula := range copulas {
		if t.starts(from, copula) {
			return t.prosePassword(from+len(copula), strings.IndexByte(":=", strings.TrimSpace(copula)[0]) >= 0)
		}
	}
	if t.starts(from, " '") || t.starts(from, ` "`) {
		return t.prosePassword(from+1, false) // IDENTIFIED BY '…'
	}
	rest := t.slice(from, min(aside+1, len(t.s)))
	for _, copula := range []string{" is ", " was ", " ist ", " lautet ", " est ", " es ", " to ", ":"} {
		if i := strings.Index(rest, copula); i > 0 && t.at(from) == ' ' {
			return t.prosePassword(from+i+len(copula), false)
		}
	}
	return Span{}
}

// maxPassword bounds a password in prose.
const maxPassword = 128

// prosePassword judges what stands where a password would. Behind a colon a
// plain word that ends the line is one; elsewhere it has a digit or a sign, or
// stands in quotes.
func (t *text) prosePassword(from int, colon bool) Span {
	from = t.run(from, 4, blank|colon1)
	quote, value := t.quoteAt(from)
	until := t.run(value, maxPassword, saidByte)
	if quote != "" {
		n := strings.Index(t.slice(value, min(len(t.s), value+maxPassword)), quote)
		if n < 0 {
			return Span{}
		}
		until = value + n
	} else {
		until = t.trim(value, until, ".,;:!?)")
		if c := t.at(until); c == '!' && !t.is(until+1, word) && t.endsSentence(until+1) {
			until++ // a password likes to end with one
		}
	}
	got := t.slice(value, until)
	if len(got) < 4 || !isValue(got) || strings.Contains(got, "://") || t.at(until) == '(' || strings.Contains(got, "[") {
		return Span{}
	}
	if quote != "" && (!strings.ContainsAny(got, " \n") || machineMade(got)) || isPassword(got) {
		return Span{value, until, password}
	}
	if colon && isPlain(got) && !t.goesOn(until) && t.is(value-1, blank|colon1) {
		return Span{value, until, password}
	}
	if onlyDigits(got) && !t.goesOn(until) {
		return Span{value, until, password}
	}
	return Span{}
}

// quotes are the marks that quote a word in prose, in their pairs.
var quotes = [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}, {"「", "」"}, {"『", "』"}, {"**", "**"}}

// quoteAt is the mark that closes what one at a place opens, and where the
// quoted text begins.
func (t *text) quoteAt(at int) (closing string, from int) {
	for _, q := range quotes {
		if t.starts(at, q[0]) {
			return q[1], at + len(q[0])
		}
	}
	return "", at
}

func (t *text) endsSentence(at int) bool {
	c := t.at(at)
	return c == 0 || c <= ' '
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// isPassword reports whether a word of prose looks like a password: letters
// with digits or signs, or several words with dashes.
func isPassword(s string) bool {
	if technical(s) {
		return false
	}
	letters, digits, signs, capitals := 0, 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case digit.has(c):
			digits++
		case upper.has(c):
			letters++
			if i > 0 {
				capitals++
			}
		case lower.has(c) || c >= 0x80:
			letters++
		case strings.IndexByte("!@#$%^&*+=?~", c) >= 0:
			signs++
		}
	}
	return letters > 0 && (digits > 0 || signs > 0 || capitals > 0 && capitals < letters-1) || signs > 1 && digits > 0 || strings.Count(s, "-") > 1 && letters > 8
}

// technical reports whether a word names a method, a size or a format rather
// than being a password.
func technical(s string) bool {
	s = strings.ToLower(s)
	for _, part := range []string{"sha", "md5", "base64", "utf", "bcrypt", "argon", "scrypt", "pbkdf", "hmac", "aes", "rsa", "oauth", "ldap", "()", "mysql", "://", "::", "->", "case-", "plaintext", "ascii"} {
		if strings.HasPrefix(s, part) {
			return true
		}
	}
	return strings.HasSuffix(s, ")") || strings.HasSuffix(s, "chars") || strings.HasSuffix(s, "-bit")
}
