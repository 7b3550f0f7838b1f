package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/aftercare/aftercare/actions/internal/github"
)

// Person returns the name of a member by the id, U… or W…, and whether the account is
// active.
func (s *Slack) Person(ctx context.Context, id string) (name string, active bool, err error) {
	user, err := s.client().GetUserInfoContext(ctx, id)
	if err != nil {
		return "", false, err
	}
	return nameOf(*user), !user.Deleted, nil
}

// nameOf is the name of a member as people read it.
func nameOf(u slack.User) string {
	for _, name := range []string{u.Profile.RealName, u.RealName, u.Profile.DisplayName, u.Name} {
		if name = cut(strings.Join(strings.Fields(clean(name)), " "), 60); name != "" {
			return name
		}
	}
	return u.ID
}

// Group returns the handle and the name of a user group by its id, S….
func (s *Slack) Group(ctx context.Context, id string) (string, error) {
	groups, err := s.client().GetUserGroupsContext(ctx)
	if err != nil {
		return "", err
	}
	for _, g := range groups {
		if g.ID == id {
			return groupName(g), nil
		}
	}
	return "", errors.New("there is no such user group")
}

func groupName(g slack.UserGroup) string { return clean(fmt.Sprintf("%s (@%s)", g.Name, g.Handle)) }

// A Handle is a member or a user group that goes by a name.
type Handle struct{ ID, Name string }

// FindHandle looks for the members and user groups that go by a name, with or
// without the @. Of a workspace with many members this takes a request for each 200.
func (s *Slack) FindHandle(ctx context.Context, handle string) ([]Handle, error) {
	handle = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
	var found []Handle
	groups, errGroups := s.client().GetUserGroupsContext(ctx)
	for _, g := range groups {
		if strings.EqualFold(g.Handle, handle) {
			found = append(found, Handle{g.ID, groupName(g)})
		}
	}
	members := s.client().GetUsersPaginated(slack.GetUsersOptionIncludeLocale(false))
	var pages github.Cursor
	for {
		var err error
		if members, err = members.Next(ctx); err != nil {
			if members.Done(err) {
				break
			}
			return found, s.sentence(err)
		}
		for _, u := range members.Users {
			if !u.Deleted && (strings.EqualFold(u.Name, handle) || strings.EqualFold(u.Profile.DisplayName, handle)) {
				found = append(found, Handle{u.ID, nameOf(u)})
			}
		}
		if members.Cursor == "" {
			break
		}
		if err := pages.Next(members.Cursor); err != nil {
			return found, s.sentence(err)
		}
	}
	if len(found) == 0 && errGroups != nil {
		return nil, s.sentence(errGroups)
	}
	return found, nil
}
