package model

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Release is what is watched: one version of one project, from the day it
// shipped to the day that the next one may.
type Release struct {
	// Project is the name of the project, for people. Required.
	Project string `yaml:"project"`
	// Version is the version under watch, as its tag is written. Required.
	Version string `yaml:"version"`
	// Follow selects the hotfixes that belong to the release: a pattern such as 1.1.*
	// for versions published since the watched one, or newer for every version
	// published since. Default: the one version.
	Follow string `yaml:"follow"`
	// Branch is the branch that the release is built from, whose workflows ci_failure_rate
	// counts. Default: the default branch.
	Branch string `yaml:"branch"`
	// Shipped is the day on which the version was released, in UTC. Required.
	Shipped Date `yaml:"shipped"`
	// GA is the planned day of general availability, by which the gate must be decided.
	GA Date `yaml:"ga"`
	// Next says what happens when a release is published that does not belong to this one: pull_request
	// proposes the change of this file that watches it, commit makes the change. The dates of ga and of
	// phases move with the ship date. Default: nothing changes.
	Next string `yaml:"next" jsonschema:"enum=pull_request,enum=commit"`
	// Phases divide the watch, in order of time.
	Phases []Phase `yaml:"phases"`

	// Family are the versions of the release that are published, the oldest first,
	// as WithFamily finds them; nil where nobody has looked.
	Family []Published `yaml:"-"`
}

// The values of Next.
const (
	NextPull   = "pull_request"
	NextCommit = "commit"
)

// Phase is a part of the watch with a focus of its own.
type Phase struct {
	// Name of the phase. Required.
	Name string `yaml:"name"`
	// Until is the last day of the phase, inclusive. A phase has until or week.
	Until Date `yaml:"until"`
	// Week is the last week of the phase, counted from the ship date: week 1 is the first seven days.
	Week int `yaml:"week"`
	// Focus lists what to look at in this phase.
	Focus []string `yaml:"focus"`
	// Todo lists the tasks of this phase, shown in the digest. The page of a day
	// leaves out those of other days: an entry that begins with "On Monday and
	// Thursday," or "At the weekend," is of these days.
	Todo []string `yaml:"todo"`
}

// partForm is a tag of one part of a repository with several: pkg@1.2.3, a/v1.2.3,
// a-v1.2.3.
var partForm = lazyregexp.New(`^.*?[@/_-]v?(\d+(?:\.\d+)+(?:[.+-].*)?)$`)

// plainForm begins with a number, as the tag of a whole repository does.
var plainForm = lazyregexp.New(`^v?\d`)

// Number returns the version under watch as registries and the product itself
// name it: without a v before it, and without the part of the repository that its
// tag names.
func (r Release) Number() string {
	if m := partForm.FindStringSubmatch(r.Version); m != nil && !plainForm.MatchString(r.Version) {
		return m[1]
	}
	return strings.TrimPrefix(r.Version, "v")
}

// FollowNewer follows every version that is published after the watched one.
const FollowNewer = "newer"

var followForm = lazyregexp.New(`^v?[0-9A-Za-z.+-]*[0-9][0-9A-Za-z.+-]*\*?$`)

// Validate finds what is wrong with a release.
func (r Release) Validate() []diag.Mistake {
	var found []diag.Mistake
	if r.Project == "" {
		found = append(found, diag.At(nil, "a release needs `project`: its name for people"))
	}
	if r.Version == "" {
		found = append(found, diag.At(nil, "a release needs `version`: the one that is watched"))
	}
	if r.Follow != "" && r.Follow != FollowNewer && !followForm.MatchString(r.Follow) {
		found = append(found, diag.At([]any{"follow"}, "must be newer or a pattern of versions such as 1.1.*, got %q", r.Follow))
	}
	if r.Shipped.IsZero() {
		found = append(found, diag.At(nil, "a release needs `shipped`: the day it went out, such as 2026-01-24"))
	}
	if !r.GA.IsZero() && r.GA.Before(r.Shipped.Time) {
		found = append(found, diag.At([]any{"ga"}, "ga is before shipped"))
	}
	if r.Next != "" && r.Next != NextPull && r.Next != NextCommit {
		found = append(found, diag.At([]any{"next"}, "%s", diag.Unknown("value", r.Next, []string{NextPull, NextCommit})))
	}
	return append(found, r.validatePhases()...)
}

// maxWeek is the last week that a phase may end with.
const maxWeek = 104

