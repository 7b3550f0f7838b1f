package urgent

import (
	"sync"
	"unicode/utf8"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// maxTongue is how many words tell the language of a text.
const maxTongue = 80

// isForeign reports whether a text is not English: a quarter of its words are
// in another script, or a sixth are small words of another language or have
// letters that English lacks.
func isForeign(doc *issuetext.Document) bool {
	n, other, small, tongues := 0, 0, 0, tongues()
	for _, p := range doc.Passages {
		for _, w := range p.Words {
			n++
			if r, _ := utf8.DecodeRuneInString(w.Folded); r >= 0x400 {
				other++
			} else if tongues[w.Folded] || hasMark(w.Folded) {
				small++
			}
		}
		if n > maxTongue {
			break
		}
	}
	return other*4 > n || small*6 > n
}

// hasMark reports whether a word has a letter that English lacks, such as the
// German ß or the Portuguese ã.
func hasMark(word string) bool {
	for i := 0; i < len(word); i++ {
		if c := word[i]; c >= 0xc3 && c <= 0xc5 { // the first byte of the letters from À to ſ
			return true
		}
	}
	return false
}

// tongues are frequent words of German, French, Spanish and Portuguese that are
// none in English.
var tongues = sync.OnceValue(func() map[string]bool {
	return set("der das und ist nicht ich wir mit auf ein eine einen einem einer eines bei beim nach sind werden wird wurde wurden habe haben hatte auch " +
		"von vom dem den des seit zu zum zur im es wenn kann noch als aus oder aber nur mehr kein keine keinen keiner alle allen alles dass sich sie er ihr uns unser unsere mein meine meinem " +
		"meinen mir mich dir wie wer sehr schon dann jetzt hier nichts immer wieder ohne um durch weil obwohl trotz statt bitte nachdem bevor bis gegen jeder jede jedem jeden dieser diese " +
		"dieses diesem gibt geht lässt soll sollte muss darf wegen zwischen jemand niemand danke hallo gerade heute gestern sobald trotzdem damit dabei dazu davon etwas ganz selbst " +
		"le la les une est pas je nous vous dans sur avec pour qui que du sont mais au aux ce cette il elle ne et en mes nos " +
		"leur leurs tous toutes toute sans chez depuis après très être fait ont été était peut faut comme donc aussi lors quand ou où si sa ses mon notre votre " +
		"el los las con para del se mi pero está están hay lo al ha han y como más cuando desde de " +
		"una unos unas sobre muy tu nuestro nuestra también porque todos todo toda este esta estos estas eso fue tras hasta ni nada les nos quien " +
		"os um uma uns umas não com da das dos na nas nos ao aos à às são foi meu meus minha minhas mas tem têm quando e é eu em pra pelo pela pelos pelas num numa " +
		"esse essa esses essas isso isto ele ela eles elas você vocês seu sua seus suas nosso nossa nossos nossas depois após ainda já só até mesmo mesma muito muita estou estava estão ser ter " +
		"fazer faz fica ficou quem qual onde sobre entre pode podem posso consigo consegue nem dele dela outro outra outros outras alguém ninguém aqui hoje ontem agora cada sempre nunca tudo ")
})
