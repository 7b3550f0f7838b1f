package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var syntaxLine = regexp.MustCompile(`line (\d+): ?`)

// syntax explains why bytes are not YAML. What the library says of the commonest
// mistakes helps nobody, and names the line at which it gave up; so each line is
// tried with the mistake corrected, and the correction that helps is the reason.
func syntax(err error, src []byte) located {
	if found, explained := explain(string(src)); explained {
		return found
	}
	text, at := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := syntaxLine.FindStringSubmatchIndex(text); m != nil {
		at, _ = strconv.Atoi(text[m[2]:m[3]])
		text = text[m[1]:]
	}
	return located{at, 1, "invalid YAML: " + text}
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
				return located{}, false
			}
			tried := append(append(append([]string{}, lines[:i]...), c.line), lines[i+1:]...)
			if after := reach(strings.Join(tried, "\n")); after > before && after > i+1 {
				return located{i + 1, c.column, "invalid YAML: " + c.text}, true
			}
		}
	}
	return located{}, false
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
	if first == 0 || reach(strings.Join(spaced, "\n")) <= reach(strings.Join(lines, "\n")) {
		return located{}, false
	}
	return located{first, strings.Index(lines[first-1], "\t") + 1, "invalid YAML: a tab is used for indentation: use spaces"}, true
}

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
	valueForm = regexp.MustCompile("(?:[\\[{,]\\s*|(?:^|\\s)-\\s+|:\\s+)([>|@`%*&!#][^\\s\\[{,].*|>\\s*[0-9].*|>=.*|[@`%].*)$")
	// commentForm finds a # that begins a comment within a flow list or mapping.
	commentForm = regexp.MustCompile(`[\[{].*?([^\s,\[{][^,\[\]{}]*\s#)`)
	// colonForm finds a value with a colon and a space in it.
	colonForm = regexp.MustCompile(`^\s*(?:-\s+)?[\w-]+:\s+([^\s'"\[{|>].*?:(?:\s.*|$))`)
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
