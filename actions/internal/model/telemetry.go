package model

import "time"

// The rows of telemetry. Metadata is a JSON object; what a version of the
// program did not send is not in it.

// SessionRow is the start of a session.
type SessionRow struct {
	ID        string // the event's: an event is counted once
	CreatedAt time.Time
	Session   string
	Metadata  string // os_name, architecture, shell_type, version, origin
}

// Table is session_start_events.
func (r SessionRow) Table() string { return "session_start_events" }

// Values are created_at, user_session_id, metadata.
func (r SessionRow) Values() []any { return []any{when(r.CreatedAt), r.Session, text(r.Metadata)} }

// CommandRow is one command that was generated, or was to be.
type CommandRow struct {
	ID        string
	CreatedAt time.Time
	Session   string
	Success   bool
	Millis    *float64 // nil where it was not timed
	Backend   string
	Metadata  string // category, error_category
}

// Table is command_generation_events.
func (r CommandRow) Table() string { return "command_generation_events" }

// Values are created_at, user_session_id, success, generation_time_ms, backend_used, metadata.
func (r CommandRow) Values() []any {
	return []any{when(r.CreatedAt), r.Session, r.Success, float(r.Millis), text(r.Backend), text(r.Metadata)}
}

// SafetyRow is one validation of a command.
type SafetyRow struct {
	ID        string
	CreatedAt time.Time
	Session   string
	Blocked   bool
	Pattern   string
	Metadata  string // risk_level, action_taken
}

// Table is safety_validation_events.
func (r SafetyRow) Table() string { return "safety_validation_events" }

// Values are created_at, user_session_id, blocked, pattern_matched, metadata.
func (r SafetyRow) Values() []any {
	return []any{when(r.CreatedAt), r.Session, r.Blocked, text(r.Pattern), text(r.Metadata)}
}

// BackendErrorRow is one failure of a backend.
type BackendErrorRow struct {
	ID          string
	CreatedAt   time.Time
	Session     string
	Kind        string
	Recoverable bool
	Metadata    string // backend
}

// Table is backend_error_events.
func (r BackendErrorRow) Table() string { return "backend_error_events" }

// Values are created_at, user_session_id, error_type, recoverable, metadata.
func (r BackendErrorRow) Values() []any {
	return []any{when(r.CreatedAt), r.Session, text(r.Kind), r.Recoverable, text(r.Metadata)}
}

// ConsentRow is somebody who switched telemetry off, or on.
type ConsentRow struct {
	ID        string
	CreatedAt time.Time
	Session   string
	OptedOut  bool
}

// Table is telemetry_consent_events.
func (r ConsentRow) Table() string { return "telemetry_consent_events" }

// Values are created_at, user_session_id, opted_out.
func (r ConsentRow) Values() []any { return []any{when(r.CreatedAt), r.Session, r.OptedOut} }

// FindingRow counts personal data of one kind in one file of telemetry.
type FindingRow struct {
	At    time.Time // when it was found
	Until time.Time // when it was there last
	File  string
	Kind  string
	Count int
}

// Table is telemetry_findings.
func (r FindingRow) Table() string { return "telemetry_findings" }

// Values are at, until, file, kind, count.
func (r FindingRow) Values() []any {
	return []any{when(r.At), when(r.Until), r.File, r.Kind, int64(r.Count)}
}
