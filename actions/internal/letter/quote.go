package letter

import (
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// origin is what the header of a mail tells of the mails that it quotes.
type origin struct {
	subject  string // without prefixes, in small letters
	answers  bool   // it answers another mail
	forwards bool   // it hands on another mail: all of it counts
}

// toLines are the lines of a plain text, without indentation. The delimiter of a
// signature (RFC 3676) is kept apart from two dashes that somebody typed.
func toLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.TrimRight(line, "\r") == "-- " {
			lines[i] = signature
			continue
		}
		lines[i] = strings.Join(strings.Fields(strings.Map(visible, line)), " ")
	}
	return lines
}

const signature = "\x00-- "

// maxSignature is how many lines a signature has: what is longer is text.
const maxSignature = 15

// visible takes out the marks of direction that some languages put around names
// and addresses, and what has no width.
func visible(r rune) rune {
	switch {
	case r == 0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff, r == 0xad:
		return -1
	}
	return r
}

// ownWords parts the lines of a mail in what its writer wrote and what the mail
// quotes. A quotation is recognised by its form, in any language: the sign before
// its lines, the line that tells who wrote it when, or the head of a whole mail. Of
// a mail that hands on another one, all is the writer's; handedOn says so.
func ownWords(lines []string, o origin) (own string, quoted []string, handedOn bool) {
	w := writing{origin: o, lines: lines, handedOn: o.forwards}
	if o.answers {
		w.lines = withoutInitials(lines)
	}
	for w.at < len(w.lines) {
		if !w.next() {
			w.quoted = append(w.quoted, w.lines[w.at:]...)
			break
		}
	}
	return strings.TrimSpace(strings.Join(w.kept, "\n")), w.quoted, w.handedOn
}

// writing goes through the lines of a mail.
type writing struct {
	origin
	lines    []string
	at       int
	kept     []string
	quoted   []string
	handedOn bool
	bar      bool       // quoted lines begin with a bar, too
	ruled    bool       // the last line was drawn
	heads    []headLine // what each line holds of a head, once it was asked for
}

// next takes in a line, and reports whether the writer's words may go on behind it.
func (w *writing) next() bool {
	line := w.lines[w.at]
	switch {
	case groupWise.MatchString(line) && !w.handedOn:
		return false
	case isQuoted(line, w.bar) && !w.handedOn:
		plain := unquote(line)
		// What is quoted may itself hand on a mail: only at the beginning is that the writer's doing.
		if w.handedOn = isForwardMark(plain) && len(w.quoted) == 0; !w.handedOn {
			w.quoted = append(w.quoted, plain)
		}
		w.at++
		return true
	case isQuoted(line, w.bar):
		line = unquote(line)
	case line == signature:
		if !w.handedOn && len(w.lines)-w.at <= maxSignature+1 {
			return w.skipSignature()
		}
		line = "--"
	}
	if isForwardMark(line) {
		w.handedOn = true
		w.at++
		return true
	}
	if !w.handedOn {
		if n := w.attribution(); n > 0 {
			w.quoted = append(w.quoted, w.lines[w.at:w.at+n]...)
			w.at += n
			return w.quoteFollows()
		}
		if w.quotesRest(line) {
			return false
		}
	}
	w.keep(line)
	w.at++
	return true
}

// keep adds a line to the writer's words. Drawn lines are none.
func (w *writing) keep(line string) {
	if isRule(line) {
		w.ruled, line = true, ""
	} else if line != "" {
		w.ruled = false
	}
	if line != "" || len(w.kept) > 0 && w.kept[len(w.kept)-1] != "" {
		w.kept = append(w.kept, line)
	}
}

// skipSignature passes over a signature, up to where a mail is quoted.
func (w *writing) skipSignature() bool {
	for w.at++; w.at < len(w.lines); w.at++ {
		if isQuoted(w.lines[w.at], w.bar) || w.attribution() > 0 || isForwardMark(w.lines[w.at]) {
			return true
		}
	}
	return true
}

// quotesRest reports whether a line begins a mail that is quoted to the end.
func (w *writing) quotesRest(line string) bool {
	if notesLine.MatchString(line) {
		return true
	}
	if marker.MatchString(line) && !isArmor(line) {
		if original.MatchString(line) || address.MatchString(line) && hour.MatchString(line) && (year.MatchString(line) || dotted.MatchString(line)) {
			return true
		}
		if at := w.nonEmpty(w.at + 1); w.head(at, true) {
			if !w.answers && len(w.kept) == 0 {
				w.handedOn = true // nothing but another mail: it is handed on
				return false
			}
			return true
		}
	}
	if w.head(w.at, w.ruled) {
		if w.answers || len(w.kept) > 0 || w.ruled {
			return true
		}
	}
	return false
}

