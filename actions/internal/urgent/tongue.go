package urgent

import (
	"sync"
	"unicode/utf8"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// maxTongue is how many words tell the language of a text.
const maxTongue = 80

// isForeign reports whether a text is not English: a quarter of its words are
// in another script, or a sixth are small words of another language.
func isForeign(doc *issuetext.Document) bool {
	n, other, small, tongues := 0, 0, 0, tongues()
	for _, p := range doc.Passages {
		for _, w := range p.Words {
			n++
			if r, _ := utf8.DecodeRuneInString(w.Folded); r >= 0x400 {
				other++
			} else if tongues[w.Folded] {
				small++
			}
		}
		if n > maxTongue {
			break
		}
	}
	return other*4 > n || small*6 > n
}

// tongues are frequent words of German, French, Spanish and Portuguese that are
// none in English.
var tongues = sync.OnceValue(func() map[string]bool {
	return set("der das und ist nicht ich wir mit auf ein eine einen bei beim nach sind werden wird habe auch für von dem den seit zu im es wenn kann noch " +
		"le la les des une est pas je nous vous dans sur avec pour qui que du sont mais au aux ce cette il elle ne et en mes nos " +
		"el los las con para por del se mi pero está están hay lo al ha han y como más cuando desde de " +
		"os um uma não com da dos na ao são foi meu minha mas tem quando e é eu em pra")
})
