package redact

// The bounds of a value that is called some key, or stands beside a secret's name
// in another way than by assignment: it must look drawn at random.
const (
	minDrawn       = 20 // characters
	minDrawnBeside = 12
	maxSmallRun    = 14
)

// commonKeys are keys that lock nothing.
var commonKeys = []string{"primary", "foreign", "public", "partition", "sort", "cache", "hot", "registry", "unique", "composite", "translation", "index", "group", "grouping", "row", "shard", "storage", "object", "s3", "idempotency", "map", "hash", "project", "issue", "host", "pub", "dedup", "i18n", "sentry", "event", "resource", "component", "react", "file", "image", "build", "restore", "routing", "message", "query"}

// keyBefore reports whether a name that ends in "key" ends at a place:
// chartmogul_key, appointeddKey, Key.
func (t *text) keyBefore(until int) bool {
	const key = "key"
	if !t.startsFold(until-len(key), key) {
		return false
	}
	before := t.back(until-len(key), 2, underscore|dash|dot|blank)
	if before < until-len(key)-1 {
		return false
	}
	for _, w := range commonKeys {
		if t.endsWithFold(before, w) {
			return false
		}
	}
	return true
}

// keyValue finds the value of some key: it must be long, and drawn at random.
func (t *text) keyValue(from int) Span {
	span := t.valueAt(from, true, false)
	if span.Until-span.From < minDrawn || !isDrawn(t.slice(span.From, min(span.Until, span.From+maxJudged))) {
		return Span{}
	}
	return span
}

// isDrawn reports whether a value was drawn at random: letters and digits that
// change often, and no words, path or address.
func isDrawn(s string) bool {
	changes, digits, smalls := 0, 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case digit.has(c):
			digits++
		case !(dashed|base64Sign).has(c) && c != '|' && c != ':' || c == '/' && i == 0:
			return false
		}
		if smalls++; !lower.has(c) {
			smalls = 0
		}
		if smalls > maxSmallRun {
			return false
		}
		if i > 0 && digit.has(c) != digit.has(s[i-1]) {
			changes++
		}
	}
	return digits >= 3 && digits < len(s) && changes >= 3 || isShuffled(s)
}

// isShuffled reports whether capitals and small letters change as often as if they
// were drawn at random: at two places in five, and one in three is a capital.
func isShuffled(s string) bool {
	const minShuffled = 16
	changes, capitals := 0, 0
	for i := range len(s) {
		if upper.has(s[i]) {
			capitals++
		}
		if i > 0 && upper.has(s[i]) != upper.has(s[i-1]) {
			changes++
		}
	}
	return len(s) >= minShuffled && capitals*3 >= len(s) && changes*5 >= 2*(len(s)-1)
}

// findBeside finds the value beside a secret's name that no sign of assignment
// parts from it: token - 'x', and in tables apiKey | x.
func findBeside(t *text, at int) Span {
	table := t.at(at) == '|'
	if !t.is(at-1, blank) && !table || !t.is(at+1, blank) && !table {
		return Span{}
	}
	until := t.back(t.back(at, 4, blank), 4, quoteByte)
	if t.nameBefore(until) == "" {
		return Span{}
	}
	value := t.run(at+1, 4, blank)
	if c := t.at(value); !table && c != '\'' && c != '"' && c != '`' {
		return Span{}
	}
	span := t.valueAt(at+1, true, false)
	if span.Until-span.From < minDrawnBeside || !isDrawn(t.slice(span.From, min(span.Until, span.From+maxJudged))) {
		return Span{}
	}
	return span
}

// findArgument finds the value that a call gives a secret's name, as in
// Set("X-Api-Key", "x").
func findArgument(t *text, at int) Span {
	c := t.at(at - 1)
	if c != '\'' && c != '"' || t.nameBefore(at-1) == "" && !t.keyBefore(at-1) {
		return Span{}
	}
	open := t.back(at-1, maxName, dashed) - 1
	if t.at(open) != c || t.at(open-1) != '(' || !t.is(open-2, word) {
		return Span{}
	}
	value := t.run(at+1, 4, blank)
	if q := t.at(value); q != '\'' && q != '"' {
		return Span{}
	}
	span := t.valueAt(at+1, true, false)
	if span.Until-span.From < minDrawnBeside || !isDrawn(t.slice(span.From, min(span.Until, span.From+maxJudged))) {
		return Span{}
	}
	return span
}
