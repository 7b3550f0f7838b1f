package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

var syntaxLine = lazyregexp.New(`line (\d+): ?`)

// syntax explains why bytes are not YAML. What the library says of the commonest
// mistakes helps nobody, and names the line at which it gave up; so each line is
// tried with the mistake corrected, and the correction that helps is the reason.
func syntax(err error, src []byte) located {
	if found, explained := explain(string(src)); explained {
		return found
	}
	if found, foreign := strangeBytes(src); foreign {
		return found
	}
	text, at := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := syntaxLine.FindStringSubmatchIndex(text); m != nil {
		at, _ = strconv.Atoi(text[m[2]:m[3]])
		text = text[m[1]:]
	}
	return located{at, 1, "invalid YAML: " + text}
}

// strangeBytes finds the first byte that no YAML may hold: of a file that is not
// UTF-8, or a control character.
func strangeBytes(src []byte) (located, bool) {
	line, column := 1, 1
	for rest := src; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			return located{line, column, fmt.Sprintf("invalid YAML: the byte 0x%02x is not UTF-8: save the file as UTF-8", rest[0])}, true
		case r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f:
			return located{line, column, fmt.Sprintf("invalid YAML: the control character U+%04X is not allowed: delete it", r)}, true
		case r == '\n':
			line, column = line+1, 0
		}
		rest, column = rest[size:], column+1
	}
	return located{}, false
}

// correction is a line with one mistake corrected.
type correction struct {
	column int // of the mistake, from 1
	line   string
	text   string
}

// maxTries bounds how many corrections are tried, each of which reads the file.
const maxTries = 300

// explain finds the first line whose correction lets the file be read, or be
// read further.
func explain(src string) (located, bool) {
	lines := strings.Split(src, "\n")
	before, tries := reach(src), 0
	if m, found := tabs(lines); found {
		return m, true
	}
	for i, line := range lines {
		for _, c := range corrections(line) {
			if tries++; tries > maxTries {
				return indentation(lines, before)
			}
			tried := append(append(append([]string{}, lines[:i]...), c.line), lines[i+1:]...)
			if after := reach(strings.Join(tried, "\n")); after > before && after > i+1 {
				return located{i + 1, c.column, "invalid YAML: " + c.text}, true
			}
		}
	}
	return indentation(lines, before)
}

// tabs finds the first line that is indented with a tab.
func tabs(lines []string) (located, bool) {
	spaced := make([]string, len(lines))
	first := 0
	for i, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		indent := line[:len(line)-len(rest)]
		if strings.Contains(indent, "\t") && rest != "" && first == 0 {
			first = i + 1
		}
		spaced[i] = strings.ReplaceAll(indent, "\t", "  ") + rest
	}
	if first == 0 || !violatesTabs(lines, first) && reach(strings.Join(spaced, "\n")) <= reach(strings.Join(lines, "\n")) {
		return located{}, false
	}
	return located{first, strings.Index(lines[first-1], "\t") + 1, "invalid YAML: a tab is used for indentation: use spaces"}, true
}

// violatesTabs reports whether the library itself gives up at a tab, first at the
// line of that number: spaces in its place may be too few for the line to stand
// where it should. Of a tab behind a whole value it says that no token starts so.
func violatesTabs(lines []string, first int) bool {
	var doc yaml.Node
	err := yaml.Unmarshal([]byte(strings.Join(lines, "\n")), &doc)
	if err == nil {
		return false
	}
	at := fmt.Sprintf("line %d: found character that cannot start any token", first)
	return strings.Contains(err.Error(), "tab character") || strings.Contains(err.Error(), at)
}

// keyForm is a line with a key and its value, after the hyphens of lists.
var keyForm = lazyregexp.New(`^( *)((?:- +)*)[\w-]+: +[^ |>#]`)

// maxIndentations bounds how many lines are tried with another indentation.
const maxIndentations = 100

// indentation finds a line near the place where reading fails that begins at
// another column than the key above it, and helps at that column.
func indentation(lines []string, before int) (located, bool) {
	if before == whole {
		return located{}, false
	}
	last := min(len(lines), before+2)
	for i := max(1, before-maxIndentations/2); i < last; i++ {
		line := lines[i]
		at := indentOf(line)
		m := keyForm.FindStringSubmatch(lines[i-1])
		if m == nil || strings.TrimSpace(line) == "" {
			continue
		}
		for _, want := range []int{len(m[1]) + len(m[2]), len(m[1])} {
			if want == at {
				continue
			}
			tried := append(append(append([]string{}, lines[:i]...), strings.Repeat(" ", want)+line[at:]), lines[i+1:]...)
			if after := reach(strings.Join(tried, "\n")); after > before && after > i+1 {
				return located{i + 1, at + 1, fmt.Sprintf("invalid YAML: the line is indented by %s, expected %d as the key above it", humanize.Count(at, "space"), want)}, true
			}
		}
	}
	return located{}, false
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// whole is the reach of a file that can be read to its end.
const whole = 1 << 30

// reach is the line at which reading a file fails.
func reach(src string) int {
	var doc yaml.Node
	err := yaml.Unmarshal([]byte(src), &doc)
	if err == nil {
		return whole
	}
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		at, _ := strconv.Atoi(m[1])
		return at
	}
	return 0 // an alias without its anchor has no line
}

