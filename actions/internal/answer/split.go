package answer

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Decode has found the whole answer to be valid JSON, so what follows splits it without
// looking for mistakes, and without copying: json.Unmarshal would check and copy each value
// once for each value around it.

// members returns the values of an object by their names, of a name that is there twice the
// last. It reports whether raw is an object.
func members(raw []byte) (map[string]json.RawMessage, bool) {
	rest, found := opened(raw, '{')
	if !found {
		return nil, false
	}
	all := map[string]json.RawMessage{}
	for rest = skipSpace(rest); rest[0] != '}'; rest = skipComma(rest) {
		n := end(rest)
		name := text(rest[:n])
		rest = skipSpace(skipSpace(rest[n:])[1:]) // after the colon
		n = end(rest)
		all[name], rest = rest[:n:n], rest[n:]
	}
	return all, true
}

// entries returns the values of a list in their order. It reports whether raw is a list.
func entries(raw []byte) ([]json.RawMessage, bool) {
	rest, found := opened(raw, '[')
	if !found {
		return nil, false
	}
	var all []json.RawMessage
	for rest = skipSpace(rest); rest[0] != ']'; rest = skipComma(rest) {
		n := end(rest)
		all, rest = append(all, rest[:n:n]), rest[n:]
	}
	return all, true
}

// opened returns what follows a bracket, and reports whether raw begins with it.
func opened(raw []byte, bracket byte) ([]byte, bool) {
	raw = skipSpace(raw)
	if len(raw) == 0 || raw[0] != bracket {
		return nil, false
	}
	return raw[1:], true
}

func skipSpace(raw []byte) []byte { return bytes.TrimLeft(raw, " \t\r\n") }

// skipComma returns what follows a value: the next one, or the bracket at the end.
func skipComma(raw []byte) []byte {
	raw = skipSpace(raw)
	if raw[0] == ',' {
		raw = skipSpace(raw[1:])
	}
	return raw
}

// end is the length of the value that raw begins with.
func end(raw []byte) int {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i += stringEnd(raw[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i // of a number or a word at the end of what is around it
			}
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(raw)
}

// stringEnd is the length of the string that raw begins with, its quotes included.
func stringEnd(raw []byte) int {
	for i := 1; ; i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// text is what a string of JSON says.
func text(raw []byte) string {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	_ = json.Unmarshal(raw, &s) // a valid string can be read
	return s
}
