package collect

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Anybody can send a mail, and the values of an export become keys on the pages.
// So of what came by mail those are admitted that a program writes and no sentence,
// name or address fits into.
var (
	versionForm = lazyregexp.New(`^v?\d{1,4}(?:\.\d{1,5}){0,3}(?:-(?:alpha|beta|rc|dev|pre|preview|nightly|canary|snapshot)(?:\.?\d{1,8}){0,2})?(?:\+[0-9a-f]{1,12})?$`)
	nameForm    = lazyregexp.New(`^[a-z0-9]+(?:[_-][a-z0-9]+){0,2}$`)
	shells      = []string{"ash", "bash", "cmd", "csh", "dash", "elvish", "fish", "ion", "ksh", "mksh", "nu", "nushell", "powershell", "pwsh", "sh", "tcsh", "xonsh", "yash", "zsh"}
)

// maxName is how long the name of a backend or a category may be.
const maxName = 24

// other stands for a value that is not admitted.
const other = "other"

// tamed is an event without anything that a stranger may have written into it.
func (x exported) tamed(at time.Time) exported {
	x.ID, x.Session, x.Timestamp = uuid(keptID(idOf(x.ID))), keptSession(x.Session), at.UTC().Format(time.RFC3339Nano)
	x.Version = admitted(x.Version, versionForm.MatchString)
	x.Platform = platformOf(x.Platform)
	x.ShellType = admitted(x.ShellType, func(s string) bool { return slices.Contains(shells, strings.ToLower(s)) })
	for _, name := range []*string{&x.Backend, &x.ErrorCategory, &x.Category, &x.Control, &x.RiskLevel, &x.ActionTaken, &x.PatternCategory} {
		*name = admitted(*name, func(s string) bool { return len(s) <= maxName && nameForm.MatchString(s) })
	}
	return x
}

func admitted(value string, fits func(string) bool) string {
	if value == "" || fits(value) {
		return value
	}
	return other
}

func uuid(id eventID) string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// keptID stands for an event's id in what is kept of a mail: it tells one event
// from another, and cannot be turned back.
func keptID(id eventID) eventID {
	var kept eventID
	sum := sha256.Sum256(append([]byte("event\x00"), id[:]...))
	copy(kept[:], sum[:])
	return kept
}

// keptSession stands for a session's id likewise.
func keptSession(s string) string {
	sum := sha256.Sum256([]byte("session\x00" + s))
	return hex.EncodeToString(sum[:8])
}

// platformOf is a platform in the parts that are known of it.
func platformOf(s string) string {
	if s == "" {
		return ""
	}
	system, processor := cmp.Or(heldBy(s, systems).part, other), heldBy(s, processors).part
	if processor == "" {
		return system
	}
	return system + "-" + processor
}
