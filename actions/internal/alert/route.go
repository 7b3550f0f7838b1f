package alert

import (
	"regexp"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// Route says who hears of a label, of a metric's verdict, or of a mention. Of a list of
// routes the first that matches is taken, and the ones behind it only where it
// says `continue`.
type Route struct {
	// Label is a label, or a list of labels, that this route is for.
	Label model.Names `yaml:"label"`
	// Metric is a metric id, or a list of them, that this route is for; with level.
	Metric model.Names `yaml:"metric"`
	// Score is for mentions on other sites: those with at least so many points.
	Score int `yaml:"score"`
	// Level is the least level of the metric that notifies: warning or critical.
	Level string `yaml:"level" jsonschema:"enum=warning,enum=critical"`
	// To lists the channels that are notified. Required.
	To model.Names `yaml:"to"`
	// Mention is who is mentioned: channel, here, a person (U… or W…) or a user group (S…) by Slack ID.
	Mention string `yaml:"mention"`
	// Respond is the time in which somebody must respond: a length such as 4h, or end of day, the end of
	// the team's working day (people.hours). A critical alert without a response is escalated once.
	Respond RespondBy `yaml:"respond"`
	// Hours are the only ones in which the route notifies, such as Mon–Fri 09:00–18:00 Europe/Berlin;
	// what happens outside is sent when they begin, and the time to respond runs within them. Not for
	// critical alerts, which never wait. The time zone may be left out: people.timezone.
	Hours model.Hours `yaml:"hours"`
	// Action is what to do first, as an order: Stop the telemetry backend. The
	// message says it.
	Action string `yaml:"action"`
	// Runbook is a path in the repository, or a web address, of what to do.
	Runbook string `yaml:"runbook"`
	// Escalate notifies once more, with @channel, where nobody responds in time; default: for critical
	// alerts only.
	Escalate *bool `yaml:"escalate"`
	// Continue evaluates the routes below as well.
	Continue bool `yaml:"continue"`

	// Team are the hours of people.hours, in the zone of people.timezone.
	Team model.Hours `yaml:"-"`
}

// ActionOf is what the first route for a metric at a level says to do; empty where
// none does.
func ActionOf(routes []Route, metric string, level verdict.Level) string {
	for _, r := range routes {
		if r.forMetric(metric, level) && (r.Action != "" || !r.Continue) {
			return r.Action
		}
	}
	return ""
}

// RouteOf returns the first route for a metric at a level, and reports whether there is
// one.
func RouteOf(routes []Route, metric string, level verdict.Level) (Route, bool) {
	for _, r := range routes {
		if r.forMetric(metric, level) {
			return r, true
		}
	}
	return Route{}, false
}

// maxAction is how long an action may be, in bytes.
const maxAction = 200

// Known are the names that a route may use.
type Known struct {
	Labels, Metrics, Channels []string
}

// mentionForm is what a mention may be: Slack notifies nobody of a handle in a
// message, it needs the ID.
var mentionForm = regexp.MustCompile(`^(channel|here|everyone|[UWS][A-Z0-9]{7,})$`)

// Validate finds what is wrong with a route.
func (r Route) Validate(known Known) []diag.Mistake {
	var found []diag.Mistake
	add := func(path []any, format string, args ...any) {
		found = append(found, diag.At(path, format, args...))
	}
	names := func(key, kind string, given, known []string) {
		for i, name := range given {
			if !contains(known, name) || kind == "channel" && !model.Names(known).Has(name) {
				path := []any{key, i}
				if len(given) == 1 {
					path = []any{key}
				}
				add(path, "%s", diag.Unknown(kind, name, known))
			}
		}
	}
	names("label", "label", r.Label, known.Labels)
	names("metric", "metric", r.Metric, known.Metrics)
	names("to", "channel", r.To, known.Channels)
	if len(r.To) == 0 {
		add(nil, "a route needs `to`: the channels that hear of it")
	}
	if len(r.Label) == 0 && len(r.Metric) == 0 && r.Level == "" && r.Score == 0 {
		add(nil, "a route needs `label`, `metric`, `level` or `score`: what it is for")
	}
	if r.Score < 0 {
		add([]any{"score"}, "%d: points must be 1 or more", r.Score)
	}
	if r.Score != 0 && (len(r.Label) > 0 || len(r.Metric) > 0 || r.Level != "") {
		add(nil, "a route with `score` is for mentions alone: make two of it")
	}
	if len(r.Label) > 0 && (len(r.Metric) > 0 || r.Level != "") {
		add(nil, "a route is for labels or for metrics, not for both: make two of it")
	}
	if r.Level != "" && r.Level != "warning" && r.Level != "critical" {
		add([]any{"level"}, "%s", diag.Unknown("level", r.Level, []string{"warning", "critical"}))
	}
	if r.Mention != "" && !IsMention(r.Mention) {
		add([]any{"mention"}, "%q is not an ID, and Slack notifies nobody of a handle: use the ID of a person (U… or W…, \"Copy member ID\" in the profile) or of a user group (S…, \"Copy group ID\"), channel or here; where SLACK_BOT_TOKEN is set, check looks the ID up", r.Mention)
	}
	if len(r.Action) > maxAction || strings.ContainsAny(r.Action, "\r\n") {
		add([]any{"action"}, "must be one line of at most %d bytes", maxAction)
	}
	found = append(found, r.checkHours()...)
	if strings.Contains(r.Runbook, "://") && !strings.HasPrefix(r.Runbook, "https://") && !strings.HasPrefix(r.Runbook, "http://") {
		add([]any{"runbook"}, "%q: expected a path in the repository or an http(s) address", r.Runbook)
	}
	return found
}

func contains(names []string, name string) bool {
	for _, known := range names {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

// urgency orders routes: the shorter the time to answer the greater, none at
// all is the least.
func urgency(respond time.Duration) time.Duration {
	if respond <= 0 {
		return 0
	}
	return 365*24*time.Hour - min(respond, 364*24*time.Hour)
}

// IsMention reports whether a mention of a route is one that Slack understands: an ID
// or one of its words.
func IsMention(who string) bool { return mentionForm.MatchString(who) }
