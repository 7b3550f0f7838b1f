package history

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/actions/internal/alert"
)

// AlertsFile is the file of the alert state: what was sent about metrics, and
// about issues that take no comment.
const AlertsFile = "data/alerts.json"

// Alerts returns the alert state, empty where there is none. A file that is
// damaged is replaced by its last version that is whole, and warn says so. The
// error is alert.Newer where a later version of Aftercare wrote it.
func (v *View) Alerts(ctx context.Context, warn func(format string, args ...any)) (alert.Memory, error) {
	memory, err := v.WholeAlerts(ctx)
	var damaged alert.Damaged
	if err == nil || !errors.As(err, &damaged) {
		return memory, err
	}
	whole := func(b []byte) bool { _, err := alert.Decode(b); return err == nil }
	src, commit, errEarlier := v.ledger.Earlier(ctx, v, AlertsFile, whole)
	if errEarlier != nil {
		return memory, errors.Join(err, errEarlier)
	}
	if commit == "" {
		warn("%s is damaged (%v), and no earlier version is whole: it begins anew, so active alerts are notified again", v.ledger.Path(AlertsFile), err)
		return alert.Memory{}, nil
	}
	warn("%s is damaged (%v): the version of commit %.10s takes its place", v.ledger.Path(AlertsFile), err, commit)
	return alert.Decode(src)
}

// WholeAlerts returns the alert state, empty where there is none. A file that is
// damaged is an error: only a snapshot, which files all of it, replaces it.
func (v *View) WholeAlerts(ctx context.Context) (alert.Memory, error) {
	src, err := v.Read(ctx, AlertsFile)
	if err != nil || src == nil {
		return alert.Memory{}, err
	}
	return alert.Decode(src)
}

// LatestAlerts returns the alert state as the branch holds it now, in one
// request, without a view. A file that is damaged is an error.
func (l *Ledger) LatestAlerts(ctx context.Context) (alert.Memory, error) {
	src, err := l.Latest(ctx, AlertsFile)
	if err != nil || src == nil {
		return alert.Memory{}, err
	}
	return alert.Decode(src)
}

// PutAlerts puts the alert state among the files of a commit.
func PutAlerts(files map[string][]byte, memory alert.Memory) { files[AlertsFile] = memory.Encode() }
