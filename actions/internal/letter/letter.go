// Package letter reads a mail: its parts, whether a person or a program wrote
// it, and which of its words are the writer's own. It opens no connection and
// keeps nothing; how mails arrive and what is counted of them is for its callers.
//
// Structure, charsets and transfer encodings are those of emersion/go-message.
// A mail that breaks the standards is read as far as it goes, and Broken says so.
package letter

import (
	"bytes"
	"strings"

	"github.com/emersion/go-message"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Letter is one mail as it was read.
type Letter struct {
	Subject   string          // decoded, on one line
	Topic     string          // the subject where the writer chose it; empty in an answer, which repeats that of another mail
	Text      string          // what the writer wrote, without what it quotes: plain text, valid UTF-8
	Automatic bool            // written by a program: a bounce, an automatic answer, an invitation, bulk
	Unread    bool            // it holds something, and nothing that could be read
	Broken    bool            // its structure broke off: what came before was read
	Endless   bool            // it has more parts than are read
	Exports   [][]byte        // of telemetry: JSON, unpacked
	Refused   map[Refusal]int // attachments that were not taken
}

// Refusal is why something that came by mail was not taken. It is reported with
// a count: no name and no value that a stranger wrote is.
type Refusal string

// The refusals of attachments, in words that a count stands before.
const (
	Archived    Refusal = "in an archive"
	Damaged     Refusal = "damaged"
	PackedTwice Refusal = "packed twice"
	TooLarge    Refusal = "too large"
	TooMany     Refusal = "too many for one mail"
	Enclosed    Refusal = "in a winmail.dat"
)

// The limits of what is read of one mail.
const (
	maxText    = 64 << 10 // bytes of the writer's words
	maxRead    = 8 * maxText
	maxParts   = 100
	maxDepth   = 10
	maxHeader  = 256 << 10 // bytes
	maxSubject = 1000      // bytes
	// MaxExports is how many bytes the exports of a mail may hold when unpacked.
	MaxExports = 4 << 20
	maxExports = 10 // attachments
)

// Read reads a mail from its header and its body, as Split returns them.
func Read(header Header, body []byte) Letter {
	r := &reader{letter: Letter{Refused: map[Refusal]int{}}}
	l := &r.letter
	words := r.message(header, body, 0, false)
	l.Subject, l.Topic, l.Text = words.subject, words.topic, cut(words.text, maxText)
	evidence := 0
	if words.original {
		evidence = words.evidence + header.evidence(l.Subject)
	}
	many := (words.toMany || evidence >= enough) && (!header.isDiscussed() || header.isAnnounced())
	l.Automatic = header.automatic(l.Subject, words.text) || r.program || words.unattended || many || evidence >= 2*enough
	l.Unread = l.Text == "" && !r.readable && len(l.Exports)+len(l.Refused) == 0 && len(bytes.TrimSpace(body)) > 0
	return *l
}

// Markdown is the text of a mail, which is none, as Markdown that reads the same.
func (l Letter) Markdown() string { return literally.Replace(l.Text) }

var literally = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `~`, `\~`, `<`, `\<`, `[`, `\[`, `]`, `\]`, `#`, `\#`, `>`, `\>`)

// words are those of one message: a mail, or a mail that is attached to it.
type words struct {
	subject, topic, text string
	toMany               bool // they end as what is sent to many does
	unattended           bool // they tell that a program wrote them
	original             bool // they answer and hand on nothing
	evidence             int  // how many signs of a template they bear
}

// reader gathers what is read of a mail.
type reader struct {
	letter   Letter
	parts    int
	exported int  // bytes of exports so far
	program  bool // a part was found that only programs write
	readable bool // some part held text, whoever's words it is
}

// message reads a message; one that is attached is handed on as a whole.
func (r *reader) message(header Header, body []byte, depth int, attached bool) words {
	subject := header.subject()
	m := &texts{reader: r, forwards: header.forwards(subject)}
	m.part(header.Header, body, depth)
	o := origin{subject: stem(subject), answers: header.answers(subject), forwards: attached || header.forwards(subject)}
	plain, markup := toLines(m.plain.String()), pageLines(m.markup.String(), false)
	r.readable = r.readable || hasText(plain) || hasText(markup)
	said, quoted, handed := ownWords(plain, o)
	saidHTML, quotedHTML, handedHTML := ownWords(markup, o)
	if said == "" && saidHTML == "" && len(quotedHTML) > 0 {
		// Some write into the very element that their program quotes in.
		saidHTML, quotedHTML, handedHTML = ownWords(pageLines(m.markup.String(), true), o)
	}
	text := merge(without(said, quotedHTML, saidHTML), without(saidHTML, quoted, said))
	w := words{subject: subject, topic: subject, text: text}
	if !answerPrefix.MatchString(subject) && !handed && !handedHTML {
		if w.original = depth == 0 && !o.forwards && len(quoted)+len(quotedHTML) == 0; w.original {
			w.evidence = max(lineEvidence(said), lineEvidence(saidHTML)) + layoutEvidence(m.markup.String())
			if m.plain.Len() == 0 && m.markup.Len() > 0 {
				w.evidence++
			}
		}
	}
	if !o.answers && !handed && !handedHTML {
		w.toMany, w.unattended = isToMany(said) || isToMany(saidHTML), isUnattended(said) || isUnattended(saidHTML)
	}
	if o.answers && !o.forwards && (header.threaded() || len(quoted)+len(quotedHTML) > 0) {
		w.topic = ""
	}
	for _, inner := range m.attached {
		w.text = strings.TrimSpace(strings.TrimSpace(w.text+"\n\n"+inner.subject) + "\n\n" + inner.text)
	}
	return w
}

func hasText(lines []string) bool {
	for _, line := range lines {
		if line != "" && !isArmor(line) {
			return true
		}
		if encrypted.MatchString(line) {
			return false // what follows is for whoever has the key
		}
	}
	return false
}

var (
	encrypted = lazyregexp.New(`^-----BEGIN PGP MESSAGE-----$`)
	armor     = lazyregexp.New(`^-----BEGIN PGP |^-----END PGP |^Hash: SHA|^_{5,}$`)
)

func isArmor(line string) bool { return armor.MatchString(line) }

// merge joins the words of the plain part and of the HTML part: the one may say
// next to nothing where the other says it all. Where both say the same it stands once.
func merge(plain, markup string) string {
	switch {
	case plain == "":
		return markup
	case markup == "", flat(plain) == flat(markup):
		return plain
	}
	return plain + "\n\n" + markup
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut is the beginning of a text, of at most n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

func init() { message.CharsetReader = charsetReader } // the library's one place for it
