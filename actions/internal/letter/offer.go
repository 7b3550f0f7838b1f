package letter

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

const (
	maxFoot = 60 // lines at the end of a mail that are looked at
	minBody = 3  // lines at its beginning that are none of them
	maxTop  = 10 // lines at the beginning that may tell of a program
)

// isToMany reports whether a mail's own words end as what is sent to many does,
// with the offer to leave. A person who writes of such a mail does so at the
// beginning, and not in these forms.
func isToMany(text string) bool {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	for i := max(minBody, len(lines)-maxFoot); i < len(lines); i++ {
		if line := cut(lines[i], maxValue); offer.MatchString(line) || offerMenu.MatchString(line) {
			return true
		}
	}
	return false
}

// isUnattended reports whether a mail's own words tell at their beginning or at
// their end that a program wrote them, or that nobody reads an answer.
func isUnattended(text string) bool {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	for i, line := range lines {
		if (i < maxTop || i >= len(lines)-maxFoot) && unattended.MatchString(cut(line, maxValue)) {
			return true
		}
	}
	return false
}

var (
	// offerMenu is the link alone, or among others with bars between.
	offerMenu = lazyregexp.New(`(?i)^(?:[^|]{1,60}[|·•] ?)*(?:modify your account/)?(?:unsubscribe(?: here| now)?|(?:manage|update) (?:my |your )?(?:subscriptions?|(?:e-?mail )?preferences)|opt[- ]out|abmelden|abbestellen|newsletter ab(?:melden|bestellen)|se d[ée]s(?:abonner|inscrire)|d[ée]s(?:abonnement|inscription)|darse de baja|cancelar (?:la )?suscripción|annulla iscrizione|disiscriviti|cancelar (?:inscrição|subscrição|assinatura)|descadastrar|uitschrijven|afmelden|afmeld|avmeld|avregistrera|avprenumerera|peruuta tilaus|wypisz się|odhlásit(?: se)?|leiratkozás|отписаться|abonelikten (?:çık|ayrıl)|配信停止|購読解除|退订|退訂|取消订阅|取消訂閱|수신\s?거부|구독\s?취소)[.!]?(?: ?[|·•].*)?(?: ?[:<(\[]\s?(?:https?:|mailto:).*)?$`)

	// offer begins a sentence that tells how to leave, or why the reader gets this.
	offer = lazyregexp.New(`(?i)(?:^\(?|[.!?)>*,;:] |- )(?:you (?:can|may) (?:also )?|please |if you (?:would like|wish|want|prefer|no longer|do not|don['’]t)[^.!?]{0,60}?|not interested\? ?|or )?(?:` +
		`(?:(?:click|go|visit|follow|use|log|reply|send|write)[^.!?]{0,80}? )?to (?:unsubscribe|opt[- ]out|stop (?:receiving|getting)|(?:be (?:\w+ )?)?remove[d]? (?:yourself |your (?:name|address|e-?mail)[^.!?]{0,20} )?from (?:this|our|the) (?:mailing )?list|cancel (?:this|your) subscription|change (?:your )?(?:e-?mail |newsletter |notification |subscription |communication |mailing (?:list )?)?(?:preferences|settings|options)|manage your (?:subscriptions?|preferences|notifications?))|` +
		`(?:unsubscribe from|(?:change|update|manage) your (?:e-?mail|newsletter|notification|subscription|communication|mailing)) (?:preferences|settings|options|these)\b|(?:be |have your .{0,80}?)?removed from (?:this|our|the) (?:mailing |distribution )?list|unsubscribe (?:here|by|from (?:this|these|our|all))|unsubscribe[:?]|if you(?: do not| don['’]t| no longer| would|['’]d) (?:wish|want|rather not|prefer not)(?: to)? (?:continue )?(?:receiv(?:e|ing)|get(?:ting)?)\b|you(?:['’]re| are) (?:currently )?subscribed to\b|(?:longer )?(?:wish |want )?(?:to )?receive (?:these|this|our|such|further|any more) (?:e-?mails?|messages?|newsletters?|mailings?|notices?|alerts?)|` +
		`you(?:['’]re| are) (?:receiving|getting|subscribed)[^.!?]{0,60}(?:because|as|since|with|list)|you(?:['’]ve| have)? (?:received|been sent) this (?:e-?mail|message|newsletter) (?:because|as)|this (?:e-?mail|message|newsletter) (?:was|is|has been) (?:sent|delivered|intended) (?:to|for) (?:you because|the following|\S+@)|(?:please note that )?this message was sent to the following|` +
		`sie (?:erhalten|bekommen) diese[ns]? (?:e-?mail|nachricht|newsletter|mail)|(?:wenn|falls) sie (?:diesen|den|keine)[^.!?]{0,60}(?:newsletter|mails?|informationen)|(?:um|zum|möchten sie)[^.!?]{0,60}(?:abbestellen|abmelden|austragen)|vous (?:recevez|avez reçu) ce(?:t|tte)? (?:message|courriel|e-?mail|newsletter|lettre)|(?:pour|si vous)[^.!?]{0,60}d[ée]s(?:abonner|inscrire)|(?:ha recibido|recibe|recibes) este (?:correo|mensaje|e-?mail)|(?:para|si)[^.!?]{0,60}(?:darse de baja|cancelar su suscripción|dejar de recibir)|(?:ricevi|ha ricevuto|riceve) (?:questa|questo)|(?:per|se)[^.!?]{0,60}(?:cancellar(?:ti|si)|disiscriver|non ricevere più|desideri più ricevere|annullare l['’]iscrizione)|(?:recebeu|está recebendo|recebe) (?:este|esta)|(?:para|se)[^.!?]{0,60}(?:cancelar (?:a )?(?:inscrição|subscrição|assinatura)|deixar de receber|descadastrar)|` +
		`(?:u|je) ontvangt (?:deze|dit)|(?:om|wil)[^.!?]{0,60}(?:uit te schrijven|uitschrijven|afmelden|af te melden)|du (?:modtager|mottar|får) (?:denne|det här|detta)|(?:for at|for å|för att|hvis du)[^.!?]{0,60}(?:afmelde|melde deg av|avregistrera|avsluta prenumeration)|(?:otrzymujesz|otrzymał[ae]ś) (?:tę|ten)|(?:aby|jeśli)[^.!?]{0,60}(?:wypisać|zrezygnować z|anulować subskrypcję)|(?:pokud|chcete)[^.!?]{0,60}odhlásit|вы (?:получили|получаете) это|(?:чтобы|если)[^.!?]{0,60}(?:отписаться|отказаться от)` +
		`)|配信(?:停止|解除|中止)(?:は|を|の|をご)|(?:購読|登録|メールマガジン)の?解除(?:は|を|の)|如(?:果|需)?.{0,30}(?:退订|退訂|取消订阅|取消訂閱)|수신을 원(?:하지|치) 않`)

	// unattended tells that a program wrote a mail, or that nobody reads an answer.
	unattended = lazyregexp.New(`(?i)(?:^|[.!?*] |\()(?:note: ?|please note:? ?(?:that )?)?(?:` +
		`[-*=#~ ]{0,6}automat(?:ed|ic) (?:system )?(?:message|notification|e-?mail|notice) ?[-–:.!*]|we (?:do not|don['’]t|cannot) (?:respond|reply) to|this (?:e-?mail|message|mail|notification|is an?)\b[^.!?]{0,40}\b(?:automatically (?:generated|sent|created)|auto-?generated|automated (?:system|message|e-?mail|notification|mail|response|reply))|(?:please |kindly )?do not (?:reply|respond) (?:directly )?to this|please (?:don['’]t|do not) (?:reply|respond)\b|replies to this (?:e-?mail|message|address) (?:are|will)|` +
		`diese (?:e-?mail|nachricht|mail) (?:wurde|ist)[^.!?]{0,30}(?:automatisch|maschinell)|bitte antworten sie nicht|ceci est un (?:message|courriel|e-?mail|mail) automatique|ce (?:message|courriel|mail|e-?mail) (?:a été|est)[^.!?]{0,40}automati|(?:merci de )?ne pas répondre à ce|este (?:es un )?(?:mensaje|correo)[^.!?]{0,30}automátic|(?:por favor,? )?no responda a este|quest[oa] (?:messaggio|e-?mail|mail)[^.!?]{0,30}automatic|(?:si prega di )?non rispondere a quest|esta (?:é uma )?mensagem[^.!?]{0,30}automátic|(?:por favor,? )?não responda|dit (?:is een automatisch|bericht is automatisch)|ta wiadomość (?:została|jest)[^.!?]{0,40}automatycz|prosimy nie odpowiadać|это (?:письмо|сообщение)[^.!?]{0,40}автоматически|(?:пожалуйста, )?не отвечайте на это|denne (?:e-?mail|e-?post|besked|melding|mail)[^.!?]{0,30}automatisk|det här (?:är ett automatiskt|meddelandet)[^.!?]{0,30}automatisk|tämä on automaattinen` +
		`)|(?:この|本)メール(?:は|に)[^。]{0,40}(?:自動(?:的に)?(?:送信|配信|生成)|送信専用|返信(?:しない|は?できません|いただいて))|(?:本|此)(?:邮件|郵件|信件)[^。]{0,30}自动|(?:请|請)勿(?:直接)?(?:回复|回覆)|발신\s?전용|자동(?:으로)? ?(?:발송|생성)된`)
)
