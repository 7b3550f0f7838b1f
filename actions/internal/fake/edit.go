package fake

import (
	"slices"
	"strings"
	"time"
)

// edit is one version of an issue's body and who wrote it. GitHub tells them in
// GraphQL alone, the newest first, the first version among them once there is
// a second.
type edit struct {
	by   *user
	at   time.Time
	body string
}

// revise keeps the version that was there before, if it is the first, and the
// new one.
func (i *issue) revise(actor *user, body *string) {
	if len(i.edits) == 0 {
		i.edits = append(i.edits, edit{i.author, i.createdAt, deref(i.body)})
	}
	i.edits = append(i.edits, edit{actor, i.repo.now(), deref(body)})
}

func (i *issue) editNodes(args map[string]any) any {
	var nodes []*node
	for _, e := range slices.Backward(i.edits) {
		nodes = append(nodes, &node{kind: "UserContentEdit", fields: map[string]field{
			"editedAt": plain(e.at), "createdAt": plain(e.at), "diff": plain(e.body), "deletedAt": plain(nil),
			"editor": func(map[string]any) any { return i.repo.hub.actorNode(e.by) },
		}})
	}
	return connection("userContentEdits", "UserContentEdit", nodes)(args)
}

// permissionOf answers what a person may do: owners and members administer,
// collaborators write, all else read.
func permissionOf(c *call) answer {
	name := c.vars["username"]
	role := c.repo.roles[strings.ToLower(name)]
	if u := c.repo.hub.users[strings.ToLower(name)]; u == nil || u.deleted {
		return notFound()
	}
	permission := map[string]string{"OWNER": "admin", "MEMBER": "write", "COLLABORATOR": "write"}[role]
	if permission == "" {
		permission = "read"
	}
	return ok(map[string]any{"permission": permission, "role_name": permission, "user": nil})
}
