package model

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// People says which accounts stand for the team, and which are not people.
type People struct {
	// Team lists logins that belong to the team besides owners, members and
	// collaborators. They count neither as first-time reporters nor as new
	// contributors.
	Team Names `yaml:"team"`
	// Ignore lists logins that count neither as reporter nor as responder, such
	// as a CI account of type User. Bots need not be listed.
	Ignore Names `yaml:"ignore"`
	// Hours are the team's working hours, such as Mon–Fri 09:00–18:00: respond: end of day ends with them;
	// default: every day until midnight.
	Hours Hours `yaml:"hours"`
	// Timezone is the time zone of hours here and on routes, by its IANA name, such as Europe/Berlin;
	// default: UTC.
	Timezone Zone `yaml:"timezone"`
}

// TeamListed is the association of an account that people.team lists, where
// GitHub's own is none of the team's.
const TeamListed = "TEAM"

// teamAssociations are GitHub's associations of those who answer for the project.
var teamAssociations = []string{"OWNER", "MEMBER", "COLLABORATOR"}

// IsBot reports whether an account counts as no person: a bot, or listed in
// people.ignore.
func (p People) IsBot(login, accountType string) bool {
	return IsBot(login, accountType) || p.Ignore.hasLogin(login)
}

// Association is the association of an account: TeamListed for one that only
// people.team makes a member of the team, else GitHub's own.
func (p People) Association(login, githubs string) string {
	if slices.Contains(teamAssociations, githubs) || !p.Team.hasLogin(login) {
		return githubs
	}
	return TeamListed
}

// InTeam reports whether an account answers for the project.
func (p People) InTeam(login, association string) bool {
	return slices.Contains(append(teamAssociations, TeamListed), p.Association(login, association))
}

// hasLogin reports whether a login is among the names; GitHub ignores case.
func (n Names) hasLogin(login string) bool {
	return login != "" && slices.ContainsFunc(n, func(known string) bool { return strings.EqualFold(known, login) })
}

// loginForm is a login of GitHub: of a person, an app (with [bot]), or an
// account that an enterprise manages (with its short code behind "_").
var loginForm = lazyregexp.New(`^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})(?:\[bot\])?$`)

// WorkingHours are the team's, in its time zone.
func (p People) WorkingHours() Hours {
	zone := p.Timezone
	if zone == "" {
		zone = "UTC"
	}
	return p.Hours.In(zone)
}

// Validate finds names that can be no login, and logins that are listed twice.
func (p People) Validate() []diag.Mistake {
	var found []diag.Mistake
	seen := map[string]string{}
	for _, list := range []struct {
		key   string
		names Names
	}{{"team", p.Team}, {"ignore", p.Ignore}} {
		for i, name := range list.names {
			key := strings.ToLower(name)
			switch {
			case !loginForm.MatchString(name):
				found = append(found, diag.At([]any{list.key, i}, "must be a GitHub login without @, got %q", name))
			case seen[key] == list.key:
				found = append(found, diag.At([]any{list.key, i}, "duplicate login %q", name))
			case seen[key] != "":
				found = append(found, diag.At([]any{list.key, i}, "login %q is in %s already: a login belongs in one of the two lists", name, seen[key]))
			}
			seen[key] = list.key
		}
	}
	return found
}
