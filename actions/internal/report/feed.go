package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/gate"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// FeedPath and BadgePath are the feed and the badge in the folder of reports.
const FeedPath, BadgePath = "feed.xml", "data/badge.json"

// StaleAfter is how long after its time a page of today is out of date: snapshot
// runs four times a day, and schedules run late.
const StaleAfter = 24 * time.Hour

var badgeColors = map[verdict.Level]string{
	verdict.Critical: "red", verdict.Warning: "orange", verdict.Watch: "yellow", verdict.OK: "brightgreen", verdict.Unknown: "lightgrey",
}

// Badge is reports/data/badge.json: the status for the endpoint of shields.io. It
// names its day, since a picture cannot tell that it is out of date.
func Badge(d Day) []byte {
	s := d.status()
	src, err := json.MarshalIndent(struct {
		Version int    `json:"schemaVersion"`
		Label   string `json:"label"`
		Message string `json:"message"`
		Color   string `json:"color"`
	}{1, clean(releaseName(d.Release.Project, present(d.Release)), 60), strings.ToLower(s.Word) + ", " + humanize.Day(d.Now), badgeColors[s.Level]}, "", "  ")
	if err != nil {
		panic(err) // texts and a number
	}
	return append(src, '\n')
}

// FeedEntry is an entry of the feed: an incident, a digest, or a decision of the gate.
type FeedEntry struct {
	ID      string
	Title   string
	Updated time.Time
	Link    string
	Summary string
}

// maxFeed is how many entries the feed keeps.
const maxFeed = 50