// nonEmpty is the place of the next line that says something.
func (w *writing) nonEmpty(at int) int {
	for at < len(w.lines) && (w.lines[at] == "" || isRule(w.lines[at])) {
		at++
	}
	return at
}

var (
	forwardMark = lazyregexp.New(`(?i)^[-_* ]*(?:begin )?(?:forwarded (?:message|mail)|weitergeleitete nachricht|(?:anfang der )?weitergeleitete[n]? (?:e-?mail|nachricht)|(?:début du )?message (?:transféré|réexpédié)|mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|begin doorgestuurd bericht|videresendt (?:meddelelse|melding)|vidarebefordrat meddelande|edelleenlähetetty viesti|välitetty viesti|przekazana wiadomość|přeposlaná zpráva|továbbított üzenet|пересылаемое (?:сообщение|письмо)|пересланное сообщение|iletilen ileti|转发的邮件|转发邮件|轉寄郵件|転送(?:された)?メッセージ|전달된 메시지)[-_* ]*[:：]?$`)
	gmailMark   = lazyregexp.New(`^-{10} \p{L}[^-]{3,60} -{9}$`) // Gmail writes it so in each language, and before no answer
	original    = lazyregexp.New(`(?i)^[-_ ]{2,}(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d['’]origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|původní zpráva|eredeti üzenet|orijinal mesaj|原始邮件|原始郵件|原邮件|元のメッセージ|원본 메시지)[-_ ]{2,}$`)
	marker      = lazyregexp.New(`^[-_=*~─—]{2,} ?\p{L}.{0,80}?[-_=*~─—]{2,}$`)
	notesLine   = lazyregexp.New(`^\S.{0,80} ---\s?\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d{1,2}[:.]\d\d.*---`) // Lotus Notes
	groupWise   = lazyregexp.New(`^>>> \S.{0,120}\d{1,2}[:.]\d\d.{0,10} >>>$`)                            // GroupWise
	ruleLine    = lazyregexp.New(`^[_─—]{5,}$|^[-=*]{4,}$`)
)

func isForwardMark(line string) bool {
	return len(line) < 120 && (forwardMark.MatchString(line) || gmailMark.MatchString(line))
}

func isRule(line string) bool { return ruleLine.MatchString(line) }

// initials are what some programs put before the sign of a quotation: BR> it broke.
var initials = lazyregexp.New(`^\p{Lu}\p{L}{0,3}(>+(?: |$))`)

// prompts stand before such a sign, too, and are those of shells.
var prompts = map[string]bool{"PS": true, "SQL": true, "C": true}

// withoutInitials are lines whose sign of a quotation has no initials before it.
func withoutInitials(lines []string) []string {
	plain := make([]string, len(lines))
	for i, line := range lines {
		if m := initials.FindStringSubmatchIndex(line); m != nil && !prompts[line[:m[2]]] {
			line = line[m[2]:]
		}
		plain[i] = line
	}
	return plain
}

// isQuoted reports whether a line begins with the sign of a quotation. Some
// mailboxes put one before a line that begins with From.
func isQuoted(line string, bar bool) bool {
	if bar && (line == "|" || strings.HasPrefix(line, "| ")) {
		return true
	}
	return strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">From ") || strings.HasPrefix(line, "＞")
}

func unquote(line string) string { return strings.TrimLeft(line, "> ＞|") }

// The forms of an attribution: On Monday, 26 January 2026 at 10:00, Ann wrote.
var (
	wrote    = lazyregexp.New(`(?i)^(?:on|am|le|el|il|op|em|den|dnia|w dniu|dne) .*(?:\b(?:19|20)\d\d\b|@|\d[./]\d+[./]\d).*(?:\b(?:wrote|a écrit|escribió|ha scritto|escreveu|skrev)\b ?.{0,80}[:：]|\b(?:schrieb|schreef|skrev)\b.{0,120}[:：]|(?:napisał|napsal).{0,80}[:：])$`)
	year     = lazyregexp.New(`(?:^|[^\p{Nd}])(?:(?:19|20)\p{Nd}\p{Nd}|[١٢۱۲]\p{Nd}{3})(?:[^\p{Nd}]|$)`)
	dotted   = lazyregexp.New(`(?:^|[^\p{Nd}.])\p{Nd}{1,2}[./-]\s?\p{Nd}{1,2}[./-]\s?\p{Nd}{2,4}(?:[^\p{Nd}]|$)`)
	hour     = lazyregexp.New(`(?:^|[^\p{Nd}])\p{Nd}{1,2}[:.h٫]\p{Nd}{2}(?:[^\p{Nd}]|$)`)
	bracket  = lazyregexp.New(`[<(\[]\s?(?:mailto:)?[^\s<>()@]+@[^\s<>()@]+\.[^\s<>()@]+\s?[>)\]]`)
	address  = lazyregexp.New(`[^\s<>()@]+@[^\s<>()@]+\.\p{L}{2,}`)
	colonEnd = lazyregexp.New(`[:：]$`)
)

