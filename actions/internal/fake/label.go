package fake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

type label struct {
	id          int64
	name        string
	color       string
	description *string
	standard    bool // one of those that each new repository has
}

type labelShape struct {
	ID          int64   `json:"id"`
	NodeID      string  `json:"node_id"`
	URL         string  `json:"url"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Default     bool    `json:"default"`
	Description *string `json:"description"`
}

func (r *Repository) shapeOfLabel(l *label) labelShape {
	return labelShape{
		ID: l.id, NodeID: nodeID("Label", l.id), URL: r.api() + "/labels/" + inPath(l.name),
		Name: l.name, Color: l.color, Default: l.standard, Description: l.description,
	}
}

// Label puts a label on an issue, as a person does.
func (r *Repository) Label(actor string, number int, name string) {
	defer r.lock()()
	r.must(number).addLabel(r.hub.user(actor), name)
}

// RefuseLabel makes GitHub refuse a label for a reason: on issues as invalid, on
// discussions as forbidden.
func (r *Repository) RefuseLabel(name, why string) {
	defer r.lock()()
	if r.refusedLabels == nil {
		r.refusedLabels = map[string]string{}
	}
	r.refusedLabels[strings.ToLower(name)] = why
}

// Unlabel takes a label off an issue.
func (r *Repository) Unlabel(actor string, number int, name string) {
	defer r.lock()()
	r.must(number).removeLabel(r.hub.user(actor), name)
}

// Labels is the names of the repository's labels, sorted.
func (r *Repository) Labels() []string {
	defer r.lock()()
	var names []string
	for _, l := range r.labels {
		names = append(names, l.name)
	}
	slices.Sort(names)
	return names
}

// Look is a label's colour and description; both are empty where the repository
// lacks it.
func (r *Repository) Look(name string) (color, description string) {
	defer r.lock()()
	l := r.label(name)
	if l == nil {
		return "", ""
	}
	if l.description != nil {
		description = *l.description
	}
	return l.color, description
}

// DeleteLabel takes a label off all issues and out of the repository, as if it
// had never been.
func (r *Repository) DeleteLabel(name string) {
	defer r.lock()()
	r.deleteLabel(name)
}

// label finds one by its name; GitHub's names ignore case.
func (r *Repository) label(name string) *label {
	for _, l := range r.labels {
		if strings.EqualFold(l.name, name) {
			return l
		}
	}
	return nil
}

// labelOrNew makes a label that is missing as GitHub does it when somebody puts
// an unknown name on an issue.
func (r *Repository) labelOrNew(name string) *label {
	if l := r.label(name); l != nil {
		return l
	}
	l := &label{id: r.hub.next(), name: name, color: "ededed"}
	r.labels = append(r.labels, l)
	return l
}

func (r *Repository) deleteLabel(name string) bool {
	l := r.label(name)
	if l == nil {
		return false
	}
	same := func(x *label) bool { return x == l }
	r.labels = slices.DeleteFunc(r.labels, same)
	for _, i := range r.issues {
		i.labels = slices.DeleteFunc(i.labels, same)
	}
	return true
}

func (i *issue) has(name string) bool {
	return slices.ContainsFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
}

func (i *issue) addLabel(actor *user, name string) {
	if i.has(name) {
		return
	}
	l := i.repo.labelOrNew(name)
	i.labels = append(i.labels, l)
	i.happen(actor, "labeled").Label = &eventLabel{l.name, l.color}
}

func (i *issue) removeLabel(actor *user, name string) bool {
	if !i.has(name) {
		return false
	}
	l := i.repo.label(name)
	i.labels = slices.DeleteFunc(i.labels, func(x *label) bool { return x == l })
	i.happen(actor, "unlabeled").Label = &eventLabel{l.name, l.color}
	return true
}

// setLabels adds and removes until the labels are these.
func (i *issue) setLabels(actor *user, names []string) {
	for _, l := range slices.Clone(i.labels) {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, l.name) }) {
			i.removeLabel(actor, l.name)
		}
	}
	for _, name := range names {
		i.addLabel(actor, name)
	}
}

func (i *issue) labelShapes() []labelShape {
	shapes := []labelShape{}
	for _, l := range i.labels {
		shapes = append(shapes, i.repo.shapeOfLabel(l))
	}
	return shapes
}

func wrongLabel(name string) *problem {
	switch {
	case strings.TrimSpace(name) == "":
		return &problem{Resource: "Label", Field: "name", Code: "missing_field"}
	case len([]rune(name)) > 50:
		return &problem{"Label", "name", "custom", "name is too long (maximum is 50 characters)"}
	}
	return nil
}

func (g *GitHub) routesOfLabels() {
	const one, ofIssue = "/repos/{owner}/{repo}/labels/{name}", "/repos/{owner}/{repo}/issues/{issue_number}/labels"
	g.handle("GET /repos/{owner}/{repo}/labels", issuesRead, func(c *call) answer {
		sorted := slices.Clone(c.repo.labels)
		slices.SortFunc(sorted, func(a, b *label) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
		return page(c, sorted, c.repo.shapeOfLabel)
	}, paging...)
	g.handle("POST /repos/{owner}/{repo}/labels", issuesWrite, g.createLabel)
	g.handle("GET "+one, issuesRead, func(c *call) answer {
		if l := c.repo.label(c.vars["name"]); l != nil {
			return ok(c.repo.shapeOfLabel(l))
		}
		return notFound()
	})
	g.handle("PATCH "+one, issuesWrite, g.patchLabel)
	g.handle("DELETE "+one, issuesWrite, func(c *call) answer {
		if c.repo.deleteLabel(c.vars["name"]) {
			return nothing()
		}
		return notFound()
	})
	g.handle("GET "+ofIssue, issuesRead, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		return page(c, i.labels, c.repo.shapeOfLabel)
	}, paging...)
	g.handle("POST "+ofIssue, issuesWrite, func(c *call) answer { return g.labelIssue(c, (*issue).addLabels) })
	g.handle("PUT "+ofIssue, issuesWrite, func(c *call) answer { return g.labelIssue(c, (*issue).setLabels) })
	g.handle("DELETE "+ofIssue, issuesWrite, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		i.setLabels(c.actor, nil)
		return nothing()
	})
	g.handle("DELETE "+ofIssue+"/{name}", issuesWrite, func(c *call) answer {
		i, gone := c.issue()
		if i == nil {
			return gone
		}
		if !i.removeLabel(c.actor, c.vars["name"]) {
			return refuse(http.StatusNotFound, "Label does not exist")
		}
		return ok(i.labelShapes())
	})
}

func (i *issue) addLabels(actor *user, names []string) {
	for _, name := range names {
		i.addLabel(actor, name)
	}
}

// labelIssue takes {"labels": [...]} or a plain array of names, as GitHub does.
func (g *GitHub) labelIssue(c *call, change func(*issue, *user, []string)) answer {
	i, gone := c.issue()
	if i == nil {
		return gone
	}
	var names []string
	if json.Unmarshal(c.body, &names) != nil {
		var in struct {
			Labels []string `json:"labels"`
		}
		if no, good := g.decode(c, &in); !good {
			return no
		}
		names = in.Labels
	}
	for _, name := range names {
		if p := wrongLabel(name); p != nil {
			return invalid(*p)
		}
		if why := c.repo.refusedLabels[strings.ToLower(name)]; why != "" {
			return invalid(problem{"Label", "name", "custom", why})
		}
	}
	change(i, c.actor, names)
	return ok(i.labelShapes())
}

type labelInput struct {
	Name        *string `json:"name"`
	NewName     *string `json:"new_name"`
	Color       *string `json:"color"`
	Description *string `json:"description"`
}

var sixHex = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

func (in labelInput) wrong() *problem {
	switch {
	case in.Color != nil && !sixHex.MatchString(*in.Color):
		return &problem{Resource: "Label", Field: "color", Code: "invalid"}
	case in.Description != nil && len([]rune(*in.Description)) > 100:
		return &problem{"Label", "description", "custom", "description is too long (maximum is 100 characters)"}
	case in.NewName != nil:
		return wrongLabel(*in.NewName)
	}
	return nil
}

func (g *GitHub) createLabel(c *call) answer {
	in := labelInput{}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if in.Name == nil {
		return invalid(problem{Resource: "Label", Field: "name", Code: "missing_field"})
	}
	in.NewName = in.Name
	if p := in.wrong(); p != nil {
		return invalid(*p)
	}
	if c.repo.label(*in.Name) != nil {
		return invalid(problem{Resource: "Label", Field: "name", Code: "already_exists"})
	}
	l := c.repo.labelOrNew(*in.Name)
	l.set(in)
	return created(c.repo.shapeOfLabel(l)).with("Location", c.repo.shapeOfLabel(l).URL)
}

func (l *label) set(in labelInput) {
	if in.NewName != nil {
		l.name = *in.NewName
	}
	if in.Color != nil {
		l.color = strings.ToLower(*in.Color)
	}
	if in.Description != nil {
		l.description = in.Description
	}
}

func (g *GitHub) patchLabel(c *call) answer {
	l := c.repo.label(c.vars["name"])
	if l == nil {
		return notFound()
	}
	in := labelInput{}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if in.NewName == nil {
		in.NewName = in.Name
	}
	if p := in.wrong(); p != nil {
		return invalid(*p)
	}
	if in.NewName != nil && c.repo.label(*in.NewName) != nil && c.repo.label(*in.NewName) != l {
		return invalid(problem{Resource: "Label", Field: "name", Code: "already_exists"})
	}
	l.set(in)
	return ok(c.repo.shapeOfLabel(l))
}
