package redact

import "strings"

// names are the ends of what people call a secret, by their last letter,
// without what separates their words. A name that is only "token" or "auth"
// must have a value that looks like one.
var names = map[byte][]string{
	'd': {"password", "passwd", "pwd", "pswd", "jsessionid", "phpsessid"},
	'a': {"clientkeydata"},
	'e': {"passphrase", "passcode", "cookie", "secretkeybase", "xamzsignature", "xgoogsignature"},
	'k': {"psk"},
	's': {"credentials", "pass", "secrets"},
	't': {"secret", "passwort", "kennwort"},
	'w': {"pw"},
	'y': {"apikey", "accesskey", "secretkey", "privatekey", "signingkey", "encryptionkey", "masterkey", "authkey", "accountkey", "aftercarekey", "sharedkey", "servicekey", "subscriptionkey", "appkey", "wpakey", "wifikey", "networkkey"},
	'n': {"gitlabsession", "accesstoken", "authtoken", "refreshtoken", "bottoken", "githubtoken", "apitoken", "sessiontoken", "token", "authorization"},
	'h': {"auth"},
}

// weak are names that stand before many a value that is no secret.
var weak = map[string]bool{
	"token": true, "pass": true, "pw": true, "secrets": true, "credentials": true, "authorization": true, "cookie": true, "auth": true,
	"jsessionid": true, "phpsessid": true, "gitlabsession": true, "appkey": true, "psk": true, "networkkey": true,
}

// maxName bounds how far a name is looked for to the left.
const maxName = 40

// nameBefore is the secret's name that ends at a place; "" where there is none.
func (t *text) nameBefore(until int) string {
	for _, name := range names[t.at(until-1)|0x20] {
		if t.endsInName(until, name) {
			return name
		}
	}
	return ""
}

// endsInName compares backwards, without regard to case and to what separates
// words. A short name is a word of its own.
func (t *text) endsInName(until int, name string) bool {
	n, i := len(name), until-1
	for ; n > 0 && i >= max(0, until-maxName); i-- {
		switch c := t.at(i); {
		case c|0x20 == name[n-1] && word.has(c) || c == name[n-1]:
			n--
		case n < len(name) && (dotted | blank).has(c) && !word.has(c):
		default:
			return false
		}
	}
	return n == 0 && (len(name) > 3 || !t.is(i, word) || name == "pwd")
}

// findAssignment finds the value in password=…, "api_key": "…", and the like.
func findAssignment(t *text, at int) Span {
	if t.at(at) == '>' {
		return t.element(at)
	}
	if c := t.at(at + 1); c == '=' || c == ':' {
		return Span{} // a comparison, a path
	}
	sign := at
	if t.at(at) == '=' && t.at(at-1) == ':' {
		sign-- // := of Go, Pascal and Python
	}
	until := t.back(sign, 4, blank)
	if t.at(until-1) == ']' {
		until-- // environ['SECRET_KEY'] = 'x'
	}
	until = t.back(until, 4, quoteByte)
	if t.at(at) == '=' && t.endsWithFold(until, " string") {
		until = t.back(until-len(" string"), 4, blank|colon1) // const apiKey string = "x"
	}
	name := t.nameBefore(until)
	if name == "" && t.at(at) == '=' {
		name = t.attributeBefore(until)
	}
	if name == "" && t.keyBefore(until) {
		return t.keyValue(at + 1)
	}
	if name == "" {
		return Span{}
	}
	if name == "authorization" && t.at(at) == ':' {
		if span := t.headerValue(at + 1); span.Until > 0 {
			return span
		}
	}
	from := at + 1
	if t.at(at) == '=' && t.at(from) == '>' {
		from++
	}
	span := t.valueAt(from, weak[name], t.at(at) == ':')
	if span.Until > 0 && name == "pwd" && strings.IndexByte("/~", t.at(span.From)) >= 0 {
		return Span{} // the shell's working folder
	}
	return span
}

