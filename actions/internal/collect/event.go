package collect

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// eventID is an event's id: a UUID as it is, any other text by its hash.
type eventID [16]byte

// event is one event, understood.
type event struct {
	id       eventID
	row      model.Row // nil where the kind needs no row
	personal []string  // the kinds of personal data that were found in it
	later    string    // a kind that is not known yet
}

// exported is an event as the program writes it. Fields that it may have later
// are ignored, and scanned like the others.
type exported struct {
	ID        string `json:"id"`
	Session   string `json:"session_id"`
	Timestamp string `json:"timestamp"`
	Type      string `json:"type"`

	Version   string `json:"version,omitempty"`
	Platform  string `json:"platform,omitempty"`
	ShellType string `json:"shell_type,omitempty"`

	Backend       string   `json:"backend,omitempty"`
	Duration      *float64 `json:"duration_ms,omitempty"`
	Success       *bool    `json:"success,omitempty"`
	ErrorCategory string   `json:"error_category,omitempty"`
	Category      string   `json:"category,omitempty"`
	Control       string   `json:"control,omitempty"`

	RiskLevel       string `json:"risk_level,omitempty"`
	ActionTaken     string `json:"action_taken,omitempty"`
	PatternCategory string `json:"pattern_category,omitempty"`

	Recoverable *bool `json:"recoverable,omitempty"`
	OptedOut    *bool `json:"opted_out,omitempty"`
}

// oldestEvent is before any telemetry.
var oldestEvent = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// understand reads one event; the second answer says why it is none. One that was
// scanned before is not looked at again.
func understand(text []byte, now time.Time, scanned bool) (event, string) {
	x, at, why := parsed(text, now)
	if why != "" {
		return event{}, why
	}
	e := event{id: idOf(x.ID)}
	if !scanned {
		if e.personal = personal(text, x); len(e.personal) > 0 {
			return e, ""
		}
	}
	e.row, e.later, why = x.row(at)
	return e, why
}

// asMailed is an event of a file as it would be kept had it come by mail, so that
// one that came both ways, and a session of which each brought a part, count once.
func (e event) asMailed() event {
	e.id = keptID(e.id)
	switch row := e.row.(type) {
	case model.SessionRow:
		row.Session = keptSession(row.Session)
		e.row = row
	case model.CommandRow:
		row.Session = keptSession(row.Session)
		e.row = row
	case model.SafetyRow:
		row.Session = keptSession(row.Session)
		e.row = row
	case model.BackendErrorRow:
		row.Session = keptSession(row.Session)
		e.row = row
	case model.ConsentRow:
		row.Session = keptSession(row.Session)
		e.row = row
	}
	return e
}

// parsed is an event as it is written, and its time; or why it is none.
func parsed(text []byte, now time.Time) (x exported, at time.Time, why string) {
	if err := json.Unmarshal(text, &x); err != nil {
		return x, at, "no event: " + strings.TrimPrefix(err.Error(), "json: ")
	}
	if x.ID == "" || x.Session == "" || x.Type == "" {
		return x, at, "no event: id, session_id and type must be set"
	}
	at, err := time.Parse(time.RFC3339, x.Timestamp)
	switch {
	case err != nil:
		return x, at, fmt.Sprintf("timestamp %q is not a time", short(x.Timestamp))
	case at.Before(oldestEvent) || at.After(now.Add(24*time.Hour)):
		return x, at, fmt.Sprintf("timestamp %s cannot be", at.Format(time.RFC3339))
	}
	return x, at, ""
}

func idOf(s string) eventID {
	var id eventID
	if len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		var digits [32]byte
		copy(digits[:8], s[:8])
		copy(digits[8:12], s[9:13])
		copy(digits[12:16], s[14:18])
		copy(digits[16:20], s[19:23])
		copy(digits[20:], s[24:])
		if _, err := hex.Decode(id[:], digits[:]); err == nil {
			return id
		}
	}
	sum := sha256.Sum256([]byte(s))
	copy(id[:], sum[:16])
	return id
}

