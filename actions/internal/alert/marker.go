package alert

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fact"
)

// State is how far a message came.
type State string

// A message is pending from its claim on, then sent, or failed where nothing
// went out for certain, so that any later run may try at once.
const (
	Pending State = "pending"
	Sent    State = "sent"
	Failed  State = "failed"
)

// Told is what one channel was told about an issue, by one way.
type Told struct {
	Channel string        `json:"to"`
	By      string        `json:"by"` // slack or email
	Episode int           `json:"episode,omitempty"`
	Respond time.Duration `json:"respond,omitempty"` // nanoseconds
	State   State         `json:"state"`
	Ref     string        `json:"ref,omitempty"` // the channel's own id of the message
	Labels  []string      `json:"labels,omitempty"`
	Words   string        `json:"words,omitempty"` // what the comment says of it: ours, no stranger's
}

// Marker is the record of a telling, kept in the first line of a comment of
// ours on the issue. While it is pending it is a claim: until Until nobody
// else sends.
type Marker struct {
	Comment int64     `json:"-"` // the comment that holds it; the lowest is the oldest claim
	Run     string    `json:"run"`
	At      time.Time `json:"at"`
	Until   time.Time `json:"until"`
	Told    []Told    `json:"told"`
}

// Live tells whether a pending claim still holds.
func (m Marker) Live(now time.Time) bool { return now.Before(m.Until) }

// Seal makes and checks the first line of our comments. Markers are trusted
// only in comments of Login, and with a Key only where they carry its MAC over
// the issue and the record, so that neither a copied line nor another program
// under the same account can silence an alert.
type Seal struct {
	Login string
	Key   string
	Place string // the repository: owner/name
}

const (
	markerStart = "<!-- aftercare:told "
	markerEnd   = " -->"
	// mostMarker is more than any marker of ours needs, in bytes.
	mostMarker = 16 << 10
)

// sealed is a marker as it is written.
type sealed struct {
	Marker
	MAC string `json:"mac,omitempty"`
}

// Comment is the text of the comment on an issue that keeps the marker: its
// line, and for people what the tellings say, or the words given instead.
func (s Seal) Comment(issue int, m Marker, instead string) string {
	said := []string{}
	for _, t := range m.Told {
		said = append(said, t.Words)
	}
	if instead != "" {
		said = []string{instead}
	}
	return s.Line(issue, m) + "\n" + strings.Join(said, " ")
}

// Line is the first line of the comment on an issue that keeps the marker.
func (s Seal) Line(issue int, m Marker) string {
	// Marshalling these types cannot fail, and JSON writes > as \u003e, so the
	// record cannot end the comment that it stands in.
	record, _ := json.Marshal(sealed{Marker: m, MAC: s.mac(issue, m)})
	return markerStart + string(record) + markerEnd
}

func (s Seal) mac(issue int, m Marker) string {
	if s.Key == "" {
		return ""
	}
	record, _ := json.Marshal(m)
	h := hmac.New(sha256.New, []byte(s.Key))
	fmt.Fprintf(h, "%s#%d\n%s", s.Place, issue, record)
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// Read is the marker that a comment keeps, and whether it keeps one that is to
// be trusted.
func (s Seal) Read(c fact.Comment) (Marker, bool) {
	if !strings.EqualFold(c.Author, s.Login) || !strings.HasPrefix(c.Body, markerStart) {
		return Marker{}, false
	}
	line, _, _ := strings.Cut(c.Body, "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) > mostMarker || !strings.HasSuffix(line, markerEnd) || len(line) < len(markerStart)+len(markerEnd) {
		return Marker{}, false
	}
	var got sealed
	if err := json.Unmarshal([]byte(line[len(markerStart):len(line)-len(markerEnd)]), &got); err != nil {
		return Marker{}, false
	}
	if !hmac.Equal([]byte(s.mac(c.Issue, got.Marker)), []byte(got.MAC)) && s.Key != "" {
		return Marker{}, false
	}
	if got.Run == "" || len(got.Told) == 0 {
		return Marker{}, false
	}
	got.Comment = c.ID
	return got.Marker, true
}

// Markers reads the markers among an issue's comments, the oldest claim first.
func (s Seal) Markers(comments []fact.Comment) []Marker {
	var all []Marker
	for _, c := range comments {
		if m, ok := s.Read(c); ok {
			all = append(all, m)
		}
	}
	sortMarkers(all)
	return all
}