// attributeBefore is the secret's name of an element whose value is given in an
// attribute of its own: name="password" value="…". "" where there is none.
func (t *text) attributeBefore(until int) string {
	const value = "value"
	if !t.startsFold(until-len(value), value) {
		return ""
	}
	end := t.back(until-len(value), 4, blank)
	if end == until-len(value) || t.at(end-1) != '"' && t.at(end-1) != '\'' {
		return ""
	}
	return t.nameBefore(end - 1)
}

// headerValue finds the credential of an authorization header, whatever its
// scheme (RFC 9110, 11.6.2).
func (t *text) headerValue(from int) Span {
	scheme := t.run(from, 4, blank)
	end := t.run(scheme, maxName, word|dash)
	value := t.run(end, 4, blank)
	if end == scheme || value == end {
		return Span{}
	}
	until := t.long(value, credentialRun)
	if t.at(until) == ':' {
		until = t.long(until+1, credentialRun)
	}
	if until-value < 8 || !t.machine(value, until) {
		return Span{}
	}
	return Span{value, until, bearer}
}

// findDefine finds the value in define('DB_PASSWORD', '…').
func findDefine(t *text, at int) Span {
	if c := t.at(at - 1); c != '\'' && c != '"' {
		return Span{}
	}
	const define = "define("
	name := t.nameBefore(at - 1)
	open := t.back(at-1, maxName, scored) - 1
	if name == "" && !t.endsWithFold(at-1, "_KEY") && !t.endsWithFold(at-1, "_SALT") || !t.startsFold(open-len(define), define) {
		return Span{}
	}
	return t.valueAt(at+1, false, false)
}

// findEscapedAssignment finds the value in password%3D….
func findEscapedAssignment(t *text, at int) Span {
	if !t.starts(at, "%3D") && !t.starts(at, "%3d") {
		return Span{}
	}
	name := t.nameBefore(at)
	if name == "" {
		return Span{}
	}
	from := at + len("%3D")
	until := t.run(from, maxPassword, valueByte)
	if i := strings.Index(t.slice(from, until), "%"); i >= 0 {
		until = from + i
	}
	got := t.slice(from, until)
	if len(got) < 4 || !isValue(got) || weak[name] && (len(got) < 8 || !machineMade(got)) {
		return Span{}
	}
	return Span{from, until, secret}
}

// element finds the value in <password>…</password>.
func (t *text) element(at int) Span {
	name := t.nameBefore(at)
	if name == "" || t.at(t.back(at, maxName, dashed|dot|colon1)-1) != '<' {
		return Span{}
	}
	until := t.long(at+1, valueRun)
	if !t.starts(until, "</") || until-at < 5 || !isValue(t.slice(at+1, min(until, at+1+maxJudged))) {
		return Span{}
	}
	return Span{at + 1, until, secret}
}

// valueAt finds a value, in quotes or up to the next break. A prose value stood
// behind a colon, where many a plain word stands too.
func (t *text) valueAt(from int, weak, colon bool) Span {
	value := t.run(from, 8, blank|backslash)
	value = t.run(value, 4, quoteByte&^backslash&^apostrophe) // ** of Markdown, `
	value = t.run(value, 4, blank)
	spaced := strings.ContainsAny(t.slice(from, value), " \t")
	quote := byte(0)
	if c := t.at(value - 1); value > from && (c == '`' || c == '"' || c == '\'') {
		quote = c
	} else if c := t.at(value); c == '"' || c == '\'' || c == '`' {
		quote = c
		value++
	}
	if span := findPrivateKey(t, value); span.Until > 0 {
		return span
	}
	until := t.valueEnd(value, quote)
	if until-value < 4 {
		return Span{}
	}
	got := t.slice(value, min(until, value+maxJudged))
	if strings.Contains(got, "://") && !strings.Contains(got, "@") {
		return Span{} // an address
	}
	if !isValue(got) || weak && (len(got) < 8 || !machineMade(got) || !strings.ContainsAny(got, "0123456789") && !isShuffled(got)) {
		return Span{}
	}
	if quote == 0 && (t.at(until) == '(' || t.at(until) == '<') {
		return Span{} // a call, a type
	}
	if quote == 0 && colon && spaced && isPlain(got) && t.goesOn(until) {
		return Span{}
	}
	return Span{value, until, secret}
}

