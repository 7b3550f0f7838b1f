package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/letter"
)

// refusals are how often what was refused, and why.
type refusals map[letter.Refusal]int

// said is how many in all, and how many of each: 2 in an archive, 1 damaged.
func (r refusals) said() (all int, each string) {
	var some []string
	for _, why := range slices.Sorted(maps.Keys(r)) {
		all += r[why]
		some = append(some, fmt.Sprintf("%d %s", r[why], why))
	}
	return all, strings.Join(some, ", ")
}

// mailCount is what a run tells of the mails that it read: how many, and never
// what a stranger wrote, not even the name of a file.
type mailCount struct {
	attachments, events                          refusals
	personal                                     int // events
	dropped                                      int // mails
	large, endless, unread, broken, failed, slow named
}

// named are mails, each by its number in the mailbox and when it came: so it can
// be found, and nothing of what it says is told.
type named []string

// maxNamed is how many mails of a kind are named.
const maxNamed = 10

// list is the names in parentheses.
func (n named) list() string {
	list := " (" + strings.Join(n[:min(len(n), maxNamed)], "; ")
	if len(n) > maxNamed {
		list += fmt.Sprintf("; and %d more", len(n)-maxNamed)
	}
	return list + ")"
}

func (n *mailCount) add(m collect.Mail, u understood) {
	for why, times := range u.letter.Refused {
		n.attachments[why] += times
	}
	for why, times := range u.mailed.Refused {
		n.events[why] += times
	}
	for _, times := range u.mailed.Personal {
		n.personal += times
	}
	name := fmt.Sprintf("UID %d of %s", m.UID, m.At.UTC().Format("2006-01-02 15:04 UTC"))
	for mails, is := range map[*named]bool{
		&n.large: m.Large, &n.endless: u.letter.Endless, &n.unread: u.letter.Unread, &n.broken: u.letter.Broken && !u.letter.Unread,
		&n.failed: u.failed != nil, &n.slow: u.slow,
	} {
		switch {
		case is && u.failed != nil:
			*mails = append(*mails, name+": "+u.failed.Error())
		case is:
			*mails = append(*mails, name)
		}
	}
}

func (n mailCount) sentences() []string {
	var all []string
	say := func(times int, one, several string, more ...any) {
		switch {
		case times == 1:
			all = append(all, fmt.Sprintf(one, more...))
		case times > 1:
			all = append(all, fmt.Sprintf("%d "+several, append([]any{times}, more...)...))
		}
	}
	attachments, why := n.attachments.said()
	hint := ""
	if n.attachments[letter.Archived] > 0 {
		hint = "; an export is read as JSON or gzip"
	}
	say(attachments, "an attachment that came by mail was refused: %s%s", "attachments that came by mail were refused: %s%s", why, hint)
	events, why := n.events.said()
	say(events, "a record of telemetry that came by mail was refused: %s", "records of telemetry that came by mail were refused: %s", why)
	say(n.personal, "personal data was found in an export that came by mail: what holds it was not taken in", "times personal data was found in exports that came by mail: what holds it was not taken in")
	say(n.dropped, "the telemetry of a mail was let go: all that comes by mail may hold %d MiB", "mails had the most telemetry and it was let go: all that comes by mail may hold %d MiB", maxMailed>>20)
	name := func(mails named, one, several string, more ...any) {
		if len(mails) > 0 {
			say(len(mails), one+"%s", several+"%s", append(more, mails.list())...)
		}
	}
	name(n.large, "a mail is over %d MiB: its subject alone was read", "mails are over %d MiB: their subjects alone were read", collect.LargestMail)
	name(n.endless, "a mail has more parts than are read", "mails have more parts than are read")
	name(n.unread, "a mail held nothing that could be read but its subject", "mails held nothing that could be read but their subjects")
	name(n.broken, "a mail breaks off in its middle: what came before was read", "mails break off in their middle: what came before was read")
	name(n.failed, "a mail could not be read and was passed over", "mails could not be read and were passed over")
	name(n.slow, "the telemetry of a mail could not be read in time and was passed over", "mails hold telemetry that could not be read in time and was passed over")
	return all
}