const (
	maxAttribution = 500 // bytes
	maxNames       = 8   // words of an attribution that names no address
)

// attribution is how many lines, up to three, tell who wrote when what is quoted
// behind them; zero where they do not.
func (w *writing) attribution() int {
	line := ""
	for n := 1; n <= 3 && w.at+n <= len(w.lines); n++ {
		next := w.lines[w.at+n-1]
		folded := n > 1 && closing.MatchString(next) && strings.LastIndexByte(line, '<') > strings.LastIndexByte(line, '>')
		if next == "" || next == signature || isQuoted(next, w.bar) && !folded || n > 1 && !folded && w.beginsLater(n) {
			return 0
		}
		if !folded {
			next = " " + next
		}
		if line = strings.TrimSpace(line + next); len(line) > maxAttribution {
			return 0
		}
		if w.attributes(line, w.at+n) {
			return n
		}
	}
	return 0
}

// beginsLater reports whether the last of n lines from here on tell by themselves
// who wrote what follows: the first is the writer's then.
func (w *writing) beginsLater(n int) bool {
	for from := w.at + 1; from < w.at+n; from++ {
		line := strings.Join(w.lines[from:w.at+n], " ")
		if len(line) <= maxAttribution && w.attributes(line, w.at+n) {
			return true
		}
	}
	return false
}

// attributes reports whether a line tells who wrote what follows at a place.
func (w *writing) attributes(line string, behind int) bool {
	dates := func() bool { return year.MatchString(line) || dotted.MatchString(line) }
	if !colonEnd.MatchString(line) { // some programs write none
		return w.answers && bracket.MatchString(line) && dates() && (hour.MatchString(line) || w.quotedAt(behind)) && countNames(line) <= 2*maxNames && !logLine.MatchString(line)
	}
	if wrote.MatchString(line) {
		return true
	}
	date := dates()
	switch {
	case date && bracket.MatchString(line) && !logLine.MatchString(line):
		return true
	case !date && !hour.MatchString(line):
		return false
	case w.quotedAt(behind):
		return bracket.MatchString(line)
	}
	return w.answers && date && hour.MatchString(line) && len(w.kept) > 0 && countNames(line) <= maxNames && !logLine.MatchString(line)
}

// closing ends an address that was folded behind its last letter.
var closing = lazyregexp.New(`^>[^\p{L}]{0,3}[:：]?$|^>.{0,30}[:：]$`)

// logLine begins as what programs write: with a time to the second.
var logLine = lazyregexp.New(`^[\[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d`)

func countNames(line string) int {
	return len(strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' && r != '\'' }))
}

func (w *writing) quotedAt(at int) bool {
	at = w.nonEmpty(at)
	return at < len(w.lines) && (isQuoted(w.lines[at], false) || strings.HasPrefix(w.lines[at], "| "))
}

// quoteFollows reports whether the lines behind an attribution bear the sign of a
// quotation. Where they do not, all that follows is quoted.
func (w *writing) quoteFollows() bool {
	at := w.nonEmpty(w.at)
	if at == len(w.lines) {
		return true
	}
	if snipped.MatchString(w.lines[at]) {
		if at = w.nonEmpty(at + 1); at == len(w.lines) {
			return true
		}
	}
	w.bar = w.bar || strings.HasPrefix(w.lines[at], "| ")
	return isQuoted(w.lines[at], w.bar)
}

// snipped is what a writer puts in place of what was cut out of a quotation.
var snipped = lazyregexp.New(`^(?:[\[<({*-]{1,3} ?.{0,40}? ?[\])}>*-]{1,3}|\.{2,}|…|<?/?snip.{0,20})$`)

// minSame is how many bytes a line must have to be known again in the other form.
const minSame = 12

// without are the words of one form of a mail, without the lines that the other
// form shows to be quoted.
func without(own string, quoted []string, other string) string {
	own = cut(own, maxText)
	if len(quoted) == 0 || own == "" {
		return own
	}
	foreign, ours := " "+squeeze(cut(strings.Join(quoted, " "), maxText))+" ", " "+squeeze(cut(other, maxText))+" "
	var kept []string
	for _, line := range strings.Split(own, "\n") {
		said := squeeze(line)
		if len(said) >= minSame && strings.Contains(foreign, " "+said+" ") && !strings.Contains(ours, " "+said+" ") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// squeeze is the words of a text alone, for comparing what was wrapped and marked
// in another way.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " ")
}
