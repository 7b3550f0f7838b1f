package letter

import (
	"strings"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// isBulk tells what is sent to many. What a person writes to a list comes as bulk,
// too: a list that people write to says so in some field, a newsletter has only an
// address for leaving it.
func (h Header) isBulk() bool {
	if h.isCampaign() {
		return true
	}
	discussed := h.isDiscussed()
	switch keyword(h.Get("Precedence")) {
	case "junk", "auto_reply", "auto-reply":
		return true
	case "bulk":
		return !discussed
	}
	closed := strings.HasPrefix(strings.ToUpper(strings.TrimSpace(h.Get("List-Post"))), "NO")
	return closed || !discussed && (h.Get("List-Unsubscribe") != "" && h.Get("List-Help") == "" || h.Get("Feedback-Id") != "" && h.Get("List-Unsubscribe") != "")
}

// isDiscussed reports whether a mail came over a list that people write to. Lists
// older than RFC 2369 are known by the fields of their programs, or by the account
// that they send from.
func (h Header) isDiscussed() bool {
	if post := strings.TrimSpace(h.Get("List-Post")); post != "" {
		return !strings.HasPrefix(strings.ToUpper(post), "NO")
	}
	for _, name := range []string{"X-Beenthere", "X-Mailman-Version", "X-Mailing-List", "Mailing-List", "X-Ml-Name", "X-Listprocessor-Version", "X-Google-Group-Id", "X-List", "X-Ecartis-Version", "X-Listar-Version"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return h.answersGoToList() || listOwner.MatchString(h.Get("Sender")) || listOwner.MatchString(h.Get("Return-Path"))
}

// answersGoToList reports whether answers go to the very address that the mail was
// sent to, which is not its writer's.
func (h Header) answersGoToList() bool {
	list := strings.ToLower(address.FindString(h.Get("Reply-To")))
	return list != "" && strings.Contains(strings.ToLower(h.Get("To")), list) && !strings.Contains(strings.ToLower(h.Get("From")), list)
}

// isAnnounced reports whether only the account that a mail was sent from tells of
// a list, and it is the writer's host: that may be a newsletter as well.
func (h Header) isAnnounced() bool {
	from := hostOf(h.Get("From"))
	return from != "" && from == hostOf(h.Get("Return-Path")) && h.Get("List-Post") == "" && h.Get("List-Id") == "" && !h.answersGoToList()
}

// hostOf is the host of the first address of a field, in small letters.
func hostOf(value string) string {
	_, host, _ := strings.Cut(address.FindString(value), "@")
	return strings.ToLower(host)
}

// listOwner is the account that a list sends from.
var listOwner = lazyregexp.New(`(?i)(?:^|[<\s])(?:owner-[^@\s]+|[^@\s]+-(?:owner|admin|request|return|bounces?)(?:[-+=][^@\s]*)?)@`)

// campaignField names the fields of programs that send newsletters and feeds.
var campaignField = lazyregexp.New(`^x-(?:bulkmail|campaign(?:-?id)?|mailing-?id|newsletter(?:-?id)?|csa-complaints|rss-(?:feed|id|url)|feed-url)$`)

func (h Header) isCampaign() bool {
	for fields := h.Fields(); fields.Next(); {
		if campaignField.MatchString(strings.ToLower(fields.Key())) && strings.TrimSpace(fields.Value()) != "" {
			return true
		}
	}
	return false
}

var (
	// daemon is an account that no person writes from, or the host of one.
	daemon = lazyregexp.New(`(?i)(?:^|[<\s"])(?:mailer-daemon|mail-?daemon|postmaster|double-bounce|bounces?|autoreply|auto-reply|autoresponder|vacation|mdaemon|microsoftexchange[0-9a-f]{20,}|e-?news(?:-?letters?)?|news-?letters?|rss(?:-?feeds?)?|mailing-?list|listmaster|mailman|majordomo|listserv|listproc|listar|ecartis|smartlist|(?:owner|sympa)-[^@\s<]+|[^@\s<]+[-+](?:owner|request|bounces?)|commits?|(?:bugzilla|jira|jenkins|hudson|buildbot|gerrit|git|svn|cvs)(?:-?(?:daemon|bot|admin))?)(?:[+=-][^@\s]*)?(?:@|>|\s*$|\s*\()|@(?:[\w-]+\.)*(?:news-?letters?|mailings|alerts|notifications?)\.[\w-]+\.`)
	// silent is an account that takes no answer. A form on a web page sends what
	// people write into it from there, and names them in Reply-To.
	silent     = lazyregexp.New(`(?i)(?:^|[<\s"])(?:(?:(?:[\w.]+[-_.])?(?:no-?_?reply|notifications?)|do-?_?not-?_?reply|donotreply)(?:[+=._-][^@\s]*)?|(?:notify|notifier|alerts?|reminders?|cron|nagios|zabbix|root)(?:[+=-][^@\s]*)?)@`)
	daemonName = lazyregexp.New(`(?i)^"?(?:mail delivery (?:sub)?system|mail administrator|internet mail delivery|system administrator|microsoft outlook"? <(?:microsoftexchange|postmaster)|mail delivery service)`)
	// robotName ends the name of a program that writes mails.
	robotName = lazyregexp.New(`(?i)^"?[^"<]*\b(?:(?:notify|notification|mail|reminder|news|build|ci)[ -]?bot|robot|auto-?(?:authorizer|responder|mailer|reply)|mailer|newsletter|notifications?)"?\s*<`)
)

// isFromProgram tells a sender that is a program by its name.
func (h Header) isFromProgram() bool {
	from := h.text("From")
	if from == "<>" {
		return true
	}
	if daemon.MatchString(from) || daemonName.MatchString(from) || daemon.MatchString(h.Get("Return-Path")) && !strings.Contains(h.Get("Return-Path"), "=") && h.Get("List-Post") == "" && strings.Contains(strings.ToLower(h.Get("Return-Path")), "mailer-daemon") {
		return true
	}
	answer := h.Get("Reply-To")
	return (silent.MatchString(from) || robotName.MatchString(from)) && (!strings.Contains(answer, "@") || silent.MatchString(answer))
}

var (
	// commitList is a list that a repository writes to.
	commitList = lazyregexp.New(`(?i)(?:^|[<.-])(?:commits?|checkins?|cvs|svn|git-?commits?|builds?)(?:[.-][\w.-]+)?>?\s*$`)
	// commitSubject names the program and what was changed.
	commitSubject = lazyregexp.New(`(?i)^(?:\[[^\]]{1,40}\] ?)?(?:(?:cvs|svn|hg|git)(?: commit)?: \S+|(?:cvs|svn|hg) (?:commit|update)\b|p4 #?\d+\b|[\w/-]+ r\d+ - )`)
	// commitMailer sends what was committed.
	commitMailer = lazyregexp.New(`(?i)\b(?:git|svn|cvs|hg|commit)[\w -]{0,20}(?:mailer|hook|notif)`)
)

// isCommit tells the mail that a repository sends for a commit, in the name of who
// made it. The answers to it are people's.
func (h Header) isCommit(subject string) bool {
	if answerPrefix.MatchString(subject) {
		return false
	}
	return commitList.MatchString(h.Get("List-Id")) || commitSubject.MatchString(subject) || commitMailer.MatchString(h.Get("X-Mailer")) || h.Get("X-Git-Refname") != "" || h.Get("X-Git-Newrev") != "" || h.Get("X-Svn-Commit-Revision") != ""
}