// maxValue bounds a value in quotes.
const maxValue = 1024

// valueEnd is where a value ends: at its quote, or at what separates values.
func (t *text) valueEnd(from int, quote byte) int {
	if quote == 0 {
		return t.unquotedEnd(from)
	}
	return t.closing(from, min(len(t.s), from+maxValue), quote)
}

// unquotedEnd takes a stroke into a value that is not an escape.
func (t *text) unquotedEnd(from int) int {
	for n := 0; ; n++ {
		until := t.long(from, valueRun)
		if n == 8 || t.at(until) != '\\' || strings.IndexByte(`nrt"'`, t.at(until+1)) >= 0 || until+1 >= len(t.s) {
			return until
		}
		from = until + 1
	}
}

// isValue leaves out what is masked already, a reference, a placeholder, or
// said not to be there.
func isValue(s string) bool {
	if strings.IndexByte("[$%{<", s[0]) >= 0 || strings.Trim(s, "*.xX-_#?") == "" || strings.HasPrefix(s, "•") || strings.HasPrefix(s, "…") {
		return false
	}
	if hasPlaceholderStart(s) {
		return false
	}
	return len(s) > maxPlaceholder || !placeholders[strings.ToLower(strings.Trim(s, ".!?*_"))] && !isVariable(s)
}

// hasPlaceholderStart reports whether a value says whose it should be:
// your_password.
func hasPlaceholderStart(s string) bool {
	for _, start := range []string{"your_", "your-", "my_", "YOUR_", "YOUR-", "MY_"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

// maxPlaceholder is the length of the longest placeholder.
const maxPlaceholder = 32

// isVariable tells the name of a variable, MY_API_KEY, from a value.
func isVariable(s string) bool {
	scores := 0
	for i := range len(s) {
		switch {
		case s[i] == '_':
			scores++
		case !upper.has(s[i]):
			return false
		}
	}
	return scores > 0
}

// placeholders stand where a secret would: they say that there is none, or
// which one belongs there.
var placeholders = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(`none null nil true false undefined empty string required optional hidden redacted masked missing invalid unset
		password passwd pass pwd passwort secret token key value your-password your_password yourpassword mypassword my-password my_password
		your-token your_token yourtoken your-api-key your_api_key your-secret your_secret your_key your-key api-key api_key apikey changeme change-me example
		placeholder correct incorrect wrong protected encrypted hashed expired valid reset needed disabled enabled default blank`) {
		all[word] = true
	}
	return all
}()

// isPlain reports whether a value is a word of prose.
func isPlain(s string) bool {
	s = strings.TrimRight(s, ".!?")
	for i := range len(s) {
		if !prose.has(s[i]) {
			return false
		}
	}
	return true
}

// goesOn reports whether the line has more words.
func (t *text) goesOn(at int) bool {
	at = t.run(at, 8, blank)
	c := t.at(at)
	return (word | nonASCII).has(c) || c == ',' || c == ';'
}

// findURLPassword finds name:password, or one long key, between :// and @.
func findURLPassword(t *text, at int) Span {
	if !t.starts(at, "://") || !t.is(at-1, word) {
		return Span{}
	}
	const limit = 512
	from := at + len("://")
	end := t.run(from, limit, hostByte)
	user := t.slice(from, end)
	n := strings.LastIndexByte(user, '@')
	if n < 0 {
		return Span{}
	}
	user = user[:n]
	_, secret, parted := strings.Cut(user, ":")
	if parted && (secret == "" || !isValue(secret)) || !parted && (len(user) < 16 || !machineMade(user)) || t.at(from) == '[' {
		return Span{}
	}
	return Span{from, from + n, password}
}
