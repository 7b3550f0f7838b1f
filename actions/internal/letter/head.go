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
	if at >= len(w.lines) || !w.headLineAt(at).pair {
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

// headLine is what a line holds of a head; heads that begin at several lines ask
// for the same one.
type headLine struct {
	read, pair               bool
	address, dated, timed    bool
	concerns                 bool
	sender, sent, concerning bool
}

// headLineAt reads a line once.
func (w *writing) headLineAt(at int) headLine {
	if w.heads == nil {
		w.heads = make([]headLine, len(w.lines))
	}
	known := &w.heads[at]
	if known.read {
		return *known
	}
	known.read = true
	m := pair.FindStringSubmatch(w.lines[at])
	if m == nil {
		return *known
	}
	name, value := strings.TrimSpace(m[1]), cut(strings.TrimSpace(m[2]), maxValue)
	dated := year.MatchString(value) || dotted.MatchString(value)
	*known = headLine{
		read: true, pair: true, address: address.MatchString(value), dated: dated, timed: dated && hour.MatchString(value),
		concerns: w.subject != "" && stem(value) == w.subject,
		sender:   sender.MatchString(name), sent: sent.MatchString(name), concerning: concerning.MatchString(name),
	}
	return *known
}

// readHead reads the lines from a place on, up to one that is none of a head. An
// empty line may stand between two of them, and what is long goes on in a line.
func (w *writing) readHead(at int) headLines {
	var h headLines
	wrapped := false
	for i := at; i < min(len(w.lines), at+maxHead); i++ {
		line, follows := w.headLineAt(i), i+1 < len(w.lines) && w.headLineAt(i+1).pair
		switch text := w.lines[i]; {
		case !line.pair && text == "" && follows:
			continue
		case !line.pair && text != "" && !wrapped && (strings.Contains(text, "@") || follows):
			wrapped = true
			continue
		case !line.pair:
			return h
		}
		wrapped = false
		h.add(line)
	}
	return h
}

func (h *headLines) add(line headLine) {
	h.pairs++
	if line.address {
		h.addresses++
		h.first = h.first || h.pairs == 1
	}
	h.dated, h.timed = h.dated || line.dated, h.timed || line.timed
	h.concerns = h.concerns || line.concerns
	h.sender = h.sender || h.pairs == 1 && line.sender
	h.sent = h.sent || line.sent
	h.concerning = h.concerning || line.concerning
}
