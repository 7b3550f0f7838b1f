package app

import (
	"errors"

	"github.com/aftercare/aftercare/actions/internal/history"
	"github.com/aftercare/aftercare/actions/internal/notify"
)

// LogReceipt logs what became of the messages about a subject, such as issue #42.
// What people should know of it is a warning.
func (a *App) LogReceipt(about string, r notify.Receipt) {
	for _, m := range r.Sent {
		a.Env.Log.Info(about + ": told " + m.Whom())
	}
	for _, m := range r.Adopted {
		a.Env.Log.Info(about + ": found in the channel " + m.Channel + ": an earlier run had sent it")
	}
	for _, m := range r.Elsewhere {
		a.Env.Log.Info(about + ": another run has told " + m.Whom() + " meanwhile")
	}
	for _, said := range append(r.Unread, r.Refused...) {
		a.Env.Warn("%s", said)
	}
	for _, m := range r.Left {
		a.WarnClaimed(about, m.Channel+" by "+m.By)
	}
	if r.Unrecorded == nil {
		return
	}
	where := "there is no record of what was sent, so a later run may repeat it"
	if r.Filed {
		where = "the record of what was sent is in " + a.History.Path(history.AlertsFile)
	}
	a.Env.Warn("%s: %v; %s%s", about, r.Unrecorded, where, hintOf(r.Unrecorded))
}

// WarnClaimed says that another run has claimed to notify somebody of a subject.
func (a *App) WarnClaimed(about, whom string) {
	a.Env.Warn("%s: another run has claimed to tell %s; should it have died, the next run or sweep tells", about, whom)
}

// hintOf is what to do about an error, in brackets; empty where nothing is known.
func hintOf(err error) string {
	var hinting interface{ Hint() string }
	if errors.As(err, &hinting) && hinting.Hint() != "" {
		return " (" + hinting.Hint() + ")"
	}
	return ""
}