// special are the signs that mean something at the start of a value, with the
// meaning.
var special = map[byte]string{
	'>': "begins a folded text", '|': "begins a literal text", '@': "is reserved", '`': "is reserved", '%': "is reserved for directives",
	'*': "refers to an anchor", '&': "names an anchor", '!': "names a tag", '#': "begins a comment",
}

var (
	// valueForm finds the start of a value that begins with a special sign.
	valueForm = lazyregexp.New("(?:[\\[{,]\\s*|(?:^|\\s)-\\s+|:\\s+)([>|@`%*&!#][^\\s\\[{,].*|>\\s*[0-9].*|>=.*|[@`%].*)$")
	// commentForm finds a # that begins a comment within a flow list or mapping.
	commentForm = lazyregexp.New(`[\[{].*?([^\s,\[{][^,\[\]{}]*\s#)`)
	// gluedForm finds a key whose value stands at its colon, without a space.
	gluedForm = lazyregexp.New(`^ *(?:- +)*([\w-]+):([^\s/:][^:]*)$`)
	// colonForm finds a value with a colon and a space in it.
	colonForm = lazyregexp.New(`^\s*(?:-\s+)?[\w-]+:\s+([^\s'"\[{|>].*?:(?:\s.*|$))`)
)

// corrections are the ways to correct a line that may hold one of the commonest
// mistakes.
func corrections(line string) []correction {
	var all []correction
	for at := 0; at < len(line); {
		m := valueForm.FindStringSubmatchIndex(line[at:])
		if m == nil {
			break
		}
		start := at + m[2]
		value := item(line, start)
		all = append(all, correction{start + 1, quoted(line, start, value), fmt.Sprintf("%c %s at the start of a value: quote the value, as in %s", line[start], special[line[start]], quote(value))})
		at = start + 1
	}
	if m := commentForm.FindStringSubmatchIndex(line); m != nil {
		value := item(line, m[2])
		all = append(all, correction{m[3], quoted(line, m[2], value), fmt.Sprintf("# after a space begins a comment: quote the value, as in %s", quote(value))})
	}
	if m := colonForm.FindStringSubmatchIndex(line); m != nil {
		value := strings.TrimRight(line[m[2]:m[3]], " \r")
		all = append(all, correction{m[2] + 1, quoted(line, m[2], value), fmt.Sprintf("a colon and a space inside a value: quote the value, as in %s", quote(value))})
	}
	if m := gluedForm.FindStringSubmatchIndex(line); m != nil {
		all = append(all, correction{m[4], line[:m[4]] + " " + line[m[4]:], fmt.Sprintf("a space is missing behind the colon, as in %s: %s", line[m[2]:m[3]], strings.TrimRight(line[m[4]:m[5]], " \r"))})
	}
	for _, end := range []string{"]", "}", "'", `"`, "]}", "}]"} {
		opens := map[string]string{"]": "[", "}": "{", "'": "'", `"`: `"`, "]}": "[", "}]": "{"}[end]
		if i := strings.LastIndex(line, opens); i >= 0 && open(line, end) {
			text := fmt.Sprintf("%s without its closing %s", opens, end[:1])
			all = append(all, correction{i + 1, strings.TrimRight(line, " \r") + end, text})
			if value := item(line, i+1); opens == end {
				all = append(all, correction{i + 1, line[:i+1+len(value)] + end + line[i+1+len(value):], text})
			}
		}
	}
	return all
}

// open reports whether a line opens more of a bracket, or of quotes, than it
// closes.
func open(line, end string) bool {
	switch end[0] {
	case ']':
		return strings.Count(line, "[") > strings.Count(line, "]")
	case '}':
		return strings.Count(line, "{") > strings.Count(line, "}")
	}
	return strings.Count(line, end)%2 == 1
}

// item is the value that starts at a place: to the end of the line, or in a flow
// list or mapping to the next comma or bracket.
func item(line string, start int) string {
	rest := line[start:]
	if strings.ContainsAny(line[:start], "[{") {
		if end := strings.IndexAny(rest, ",]}"); end >= 0 {
			rest = rest[:end]
		}
	}
	return strings.TrimRight(rest, " \r")
}

func quoted(line string, start int, value string) string {
	return line[:start] + quote(value) + line[start+len(value):]
}

func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