type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Link    *atomLink   `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string    `xml:"id"`
		Title   string    `xml:"title"`
		Updated string    `xml:"updated"`
		Link    *atomLink `xml:"link"`
		Summary string    `xml:"summary,omitempty"`
	}
)

// Feed is reports/feed.xml: the entries of the feed that is filed, with more that
// take the place of those with their ID, the newest first. One that says what the
// filed one says keeps its time. home is the address of the folder of reports, with a
// slash at its end. Without entries it is nil.
func Feed(filed []byte, name, home string, more []FeedEntry) []byte {
	var old atomFeed
	if xml.Unmarshal(filed, &old) != nil {
		old.Entries = nil // the next runs fill it again
	}
	byID := map[string]atomEntry{}
	for _, e := range old.Entries {
		byID[e.ID] = e
	}
	for _, e := range more {
		entry := atomEntry{ID: home + "feed.xml#" + e.ID, Title: clean(e.Title, 200), Updated: e.Updated.UTC().Format(time.RFC3339), Summary: clean(e.Summary, 500)}
		if home != "" {
			entry.Link = &atomLink{home + e.Link}
		}
		if was, filed := byID[entry.ID]; filed && was.Title == entry.Title && was.Summary == entry.Summary {
			entry.Updated = was.Updated // a run that says the same is no news
		}
		byID[entry.ID] = entry
	}
	feed := atomFeed{ID: home + "feed.xml", Title: clean(name, 200), Author: "Aftercare"}
	for _, e := range byID {
		feed.Entries = append(feed.Entries, e)
	}
	if len(feed.Entries) == 0 {
		return nil
	}
	slices.SortFunc(feed.Entries, func(a, b atomEntry) int { return cmp.Or(cmp.Compare(b.Updated, a.Updated), cmp.Compare(a.ID, b.ID)) })
	feed.Entries = feed.Entries[:min(len(feed.Entries), maxFeed)]
	feed.Updated = feed.Entries[0].Updated
	if home != "" {
		feed.Link = &atomLink{home + "README.md"}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "  ")
	if err := encoder.Encode(feed); err != nil {
		panic(err) // texts alone
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// FeedName is the title of a release's feed.
func FeedName(project, version string) string { return releaseName(project, version) + ": Aftercare" }

// IncidentEntries are the alerts of a day as entries of the feed. One that is over
// takes the place of the entry that it had while it lasted.
func IncidentEntries(d Day) []FeedEntry {
	var all []FeedEntry
	for _, f := range d.Fired {
		i := slices.IndexFunc(d.Entries, func(e Entry) bool { return e.Definition.ID == f.Metric })
		var e Entry
		if i >= 0 {
			e = d.Entries[i]
		}
		in := incidentOf(f, e, d.Now)
		updated, state := f.Since, "Ongoing"
		if !f.Ended.IsZero() {
			updated, state = f.Ended, "Lasted "+in.Lasted
		}
		if f.Notice != nil {
			state = "Reported"
		}
		all = append(all, FeedEntry{
			ID: "incident-" + f.Metric + "-" + f.Since.UTC().Format("20060102T150405Z"), Title: strings.TrimSpace(strings.TrimPrefix(in.Sign, "–") + " " + in.Title),
			Updated: updated, Link: "README.md", Summary: state + "; " + d.notified(f, in) + ".",
		})
	}
	return all
}

// notified says who was notified of an alert; where nobody was, why: what covers it,
// keeps it quiet or holds it back.
func (d Day) notified(f alert.Fired, in Incident) string {
	if len(f.Channels()) > 0 {
		return "notified: " + in.Notified
	}
	if labels := d.reportsOf(f.Metric); f.Covered && len(labels) > 0 {
		return "covered by the notifications about each report labelled " + strings.Join(labels, " or ")
	}
	if while, found := d.Inhibits.Over(f, d.Fired); found {
		return "covered by the alert " + d.titleOf(while)
	}
	for _, s := range d.AllSilences {
		if slices.Contains(s.Metric, f.Metric) && !s.IsOver(f.Since) {
			return fmt.Sprintf("silenced until %s by %s: %s", humanize.Day(s.Until.Time), s.Who, s.Reason)
		}
	}
	for _, w := range d.Waiting {
		if w.What == f.Metric && f.Ended.IsZero() {
			return "notified: nobody before the working hours that begin " + humanize.Moment(w.Until)
		}
	}
	return "notified: " + in.Notified
}

// reportsOf are the labels of the reports that a metric counts; nil where it counts
// anything else.
func (d Day) reportsOf(id string) []string {
	e, _ := d.entry(id)
	return e.Definition.Reports
}

// WeekEntry is a week's digest as an entry of the feed, with the time of the run that
// made it.
func WeekEntry(w Week, now time.Time) FeedEntry {
	return FeedEntry{ID: "digest-" + w.Name(), Title: w.Title(), Updated: now, Link: WeekPath(w.From)}
}

// GateEntry is a decision of the gate as an entry of the feed, one a day, with the time
// of the run that made it. Titles are those of metrics by id.
func GateEntry(project, version string, d gate.Decision, titles map[string]string, now time.Time) FeedEntry {
	return FeedEntry{ID: gateMark + now.UTC().Format(gateDay), Title: "Release gate of " + releaseName(project, version) + ": " + GateWord(d), Updated: now, Link: "gate.md", Summary: GateLine(d, titles)}
}

// gateMark begins the ID of a decision in the feed, and gateDay is the form of its day.
const gateMark, gateDay = "gate-", "20060102"

// GateDecisions are the decisions of the gate that a feed has of a time, until exclusive,
// the oldest first: "GO (1 waiver), 14 Feb: 4 of 5 required criteria met, waived: Privacy
// leak reports". They are nil where the feed cannot be read.
func GateDecisions(feed []byte, from, until time.Time) []string {
	var filed atomFeed
	if xml.Unmarshal(feed, &filed) != nil {
		return nil
	}
	var all []string
	for _, e := range slices.Backward(filed.Entries) {
		_, id, _ := strings.Cut(e.ID, "feed.xml#"+gateMark)
		at, err := time.Parse(gateDay, id)
		if err != nil || at.Before(from) || !at.Before(until) {
			continue
		}
		word := e.Title[strings.LastIndex(e.Title, ": ")+1:]
		text := strings.TrimSpace(word) + ", " + humanize.Day(at)
		if e.Summary != "" {
			text += ": " + e.Summary
		}
		all = append(all, text)
	}
	return all
}
