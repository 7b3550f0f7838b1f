package letter

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// A head is how mail programs write whom the mail below is from, when it was sent,
// to whom and what about: a line for each, whose names differ by language.

var (
	pair = lazyregexp.New(`^[*_> ]*(\p{L}[\p{L}\p{M} .'’()/-]{0,30}?) ?[*_]* ?(?::[*_]* ?|：)((?:[^/\\:].*)?)$`)

	// The names of the lines in common languages. They are needed only where neither
	// an address nor the subject shows what the lines are.
	sender     = lazyregexp.New(`(?i)^(?:from|von|de|da|van|fra|från|lähettäjä|od|nadawca|feladó|kimden|gönderen|от|від|από|发件人|寄件者|差出人|보낸 ?사람|מאת|من|expéditeur|remitente|mittente|remetente)$`)
	sent       = lazyregexp.New(`(?i)^(?:sent|date|gesendet|datum|envoyé(?: le)?|enviado(?: el)?|enviada(?: em)?|inviato|data|verzonden|sendt|dato|skickat|lähetetty|päivämäärä|päiväys|wysłano|odesláno|elküldve|dátum|tarih|gönderildi|отправлено|дата|надіслано|ημερομηνία|στάλθηκε|发送时间|发件时间|日期|送信日時|日付|날짜|보낸 ?날짜|נשלח|תאריך|تاريخ|fecha)$`)
	concerning = lazyregexp.New(`(?i)^(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|aihe|temat|předmět|tárgy|konu|тема|θέμα|主题|主旨|件名|제목|נושא|الموضوع)$`)
)

const (
	minPairs = 3
	maxHead  = 14  // lines that a head is looked for in
	maxValue = 300 // bytes that are looked at of a line
)

// head reports whether a head begins at a place. Behind a drawn line or the words
// that part a mail from another one, less is asked of it.
func (w *writing) head(at int, parted bool) bool {
	if at >= len(w.lines) || !pair.MatchString(w.lines[at]) {
		return false
	}
	h := w.readHead(at)
	switch {
	case h.pairs < minPairs:
		return parted && h.pairs == 2 && h.sender && (h.dated || h.addresses > 0)
	case h.sender && h.sent && (h.concerning || parted || w.answers):
		return true
	case !h.dated:
		return false
	case h.concerns && (w.answers || h.addresses > 0 || parted):
		return true
	case h.addresses >= 2 && (h.first || w.answers):
		return true
	}
	return parted && h.timed && (h.addresses > 0 || w.answers)
}

// headLines is what the lines of a head hold.
type headLines struct {
	pairs, addresses         int
	first                    bool // the first line holds an address
	dated, timed             bool
	concerns                 bool // a line holds the mail's own subject
	sender, sent, concerning bool // by the names of the lines
}

// readHead reads the lines from a place on, up to one that is none of a head. An
// empty line may stand between two of them, and what is long goes on in a line.
func (w *writing) readHead(at int) headLines {
	var h headLines
	wrapped := false
	for i := at; i < min(len(w.lines), at+maxHead); i++ {
		line := w.lines[i]
		m := pair.FindStringSubmatch(line)
		switch {
		case m == nil && line == "" && i+1 < len(w.lines) && pair.MatchString(w.lines[i+1]):
			continue
		case m == nil && line != "" && !wrapped && (strings.Contains(line, "@") || i+1 < len(w.lines) && pair.MatchString(w.lines[i+1])):
			wrapped = true
			continue
		case m == nil:
			return h
		}
		wrapped = false
		w.headLine(&h, strings.TrimSpace(m[1]), strings.TrimSpace(m[2]))
	}
	return h
}

func (w *writing) headLine(h *headLines, name, value string) {
	h.pairs++
	value = cut(value, maxValue)
	if address.MatchString(value) {
		h.addresses++
		h.first = h.first || h.pairs == 1
	}
	if year.MatchString(value) || dotted.MatchString(value) {
		h.dated = true
		h.timed = h.timed || hour.MatchString(value)
	}
	h.concerns = h.concerns || w.subject != "" && stem(value) == w.subject
	h.sender = h.sender || h.pairs == 1 && sender.MatchString(name)
	h.sent = h.sent || sent.MatchString(name)
	h.concerning = h.concerning || concerning.MatchString(name)
}