// row is the row of an event of a known kind; else the kind, or what is wrong.
func (x exported) row(at time.Time) (row model.Row, later, wrong string) {
	switch x.Type {
	case "session_start":
		system, processor := platform(x.Platform)
		return model.SessionRow{ID: x.ID, CreatedAt: at, Session: x.Session, Metadata: metadata(
			"os_name", system, "architecture", processor, "shell_type", x.ShellType, "version", x.Version, "origin", "export")}, "", ""
	case "session_end":
		return nil, "", ""
	case "command_generation":
		if x.Success == nil {
			return nil, "", "command_generation without success"
		}
		if x.Duration != nil && *x.Duration < 0 {
			return nil, "", "duration_ms below zero"
		}
		return model.CommandRow{ID: x.ID, CreatedAt: at, Session: x.Session, Success: *x.Success, Millis: x.Duration, Backend: x.Backend,
			Metadata: metadata("category", x.Category, "error_category", x.ErrorCategory, "control", x.Control)}, "", ""
	case "safety_validation":
		if x.ActionTaken == "" {
			return nil, "", "safety_validation without action_taken"
		}
		return model.SafetyRow{ID: x.ID, CreatedAt: at, Session: x.Session, Blocked: x.ActionTaken == "blocked", Pattern: x.PatternCategory,
			Metadata: metadata("risk_level", x.RiskLevel, "action_taken", x.ActionTaken)}, "", ""
	case "backend_error":
		if x.Recoverable == nil {
			return nil, "", "backend_error without recoverable"
		}
		return model.BackendErrorRow{ID: x.ID, CreatedAt: at, Session: x.Session, Kind: x.ErrorCategory, Recoverable: *x.Recoverable, Metadata: metadata("backend", x.Backend)}, "", ""
	case "telemetry_consent", "consent":
		if x.OptedOut == nil {
			return nil, "", x.Type + " without opted_out"
		}
		return model.ConsentRow{ID: x.ID, CreatedAt: at, Session: x.Session, OptedOut: *x.OptedOut}, "", ""
	}
	return nil, short(x.Type), ""
}

// metadata is a JSON object of names and values, without those that are empty.
func metadata(pairs ...string) string {
	var b []byte
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b == nil {
			b = append(b, '{')
		} else {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, pairs[i]...)
		b = append(b, '"', ':')
		b = appendText(b, pairs[i+1])
	}
	if b == nil {
		return ""
	}
	return string(append(b, '}'))
}

func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			text, _ := json.Marshal(s)
			return append(b, text...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// machinePart is what a platform's text may hold, and what it is called.
type machinePart struct{ part, name string }

var (
	systems    = []machinePart{{"linux", "Linux"}, {"macos", "macOS"}, {"darwin", "macOS"}, {"windows", "Windows"}, {"freebsd", "FreeBSD"}}
	processors = []machinePart{{"aarch64", "arm64"}, {"arm64", "arm64"}, {"x86_64", "x86_64"}, {"amd64", "x86_64"}, {"i686", "x86"}, {"armv7", "armv7"}}
)

// platform takes «linux-x86_64» or «macOS (aarch64)» apart.
func platform(s string) (system, processor string) {
	system, processor = heldBy(s, systems).name, heldBy(s, processors).name
	if system == "" && s != "" {
		system = "other"
	}
	return system, processor
}

// heldBy is the first that stands in a text; empty where none does.
func heldBy(s string, all []machinePart) machinePart {
	s = strings.ToLower(s)
	for _, k := range all {
		if strings.Contains(s, k.part) {
			return k
		}
	}
	return machinePart{}
}

// personal are the kinds of personal data in an event, each once. The id, the
// session's id and the time are known by their form, and hold none.
func personal(text []byte, x exported) []string {
	plain := text
	for _, known := range []struct {
		value string
		form  func(string) bool
	}{{x.ID, isHex}, {x.Session, isHex}, {x.Timestamp, isTime}} {
		if at := bytes.Index(plain, []byte(known.value)); at >= 0 && known.form(known.value) {
			if &plain[0] == &text[0] {
				plain = bytes.Clone(text)
			}
			for i := range known.value {
				plain[at+i] = ' '
			}
		}
	}
	found := kinds(nil, string(plain))
	if bytes.IndexByte(text, '\\') >= 0 {
		// What is written with escapes is looked at as it reads.
		var any any
		if json.Unmarshal(text, &any) == nil {
			found = kindsWithin(found, any, x)
		}
	}
	return found
}

func kinds(found []string, text string) []string {
	for _, span := range redact.Find(text) {
		if !slices.Contains(found, span.Kind) {
			found = append(found, span.Kind)
		}
	}
	return found
}

func kindsWithin(found []string, value any, x exported) []string {
	switch v := value.(type) {
	case string:
		if v != x.ID && v != x.Session && v != x.Timestamp {
			return kinds(found, v)
		}
	case []any:
		for _, one := range v {
			found = kindsWithin(found, one, x)
		}
	case map[string]any:
		for name, one := range v {
			found = kindsWithin(kinds(found, name), one, x)
		}
		slices.Sort(found)
	}
	return found
}

// isHex tells a UUID, or an id of sixteen hexadecimal digits or more. What has
// other dashes may be a telephone number.
func isHex(s string) bool {
	if len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	if len(s) < 16 || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// isTime tells digits and the signs of RFC 3339.
func isTime(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && !strings.ContainsRune("-:.TZtz+", rune(c)) {
			return false
		}
	}
	return len(s) <= 40
}
