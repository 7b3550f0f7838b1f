package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/diag"
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
	// Shipped is the day on which the version was released, in UTC. Required.
	Shipped Date `yaml:"shipped"`
	// GA is the planned day of general availability, by which the gate must be decided.
	GA Date `yaml:"ga"`
	// Phases divide the watch, in order of time.
	Phases []Phase `yaml:"phases"`
}

// Phase is a part of the watch with a focus of its own.
type Phase struct {
	// Name of the phase. Required.
	Name string `yaml:"name"`
	// Until is the last day of the phase, inclusive.
	Until Date `yaml:"until"`
	// Focus lists what to look at in this phase.
	Focus []string `yaml:"focus"`
	// Todo lists the tasks of this phase, shown in the digest. The page of a day
	// leaves out those of other days: an entry that begins with "On Monday and
	// Thursday," or "At the weekend," is of these days.
	Todo []string `yaml:"todo"`
}

// partForm is a tag of one part of a repository with several: pkg@1.2.3, a/v1.2.3,
// a-v1.2.3.
var partForm = regexp.MustCompile(`^.*?[@/_-]v?(\d+(?:\.\d+)+(?:[.+-].*)?)$`)

// plainForm begins with a number, as the tag of a whole repository does.
var plainForm = regexp.MustCompile(`^v?\d`)

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

var followForm = regexp.MustCompile(`^v?[0-9A-Za-z.+-]*[0-9][0-9A-Za-z.+-]*\*?$`)

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
	last := r.Shipped
	for i, p := range r.Phases {
		if p.Name == "" || p.Until.IsZero() {
			found = append(found, diag.At([]any{"phases", i}, "a phase needs `name` and `until`"))
			continue
		}
		if p.Until.Before(last.Time) {
			found = append(found, diag.At([]any{"phases", i, "until"}, "phase %q ends before the one in front of it", p.Name))
		}
		last = p.Until
	}
	return found
}

// Date is a day, from midnight UTC.
type Date struct{ time.Time }

// UnmarshalYAML takes 2026-01-24.
func (d *Date) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		return fmt.Errorf("%q is no day: expected one such as 2026-01-24", node.Value)
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

var (
	todoDays = regexp.MustCompile(`(?i)^(?:on|every) ((?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?:, and |, | and )?)+)`)
	oneDay   = regexp.MustCompile(`(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)day`)
	weekends = regexp.MustCompile(`(?i)^(?:at|on) (?:the )?weekends?\b`)
)

// TodoOn returns the tasks of a day: those that name weekdays at their beginning
// on these days only, and all others.
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
		if weekends.MatchString(task) && weekday != time.Saturday && weekday != time.Sunday {
			continue
		}
		all = append(all, task)
	}
	return all
}
