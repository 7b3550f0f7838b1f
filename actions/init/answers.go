package main

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

// answers are what init must know of a project.
type answers struct {
	Project, Version string
	Shipped          string   // a day, 2026-01-24
	GA               string   // the day of general availability; empty is none that is planned
	Team             []string // logins of those who answer for the project
	Slack, Mail      string   // empty is none
	Plan             string
	Parts            []string // empty is those that the plan is served by
	Without          []string // the services whose secrets are left out
	Packages         []published
	Labels           []string          // those that the repository has, as far as it is known
	Guessed          map[string]string // of what nobody said, by its flag: where it is from
}

// published is a package that the repository publishes, and the file that says so.
type published struct{ Registry, Name, File string }

// question is one of the things that init asks: the flag that answers it, the
// words for people, and where the answer goes.
type question struct {
	flag, words string
	put         func(a *answers, answer string) error
	now         func(a answers) string
}

var questions = []question{
	{"plan", "Which rules.yaml: plain needs nothing but GitHub; caro is the whole plan of a command-line tool", putPlan, func(a answers) string { return a.Plan }},
	{"parts", "Which workflows (with commas between them, or all; pages puts the dashboard on GitHub Pages)", putParts, partsOf},
	{"project", "The project's name", putName(func(a *answers) *string { return &a.Project }), func(a answers) string { return a.Project }},
	{"release", "The version that was shipped (none where nothing is released yet)", putRelease, func(a answers) string { return orNone(a.Version) }},
	{"shipped", "The day on which it was shipped", putDay, func(a answers) string { return orNone(a.Shipped) }},
	{"ga", "The day planned for general availability (none where it is no beta)", putGA, func(a answers) string { return orNone(a.GA) }},
	{"slack", "The Slack channel for what is urgent (none for no Slack)", putSlack, func(a answers) string { return orNone(a.Slack) }},
	{"mail", "The address for the digest (none for no mail)", putMail, func(a answers) string { return orNone(a.Mail) }},
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// ask completes what was guessed by the flags, and by the person where there
// is one.
func ask(ctx context.Context, env *runner.Env, person *person, a answers) (answers, error) {
	for _, q := range questions {
		if err := q.answer(ctx, env.Input(q.flag), person, &a); err != nil {
			return a, err
		}
	}
	return a, nil
}

// answer takes a flag, asks the person, or leaves the guess. A guess is held to
// the same form.
func (q question) answer(ctx context.Context, given string, person *person, a *answers) error {
	if given != "" {
		delete(a.Guessed, q.flag)
		return q.checked(q.put(a, given))
	}
	if person == nil {
		return q.checked(q.put(a, q.now(*a)))
	}
	for {
		said, err := person.ask(ctx, fmt.Sprintf("%s [%s]: ", q.words, q.now(*a)))
		if err != nil {
			return err
		}
		if said == "" {
			said = q.now(*a)
		}
		wrong := q.put(a, said)
		if wrong == nil {
			delete(a.Guessed, q.flag)
			return nil
		}
		person.say(wrong.Error())
	}
}

func (q question) checked(err error) error {
	if err == nil {
		return nil
	}
	return runner.Usage("-%s: %v", q.flag, err)
}

// longest is how long a name may be, in characters.
const longest = 100

// putName takes one line of characters that can be seen.
func putName(field func(*answers) *string) func(*answers, string) error {
	return func(a *answers, s string) error {
		hidden := func(r rune) bool { return !unicode.IsPrint(r) }
		if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, hidden) || len([]rune(s)) > longest {
			return fmt.Errorf("%q: expected one line of at most %d characters", s, longest)
		}
		*field(a) = s
		return nil
	}
}

// partsOf are the parts that were chosen, else those of the plan.
func partsOf(a answers) string {
	if len(a.Parts) == 0 {
		return strings.Join(defaultParts(a.Plan), ",")
	}
	return strings.Join(a.Parts, ",")
}

func putPlan(a *answers, s string) error {
	if _, err := planText(s); err != nil {
		return err
	}
	a.Plan = s
	return nil
}

// putRelease takes the name of a version, or none.
func putRelease(a *answers, s string) error {
	if s == "none" {
		a.Version, a.Shipped, a.GA = "", "", ""
		return nil
	}
	return putName(func(a *answers) *string { return &a.Version })(a, s)
}

func putDay(a *answers, s string) error {
	if s == "none" && a.Version == "" {
		a.Shipped = ""
		return nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q: expected a day such as 2026-01-24", s)
	}
	if a.Version == "" {
		return errors.New("no release is named that was shipped on that day: give -release too")
	}
	a.Shipped = s
	return nil
}

// putGA takes a day that is not before the release, or none.
func putGA(a *answers, s string) error {
	if s == "none" {
		a.GA = ""
		return nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("%q: expected a day such as 2026-02-15, or none", s)
	}
	if a.Version == "" {
		return errors.New("no release is named that becomes generally available on that day: give -release too")
	}
	if shipped, err := time.Parse(time.DateOnly, a.Shipped); err == nil && day.Before(shipped) {
		return fmt.Errorf("%s is before the day on which it was shipped, %s", s, a.Shipped)
	}
	a.GA = s
	return nil
}

var channelForm = regexp.MustCompile(`^#?[\p{Ll}\p{Lo}\p{N}_-]{1,80}$`)

func putSlack(a *answers, s string) error {
	if s == "none" {
		a.Slack = ""
		return nil
	}
	if !channelForm.MatchString(s) {
		return fmt.Errorf("%q: expected a channel such as #alerts, or none", s)
	}
	a.Slack = "#" + strings.TrimPrefix(s, "#")
	return nil
}

func putMail(a *answers, s string) error {
	if s == "none" {
		a.Mail = ""
		return nil
	}
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s {
		return fmt.Errorf("%q: expected the address of one mailbox, or none", s)
	}
	a.Mail = s
	return nil
}

func putParts(a *answers, s string) error {
	if s == "all" {
		a.Parts = parts()
		return nil
	}
	var chosen []string
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(parts(), name) {
			return fmt.Errorf("there is no part %q: choose among %s", name, strings.Join(parts(), ", "))
		}
		chosen = append(chosen, name)
	}
	if len(chosen) == 0 {
		return fmt.Errorf("choose among %s", strings.Join(parts(), ", "))
	}
	slices.Sort(chosen)
	a.Parts = slices.Compact(chosen)
	return nil
}
