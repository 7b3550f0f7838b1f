package redact

// finder looks for one thing at a place where its first byte, or the byte that
// gives it away, stands. The zero Span is no find.
type finder func(t *text, at int) Span

// callers are the finders by the byte that calls them, in the order in which
// they are asked.
var callers [256][]finder

func init() { callers = callTable() }

func callTable() (table [256][]finder) {
	called := map[byte]bool{}
	call := func(bytes string, f finder) {
		for i := range len(bytes) {
			table[bytes[i]] = append(table[bytes[i]], f)
		}
	}
	for c, known := range providersByStart {
		if known != nil {
			table[c] = append(table[c], findProvider)
		}
	}
	call("_", findRandom)
	call("e", findJWT)
	call("bBtTaAdD", findScheme)
	call("hdaomewHDAOMEW", findWebhook)
	call("/", findHookPath)
	call(":.~-|!_", findInfix)
	call("-", findPrivateKey)
	call("P", findPuTTYKey)
	call("-", findOption)
	call(":", findURLPassword)
	call(":=>", findAssignment)
	call("=", findSignature)
	call("$", findCrypt)
	call(",", findDefine)
	call(",", findArgument)
	call("-|", findBeside)
	call("%", findEscapedAssignment)
	call(".", findEmbeddedID)
	call("@=", findLogin)
	call("@%&\\=", findEmail)
	call("[({<_-|*", findSpelledEmail)
	for w := range bareWords {
		for _, c := range startsOf(w) {
			if !called[c] {
				called[c] = true
				call(string([]byte{c}), findSpelledEmail)
			}
		}
	}
	call("/%", findHome)
	call(`\%`, findWindowsHome)
	call(":-", findMAC)
	call(".", findDottedMAC)
	call(":", findIPv6)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", findIBAN)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZ", findNINO)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZ", findFiscalCode)
	call("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", findMarkedKey)
	call("XYZ", findDNI)
	call("0123456789", findNumber)
	call("+(", findPhone)
	for _, starts := range proseStarts() {
		table[starts] = append(table[starts], findProsePassword)
	}
	return table
}

// Find finds what must not leave: sorted, and no two spans share a byte.
func Find(s string) []Span {
	f := fold(s)
	t := &text{s: f.s}
	found := t.find()
	for i := range found {
		found[i] = f.span(found[i])
	}
	return found
}

// find asks the finders at each byte that calls them.
func (t *text) find() []Span {
	var found []Span
	for i := 0; i < len(t.s); i++ {
		for _, find := range t.calls(i) {
			span := find(t, i)
			if span.Until == 0 || len(found) > 0 && span.From < i && found[len(found)-1].Until == i {
				continue // nothing, or what makes it up is hidden already
			}
			found = join(found, span)
			if span.Kind == accessKey {
				found = append(found, t.secretAfter(span.Until)...)
			}
			i = max(i, found[len(found)-1].Until-1)
			break
		}
	}
	return found
}

// join appends a span, and takes in those that it overlaps.
func join(found []Span, span Span) []Span {
	for n := len(found); n > 0 && span.From < found[n-1].Until; n = len(found) {
		span.From = min(span.From, found[n-1].From)
		span.Until = max(span.Until, found[n-1].Until)
		found = found[:n-1]
	}
	return append(found, span)
}

// maxJudged is how many bytes of a value are looked at to see what made it.
const maxJudged = 96

// machineMade reports whether a value looks made by a machine: letters and
// digits, or both cases within a word.
func machineMade(s string) bool {
	var digits, small, inner bool
	for i := range min(len(s), maxJudged) {
		switch c := s[i]; {
		case digit.has(c):
			digits = true
		case lower.has(c):
			small = true
		case upper.has(c) && i > 0:
			inner = true
		}
		if digits && (small || inner) {
			return true
		}
	}
	return small && inner && len(s) >= 16
}

// machine is machineMade of a part of the text.
func (t *text) machine(from, until int) bool {
	return machineMade(t.slice(from, min(until, from+maxJudged)))
}
