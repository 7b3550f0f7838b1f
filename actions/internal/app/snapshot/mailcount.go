package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/collect"
)

// refusals are how often what was refused, and why.
type refusals map[collect.Refusal]int

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
	attachments, events             refusals
	personal                        int // events
	large, endless, unread, dropped int // mails
}

func (n *mailCount) add(l collect.Letter, m collect.Mailed) {
	for why, times := range l.Refused {
		n.attachments[why] += times
	}
	for why, times := range m.Refused {
		n.events[why] += times
	}
	for _, times := range m.Personal {
		n.personal += times
	}
	for one, is := range map[*int]bool{&n.large: l.Large, &n.endless: l.Endless, &n.unread: l.Unread} {
		if is {
			*one++
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
	if n.attachments[collect.Archived] > 0 {
		hint = "; an export is read as JSON or gzip"
	}
	say(attachments, "an attachment that came by mail was refused: %s%s", "attachments that came by mail were refused: %s%s", why, hint)
	events, why := n.events.said()
	say(events, "a record of telemetry that came by mail was refused: %s", "records of telemetry that came by mail were refused: %s", why)
	say(n.personal, "personal data was found in an export that came by mail: what holds it was not taken in", "times personal data was found in exports that came by mail: what holds it was not taken in")
	say(n.dropped, "the telemetry of a mail was let go: all that comes by mail may hold %d MiB", "mails had the most telemetry and it was let go: all that comes by mail may hold %d MiB", mostMailed>>20)
	say(n.large, "a mail is over %d MiB: its subject alone was read", "mails are over %d MiB: their subjects alone were read", collect.LargestMail)
	say(n.endless, "a mail has more parts than are read", "mails have more parts than are read")
	say(n.unread, "a mail held nothing that could be read but its subject", "mails held nothing that could be read but their subjects")
	return all
}
