package alert

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
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

// OnIssue is the way of what is said on the issue itself, and told to no channel.
const OnIssue = "comment"

// Told is what one channel was told about an issue, by one way.
type Told struct {
	Channel string        `json:"to"`
	By      string        `json:"by"` // slack or email; OnIssue of a remark
	Episode int           `json:"episode,omitempty"`
	Kind    string        `json:"kind,omitempty"`    // Escalated; empty of the first message
	Respond time.Duration `json:"respond,omitempty"` // nanoseconds
	State   State         `json:"state"`
	Ref     string        `json:"ref,omitempty"` // the channel's own id of the message
	Labels  []string      `json:"labels,omitempty"`
	Words   string        `json:"words,omitempty"` // what the comment says of it: ours, no stranger's
	At      time.Time     `json:"at,omitzero"`     // of a response: when it was
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

// Holds reports whether a pending claim keeps a run from sending. A claim of an
// earlier attempt of the same run does not: a run is repeated only after it has
// ended.
func (m Marker) Holds(run string, now time.Time) bool {
	return now.Before(m.Until) && (m.Run == run || !sameRun(m.Run, run))
}

// sameRun tells two attempts of one run: "1234/1" and "1234/2".
func sameRun(a, b string) bool {
	a, _, numbered := strings.Cut(a, "/")
	b, _, _ = strings.Cut(b, "/")
	return numbered && a == b
}

// Seal makes and checks the first line of our comments. Markers are trusted
// only in comments of Login, and with keys only where they carry the MAC of one
// of them over the issue and the record, so that neither a copied line nor
// another program under the same account can silence an alert.
type Seal struct {
	Login string
	// Keys are the secrets, the newest first: it seals, all are believed, so a
	// key can be changed without telling old news again. The word Unsealed
	// among them believes what was written before there was a key.
	Keys []string
	// Places are the repository's names, the one that stays first: a marker
	// copied from another repository is not believed.
	Places []string
}

// SealFrom is the seal for the comments in a repository, as the environment says:
// AFTERCARE_LOGIN is the account that the token writes as, where it is not the
// workflow's own; AFTERCARE_KEY may hold several keys, the newest first. The
// number of the repository that the run belongs to stays when its name changes.
func SealFrom(getenv func(string) string, repository string) Seal {
	s := Seal{Login: firstOf(getenv("AFTERCARE_LOGIN"), "github-actions[bot]"), Places: []string{repository}}
	s.Keys = strings.FieldsFunc(getenv("AFTERCARE_KEY"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	if id := getenv("GITHUB_REPOSITORY_ID"); id != "" && strings.EqualFold(getenv("GITHUB_REPOSITORY"), repository) {
		s.Places = []string{id, repository}
	}
	return s
}

// Ours reports whether a login is the account that we write as. A deleted
// account has no login, and is nobody's.
func (s Seal) Ours(login string) bool { return login != "" && strings.EqualFold(login, s.Login) }

// Unsealed stands in place of a key for no key at all.
const Unsealed = "unsealed"

const (
	markerStart = "<!-- aftercare:told "
	markerEnd   = " -->"
	// maxMarker is as long as a comment may be, in bytes.
	maxMarker = 4 * 65536
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
	record, _ := json.Marshal(sealed{Marker: m, MAC: s.sign(issue, m)})
	return markerStart + string(record) + markerEnd
}

func (s Seal) sign(issue int, m Marker) string {
	if len(s.Keys) == 0 {
		return ""
	}
	place := ""
	if len(s.Places) > 0 {
		place = s.Places[0]
	}
	return mac(s.Keys[0], place, issue, m)
}

func mac(key, place string, issue int, m Marker) string {
	if key == Unsealed {
		return ""
	}
	record, _ := json.Marshal(m)
	h := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(h, "%s#%d\n%s", place, issue, record)
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// believes reports whether one of the keys made a MAC; without keys every marker
// is believed.
func (s Seal) believes(issue int, got sealed) bool {
	for _, key := range s.Keys {
		for _, place := range append([]string{""}, s.Places...) {
			if (place != "" || len(s.Places) == 0 || key == Unsealed) && hmac.Equal([]byte(mac(key, place, issue, got.Marker)), []byte(got.MAC)) {
				return true
			}
		}
	}
	return len(s.Keys) == 0
}

// Read is the marker that a comment keeps, and whether it keeps one that is to
// be trusted.
func (s Seal) Read(c model.Comment) (Marker, bool) {
	if !s.Ours(c.Author) || !strings.HasPrefix(c.Body, markerStart) {
		return Marker{}, false
	}
	line, _, _ := strings.Cut(c.Body, "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) > maxMarker || !strings.HasSuffix(line, markerEnd) || len(line) < len(markerStart)+len(markerEnd) {
		return Marker{}, false
	}
	var got sealed
	if err := json.Unmarshal([]byte(line[len(markerStart):len(line)-len(markerEnd)]), &got); err != nil {
		return Marker{}, false
	}
	if !s.believes(c.Issue, got) {
		return Marker{}, false
	}
	if got.Run == "" || len(got.Told) == 0 {
		return Marker{}, false
	}
	got.Comment = c.ID
	return got.Marker, true
}

// responded is the subject of the remark that somebody has responded elsewhere.
const responded = "response"

// Responded returns a marker that records too that somebody has responded in a
// channel: when, and in words for people.
func (m Marker) Responded(at time.Time, words string) Marker {
	m.Told = append(slices.Clone(m.Told), Told{Channel: responded, By: OnIssue, State: Sent, At: second(at), Words: words})
	return m
}

// Response returns when somebody first responded in a channel, as the markers of an
// issue record it; zero where none does.
func Response(markers []Marker) time.Time {
	var first time.Time
	for _, m := range markers {
		for _, t := range m.Told {
			if t.By == OnIssue && t.Channel == responded && (first.IsZero() || t.At.Before(first)) {
				first = t.At
			}
		}
	}
	return first
}

// Remarked reports whether something was said on an issue itself, by its subject.
func Remarked(markers []Marker, subject string) bool {
	for _, m := range markers {
		if m.remarks(subject) {
			return true
		}
	}
	return false
}

func (m Marker) remarks(subject string) bool {
	return slices.ContainsFunc(m.Told, func(t Told) bool { return t.By == OnIssue && t.Channel == subject })
}

// Markers reads the markers among an issue's comments, the oldest claim first.
func (s Seal) Markers(comments []model.Comment) []Marker {
	var all []Marker
	for _, c := range comments {
		if m, ok := s.Read(c); ok {
			all = append(all, m)
		}
	}
	sortMarkers(all)
	return all
}