func (r Release) validatePhases() []diag.Mistake {
	var found []diag.Mistake
	last := r.Shipped
	for i, p := range r.Phases {
		end, key := r.endOf(p), "until"
		if p.Week != 0 {
			key = "week"
		}
		switch {
		case p.Name == "" || p.Until.IsZero() && p.Week == 0:
			found = append(found, diag.At([]any{"phases", i}, "a phase needs `name`, and `until` or `week`"))
			continue
		case p.Week < 0 || p.Week > maxWeek:
			found = append(found, diag.At([]any{"phases", i, "week"}, "%d: expected a week after the ship date, from 1 to %d", p.Week, maxWeek))
			continue
		case !p.Until.IsZero() && p.Week != 0 && end != p.Until:
			found = append(found, diag.At([]any{"phases", i, "week"}, "a phase has `until` or `week`, not both"))
			continue
		case end.Before(last.Time):
			found = append(found, diag.At([]any{"phases", i, key}, "phase %q ends before the one in front of it", p.Name))
		}
		last = end
	}
	return found
}

// endOf is the last day of a phase, inclusive.
func (r Release) endOf(p Phase) Date {
	if p.Week == 0 {
		return p.Until
	}
	return Date{r.Shipped.AddDate(0, 0, 7*p.Week-1)}
}

// Resolve gives each phase that is written by its week the day on which it ends.
func (r *Release) Resolve() {
	for i, p := range r.Phases {
		if p.Week > 0 && p.Until.IsZero() && !r.Shipped.IsZero() {
			r.Phases[i].Until = r.endOf(p)
		}
	}
}

// Date is a day, from midnight UTC.
type Date struct{ time.Time }

// UnmarshalYAML takes 2026-01-24.
func (d *Date) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		return fmt.Errorf("%q is not a day: expected one such as 2026-01-24", node.Value)
	}
	d.Time = t
	return nil
}

func (d Date) String() string { return d.Format(time.DateOnly) }

// PhaseAt is the phase of a time: the first that is not over. The second answer
// is false before the release shipped, and after its last phase.
func (r Release) PhaseAt(t time.Time) (Phase, bool) {
	if t.Before(r.Shipped.Time) {
		return Phase{}, false
	}
	for _, p := range r.Phases {
		if t.Before(p.Until.Add(24 * time.Hour)) {
			return p, true
		}
	}
	return Phase{}, false
}

// PhaseDays is a phase with the days of a period that are its own: from First to Last,
// both inclusive.
type PhaseDays struct {
	Phase
	First, Last Date
}

// PhasesIn returns the phases of a period, until exclusive, in order of time, each with
// its days in it; nil where it has none.
func (r Release) PhasesIn(from, until time.Time) []PhaseDays {
	var all []PhaseDays
	for at := from; at.Before(until); at = at.AddDate(0, 0, 1) {
		p, known := r.PhaseAt(at)
		day := Date{at.UTC().Truncate(24 * time.Hour)}
		switch n := len(all); {
		case !known:
		case n > 0 && all[n-1].Name == p.Name && all[n-1].Until == p.Until:
			all[n-1].Last = day
		default:
			all = append(all, PhaseDays{Phase: p, First: day, Last: day})
		}
	}
	return all
}

var (
	todoDays = lazyregexp.New(`(?i)^(?:on|every) ((?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?:, and |, | and )?)+)`)
	oneDay   = lazyregexp.New(`(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)day`)
	weeksEnd = lazyregexp.New(`(?i)^(?:at|by) (?:the )?end of (?:the|each|every) week\b`)
	weekends = lazyregexp.New(`(?i)^(?:at|on) (?:the )?weekends?\b`)
)

// TodoOn returns the tasks of a day: those that name weekdays at their beginning on these
// days only, those of the end of the week on its last day, and all others. The week of a
// phase that is one ends with the phase, any other on Sunday.
func (p Phase) TodoOn(day time.Time) []string {
	weekday := day.UTC().Weekday()
	var all []string
	for _, task := range p.Todo {
		if days := todoDays.FindStringSubmatch(task); days != nil {
			named := oneDay.FindAllString(days[1], -1)
			if !slices.ContainsFunc(named, func(d string) bool { return strings.EqualFold(d, weekday.String()) }) {
				continue
			}
		}
		last := weekday == time.Sunday
		if p.Week > 0 && !p.Until.IsZero() {
			last = day.UTC().Format(time.DateOnly) == p.Until.Format(time.DateOnly)
		}
		if weeksEnd.MatchString(task) && !last {
			continue
		}
		if weekends.MatchString(task) && weekday != time.Saturday && weekday != time.Sunday {
			continue
		}
		all = append(all, task)
	}
	return all
}
