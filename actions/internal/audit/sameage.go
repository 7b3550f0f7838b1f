package audit

import (
	"fmt"
	"regexp"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/aftercare/aftercare/actions/internal/metric"
)

var (
	// sameDay is what an earlier version had on the same day after its release, where a
	// text says it.
	sameDay = regexp.MustCompile(`[Ss]ame day of (\S+) \((\d{1,2} [A-Z][a-z]{2} \d{4})\): (\S+)`)
	// ageNote says which days a page compares.
	ageNote = regexp.MustCompile(`^Day (\d+) of \S+, published on (\d{1,2} [A-Z][a-z]{2} \d{4}), beside the same day of (\S+), published on (\d{1,2} [A-Z][a-z]{2} \d{4}): (\d{1,2} [A-Z][a-z]{2} \d{4})\.$`)
)

// sameDayHead begins the head of a column with the figures of an earlier version.
const sameDayHead = "Same day of "

// earlier compares the figure of an earlier version with the reading of its day.
func (a *audit) earlier(p place, m Metric, length time.Duration, on time.Time, shown string) {
	r, found := last(a.days[on.Format(time.DateOnly)], func(r metric.Reading) bool { return r.Metric == m.ID && r.Until.Sub(r.From) == length })
	a.same(p, "same day", shown, found && r.Value != nil && is(shown, *r.Value), told(r.Value))
}

// saidEarlier compares the figure of an earlier version that a text names with its day.
func (a *audit) saidEarlier(p place, m Metric, length time.Duration, text string) {
	said := sameDay.FindStringSubmatch(text)
	if said == nil {
		return
	}
	on, err := time.Parse("2 Jan 2006", said[2])
	if err != nil {
		a.same(p, "same day", said[2], false, "no day")
		return
	}
	a.earlier(p, m, length, on, said[3])
}

// comparedDay is the day with which a page of a metric compares its own; zero where it
// compares none. It must be as many days after the one release as the page is after
// the other.
func (a *audit) comparedDay(doc *html.Node) time.Time {
	for n := range doc.Descendants() {
		if n.DataAtom != atom.P || !hasClass(n, "age") {
			continue
		}
		m := ageNote.FindStringSubmatch(textOf(n))
		if m == nil {
			a.unread(place{title: a.title}, "which days are compared cannot be read: "+textOf(n))
			return time.Time{}
		}
		var at [3]time.Time // published, the other published, the day
		for i, text := range []string{m[2], m[4], m[5]} {
			at[i], _ = time.Parse("2 Jan 2006", text)
		}
		age := a.at.until.UTC().Truncate(day).Sub(at[0])
		a.same(place{title: a.title}, "age", m[1], number(m[1]) == int(age/day)+1, fmt.Sprint(int(age/day)+1))
		a.same(place{title: a.title}, "age", m[5], at[2].Equal(at[1].Add(age)), at[1].Add(age).Format("2 Jan 2006"))
		return at[2]
	}
	return time.Time{}
}
