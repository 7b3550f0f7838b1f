package alert

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/labelname"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// RespondBy is the time in which somebody must respond: a length of time, or `end of
// day`.
type RespondBy struct {
	length   model.Duration
	endOfDay bool
}

// In is a response within a length of time.
func In(d time.Duration) RespondBy { return RespondBy{length: model.Duration(d)} }

// EndOfDay is a response before the team's working day ends.
var EndOfDay = RespondBy{length: model.Duration(8 * time.Hour), endOfDay: true}

// Duration is the length of time; of EndOfDay it ranks the route among others, as a
// day of work. 0: no time is set.
func (r RespondBy) Duration() time.Duration { return r.length.Duration() }

var endOfDayForm = regexp.MustCompile(`^end[ _-]of[ _-](the[ _-])?day$`)

// UnmarshalYAML reads a scalar.
func (r *RespondBy) UnmarshalYAML(node *yaml.Node) error {
	if endOfDayForm.MatchString(strings.TrimSpace(node.Value)) {
		*r = EndOfDay
		return nil
	}
	d, err := model.ParseDuration(node.Value)
	if err != nil {
		return fmt.Errorf("%q: expected a length of time such as 15m, 1h or 3d, or `end of day`", node.Value)
	}
	*r = RespondBy{length: d}
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (r RespondBy) MarshalYAML() (any, error) {
	if r.endOfDay {
		return "end of day", nil
	}
	return r.length.String(), nil
}

// Schedule says when a message goes out, and how the time to respond runs.
type Schedule struct {
	// Hours are the only ones in which the message goes out, and the time to respond
	// runs; zero: around the clock.
	Hours model.Hours
	// Day is the working day before whose end somebody must respond; zero: Respond
	// is a length of time.
	Day model.Hours
}

// schedule is that of what a route tells, given the hours of the team.
func (r Route) schedule() Schedule {
	var s Schedule
	if !r.Hours.IsZero() {
		s.Hours = r.Hours.In(r.Team.Zone())
	}
	if r.Respond.endOfDay {
		s.Day = s.Hours
		if s.Day.IsZero() {
			s.Day = r.Team
		}
		if s.Day.IsZero() {
			s.Day = model.AllDay(r.Team.Zone())
		}
	}
	return s
}

// Deadline is by when somebody must respond to what was sent at a time.
func (s Schedule) Deadline(sent time.Time, respond time.Duration) time.Time {
	if !s.Day.IsZero() {
		return s.Day.EndOfDay(sent)
	}
	return s.Hours.Add(sent, respond)
}

// Within says how long somebody has to respond: 4h, 4h of Mon–Fri 09:00–18:00
// Europe/Berlin, or the end of the working day.
func (s Schedule) Within(respond time.Duration) string {
	switch {
	case !s.Day.IsZero():
		return "end of the day"
	case !s.Hours.IsZero():
		return model.Duration(respond).String() + " of working time"
	}
	return model.Duration(respond).String()
}

// Zone is the zone that the deadline is read in; empty where hours play no part.
func (s Schedule) Zone() model.Zone {
	if !s.Day.IsZero() {
		return s.Day.Zone()
	}
	return s.Hours.Zone()
}

// with is the schedule where two routes lead to one channel: what either sends
// around the clock is sent around the clock, and the time runs as the more urgent
// one says.
func (s Schedule) with(other Schedule) Schedule {
	if other.Hours.IsZero() {
		s.Hours = other.Hours
	}
	return s
}

// Waiting is what waits for the hours of its route.
type Waiting struct {
	What  string // a metric, or an issue as #12; empty of a mail or a mention
	Until time.Time
}

// Awake parts what may be sent now from what waits for the hours of its route.
func Awake(news []MetricNews, now time.Time) (awake []MetricNews, waiting []Waiting) {
	for _, n := range news {
		if until := n.Schedule.Hours.Open(now); until.After(now) {
			what := n.Metric
			if n.Notice != nil {
				what = ""
			}
			waiting = append(waiting, Waiting{what, until})
			continue
		}
		awake = append(awake, n)
	}
	return awake, waiting
}

// AwakeIssues parts what of an issue may be sent now from what waits for the hours
// of its route.
func AwakeIssues(due []Due, now time.Time) (awake, asleep []Due) {
	for _, d := range due {
		if d.Hours.Open(now).After(now) {
			asleep = append(asleep, d)
			continue
		}
		awake = append(awake, d)
	}
	return awake, asleep
}

// Opens is when the first of what waits is sent; zero where nothing waits.
func Opens(asleep []Due, now time.Time) time.Time {
	var first time.Time
	for _, d := range asleep {
		first = Earlier(first, d.Hours.Open(now))
	}
	return first
}

// Earlier is the earlier of two times; a zero time stands for never.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// checkHours finds hours on a route whose messages must not wait.
func (r Route) checkHours() []diag.Mistake {
	if r.Hours.IsZero() {
		return nil
	}
	urgent := slices.IndexFunc(r.Label, isUrgentLabel)
	switch {
	case r.Level == "critical":
		return []diag.Mistake{diag.At([]any{"hours"}, "a critical alert does not wait for hours: delete `hours`, or make the route one for level: warning")}
	case urgent >= 0:
		return []diag.Mistake{diag.At([]any{"hours"}, "an issue labelled %s does not wait for hours: delete `hours`, or make a route of its own for the other labels", r.Label[urgent])}
	}
	return nil
}

// isUrgentLabel reports whether issues with a label are critical, however it is
// written: P0, priority/p0, Security.
func isUrgentLabel(name string) bool {
	return slices.ContainsFunc([]string{"P0", "critical", "security", "privacy-leak"}, func(l string) bool { return labelname.Same(l, name) })
}
