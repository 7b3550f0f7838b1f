package report

import (
	"fmt"
	"time"

	"github.com/aftercare/aftercare/actions/internal/humanize"
)

const (
	// perNotification is what one notification is counted as in the team's time.
	perNotification = 15 * time.Minute
	// plannedTime is what the team plans for the watch of a release.
	plannedTime = "2–3 hours a week"
)

// teamTime is what notifications cost of the time that the team plans: "about 1h
// 30m at 15 minutes each, of the 2–3 hours a week planned". Over more weeks than
// one it is the mean of a week.
func teamTime(notifications int, days float64) string {
	spent := time.Duration(notifications) * perNotification
	each := fmt.Sprintf("if each takes %.0f minutes; the team plans %s for the whole watch", perNotification.Minutes(), plannedTime)
	if days <= 7 {
		return fmt.Sprintf("about %s %s", humanize.Duration(spent), each)
	}
	return fmt.Sprintf("about %s a week %s", humanize.Duration(time.Duration(float64(spent)*7/days).Round(perNotification)), each)
}

// load is how many alerts, mails and mentions of the week channels were notified
// of, in the team's time; empty where there was none.
func (w Week) load() string {
	n := 0
	for _, f := range w.Fired {
		if len(f.Channels()) > 0 && !f.Began.Before(w.From) && f.Began.Before(w.Until) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Alert load: %s of metrics, mail and mentions, %s. Urgent issues are not among them.", humanize.Count(n, "notification"), teamTime(n, 7))
}
