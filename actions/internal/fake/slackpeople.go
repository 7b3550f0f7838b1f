package fake

import (
	"slices"
	"strconv"
)

// slackPerson is a member of the workspace.
type slackPerson struct {
	id, handle, name string
	gone             bool
}

// slackGroup is a user group of the workspace.
type slackGroup struct{ id, handle, name string }

// Person adds a member: an id such as U024BE7LH, a handle, and a name as people see
// it.
func (s *Slack) Person(id, handle, name string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.people = append(s.people, slackPerson{id: id, handle: handle, name: name})
}

// Deactivate takes a member's access away.
func (s *Slack) Deactivate(id string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for i := range s.people {
		s.people[i].gone = s.people[i].gone || s.people[i].id == id
	}
}

// Group adds a user group: an id such as S0123ABCD, a handle and a name.
func (s *Slack) Group(id, handle, name string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.groups = append(s.groups, slackGroup{id, handle, name})
}

// Scopes gives the bot some scopes, and no other.
func (s *Slack) Scopes(names ...string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.scopes = append([]string{}, names...)
}

// scoped lets in a bot that has a scope. A scope for public channels is enough for
// all of them: none of the channels is private.
func (s *Slack) scoped(scope string, run func(c *call, in map[string]string) any) func(*call) answer {
	return s.bot(func(c *call, in map[string]string) any {
		if s.scopes != nil && !slices.Contains(s.scopes, scope) {
			return map[string]any{"ok": false, "error": "missing_scope", "needed": scope, "provided": ""}
		}
		return run(c, in)
	})
}

func (p slackPerson) shape() map[string]any {
	return map[string]any{"id": p.id, "name": p.handle, "real_name": p.name, "deleted": p.gone, "profile": map[string]any{"display_name": p.handle, "real_name": p.name}}
}

// botPerson is the bot itself, as a member.
var botPerson = slackPerson{id: "U0000", handle: "aftercare", name: "Aftercare"}

func (s *Slack) userInfo(_ *call, in map[string]string) any {
	for _, p := range append([]slackPerson{botPerson}, s.people...) {
		if p.id == in["user"] {
			return map[string]any{"ok": true, "user": p.shape()}
		}
	}
	return slackNo("user_not_found")
}

// maxMembers is how many members a page has at most.
const maxMembers = 200

func (s *Slack) listUsers(_ *call, in map[string]string) any {
	all := append([]slackPerson{botPerson}, s.people...)
	from, _ := strconv.Atoi(in["cursor"])
	until := min(from+maxMembers, len(all))
	members := []any{}
	for _, p := range all[min(from, until):until] {
		members = append(members, p.shape())
	}
	next := ""
	if until < len(all) {
		next = strconv.Itoa(until)
	}
	return map[string]any{"ok": true, "members": members, "response_metadata": map[string]any{"next_cursor": next}}
}

func (s *Slack) listGroups(*call, map[string]string) any {
	groups := []any{}
	for _, g := range s.groups {
		groups = append(groups, map[string]any{"id": g.id, "handle": g.handle, "name": g.name, "is_usergroup": true, "date_delete": 0})
	}
	return map[string]any{"ok": true, "usergroups": groups}
}
