package alert

import (
	"slices"
	"time"
)

// IssueRecord is a record of what was sent about an issue that takes no comment
// of ours, or about a digest whose issue could not be opened.
type IssueRecord struct {
	Subject string `json:"subject"` // owner/name#42, or digest/2026-W05
	ID      int64  `json:"id"`      // rises with each record, as the ids of comments do
	Marker
}

// keepIssueRecord is how long such a record is remembered.
const keepIssueRecord = 365 * 24 * time.Hour

// Records are the markers that are kept of a subject, the oldest claim first.
func (m Memory) Records(subject string) []Marker {
	var all []Marker
	for _, r := range m.Issues {
		if r.Subject == subject {
			r.Comment = r.ID
			all = append(all, r.Marker)
		}
	}
	sortMarkers(all)
	return all
}

// Record keeps a marker of a subject, and answers with the id that it has got.
// What is long past is forgotten.
func (m Memory) Record(subject string, marker Marker, now time.Time) (Memory, int64) {
	m = m.clone()
	id := int64(1)
	for _, r := range m.Issues {
		id = max(id, r.ID+1)
	}
	m.Issues = slices.DeleteFunc(m.Issues, func(r IssueRecord) bool { return now.Sub(r.At) > keepIssueRecord })
	m.Issues = append(m.Issues, IssueRecord{subject, id, marker})
	return m, id
}

// Rewrite sets the record with an id to what it says now; without a marker it is
// taken away. One that is gone stays gone.
func (m Memory) Rewrite(id int64, marker *Marker) Memory {
	m = m.clone()
	i := slices.IndexFunc(m.Issues, func(r IssueRecord) bool { return r.ID == id })
	switch {
	case i < 0:
	case marker == nil:
		m.Issues = slices.Delete(m.Issues, i, i+1)
	default:
		m.Issues[i].Marker = *marker
	}
	return m
}
