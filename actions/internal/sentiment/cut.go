package sentiment

import "strings"

// cut takes out of a text what its writer did not say: code, quotes, stack
// traces, addresses, markup and names that are mentioned. Where something
// stood, a space is left. It is linear in the text.
//
// It is rougher than package text, which reads all of Markdown, and with the
// tokens takes a fourth of its time; and it knows quotes of mail whose lines
// were run together.
func cut(body string) string {
	var out strings.Builder
	out.Grow(len(body))
	fenced, blank := false, true
	for line := range strings.Lines(body) {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")
		switch {
		case fence && !closes(trimmed):
			fenced = !fenced
		case fence, !fenced && !isForeign(line, trimmed, blank):
			cutLine(&out, line)
		}
		blank = trimmed == ""
	}
	return out.String()
}

// closes reports whether a fence ends in the line in which it begins.
func closes(line string) bool { return strings.Contains(line[3:], line[:3]) }

// isForeign reports whether a whole line is a quote, indented code, or a line
// of a stack trace.
func isForeign(line, trimmed string, afterBlank bool) bool {
	switch {
	case strings.HasPrefix(trimmed, ">"):
	case afterBlank && (strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")):
	case strings.HasPrefix(trimmed, "at ") && strings.HasSuffix(trimmed, ")"):
	case strings.HasPrefix(trimmed, `File "`), strings.HasPrefix(trimmed, "Traceback ("), strings.HasPrefix(trimmed, "Caused by:"):
	default:
		return false
	}
	return true
}

// cutLine copies a line without what is foreign in it.
func cutLine(out *strings.Builder, line string) {
	for at := 0; at < len(line); {
		if n := foreign(line, at); n > 0 {
			out.WriteByte(' ')
			at += n
			continue
		}
		out.WriteByte(line[at])
		at++
	}
	out.WriteByte('\n')
}

// longest is how long a span of code, a link or a tag within a line may be: so
// many that are never closed cost no more than as many that are.
const longest = 1000

// foreign is the length of what begins here and was not said by the writer; 0
// where the writer speaks.
func foreign(line string, at int) int {
	rest := line[at:]
	switch rest[0] {
	case '`':
		return codeSpan(rest)
	case '<':
		return tag(rest)
	case ']':
		if strings.HasPrefix(rest, "](") {
			return through(rest[:min(len(rest), longest)], ")")
		}
	case '@':
		return 1 + wordLength(rest[1:])
	case 'w':
		if strings.HasPrefix(rest, "www.") {
			return chunk(rest)
		}
		if after, found := strings.CutPrefix(rest, "wrote:"); found && strings.HasPrefix(strings.TrimSpace(after), ">") {
			return len(rest)
		}
	case 'h', 'f', 'g':
		if head := rest[:min(len(rest), 8)]; strings.HasPrefix(head, "http://") || head == "https://" || strings.HasPrefix(head, "ftp://") || strings.HasPrefix(head, "git://") {
			return chunk(rest)
		}
	}
	return 0
}

// codeSpan is the length of code between equal runs of backticks; of the
// backticks alone where they are never closed.
func codeSpan(s string) int {
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	end := strings.Index(s[ticks:min(len(s), ticks+longest)], s[:ticks])
	if end < 0 {
		return ticks
	}
	return ticks + end + ticks
}

// tag is the length of a tag of HTML.
func tag(s string) int {
	if len(s) < 3 || s[1] != '/' && s[1] != '!' && !isLetter(s[1]) {
		return 0
	}
	return through(s[:min(len(s), longest)], ">")
}

// through is the length until an end, inclusive; 0 where there is none.
func through(s, end string) int {
	if at := strings.Index(s, end); at >= 0 {
		return at + len(end)
	}
	return 0
}

// chunk is the length until the next space or closing bracket.
func chunk(s string) int {
	if at := strings.IndexAny(s, " \t\n)>]\""); at >= 0 {
		return at
	}
	return len(s)
}

// wordLength is the length of the name at the start.
func wordLength(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || s[n] == '-' || s[n] == '_') {
		n++
	}
	return n
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
