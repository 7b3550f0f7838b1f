package fake

import (
	"encoding/base64"
	"net/http"
	"path"
	"strings"
	"time"
)

func (g *GitHub) routesOfContents() {
	const one = "/repos/{owner}/{repo}"
	g.handle("GET "+one+"/contents/{path...}", contentsRead, getContents, "ref")
	g.handle("GET "+one+"/branches/{branch}", contentsRead, func(c *call) answer {
		head := c.repo.git.commits[c.repo.git.refs["heads/"+c.vars["branch"]]]
		if head == nil {
			return refuse(http.StatusNotFound, "Branch not found")
		}
		return ok(c.repo.branchShape(c.vars["branch"], head))
	})
	g.handle("GET "+one+"/commits", contentsRead, listCommits, with(paging, "sha", "since", "until", "path")...)
	g.handle("GET "+one+"/commits/{ref}", contentsRead, func(c *call) answer {
		if found := c.repo.git.commitOf(c.vars["ref"]); found != nil {
			return ok(c.repo.historyShape(found))
		}
		return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: "+c.vars["ref"])
	})
}

func getContents(c *call) answer {
	ref := c.get("ref")
	if ref == "" {
		ref = defaultBranch
	}
	head := c.repo.git.commitOf(ref)
	if head == nil {
		return refuse(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	at := strings.Trim(c.vars["path"], "/")
	if file, found := c.repo.git.files(head.tree, "")[at]; found {
		return c.repo.fileContents(c, at, ref, file)
	}
	tree, found := c.repo.git.folder(head.tree, at)
	if !found {
		return notFound()
	}
	entries := []any{}
	for _, e := range c.repo.git.trees[tree] {
		entries = append(entries, c.repo.contentShape(path.Join(at, e.name), ref, e))
	}
	return ok(entries)
}

// folder is the tree at a path; the empty path is the root.
func (o *objects) folder(tree, at string) (string, bool) {
	if at == "" {
		return tree, true
	}
	name, rest, _ := strings.Cut(at, "/")
	for _, e := range o.trees[tree] {
		if e.name == name && e.kind == "tree" {
			return o.folder(e.sha, rest)
		}
	}
	return "", false
}

func (r *Repository) fileContents(c *call, at, ref string, file leaf) answer {
	content := r.git.blobs[file.sha]
	if strings.Contains(c.Header.Get("Accept"), "raw") {
		return ok(content).with("Content-Type", "application/vnd.github.raw; charset=utf-8")
	}
	shape := r.contentShape(at, ref, file)
	shape["content"], shape["encoding"] = base64.StdEncoding.EncodeToString(content), "base64"
	if len(content) > 1<<20 { // beyond a megabyte the content is left out
		shape["content"], shape["encoding"] = "", "none"
	}
	return ok(shape)
}

func (r *Repository) contentShape(at, ref string, e leaf) map[string]any {
	kind, inPath := map[string]string{"blob": "file", "tree": "dir"}[e.kind], "/"+strings.ReplaceAll(inPath(at), "%2F", "/")
	api, web := r.api()+"/contents"+inPath+"?ref="+ref, r.web()+"/"+e.kind+"/"+ref+inPath
	git := r.api() + "/git/" + e.kind + "s/" + e.sha
	s := map[string]any{
		"type": kind, "name": path.Base(at), "path": at, "sha": e.sha, "size": len(r.git.blobs[e.sha]), "url": api, "git_url": git,
		"html_url": web, "download_url": nil, "_links": map[string]any{"self": api, "git": git, "html": web},
	}
	if kind == "file" {
		s["download_url"] = "https://raw.githubusercontent.com/" + r.FullName() + "/" + ref + inPath
	}
	return s
}

func (r *Repository) branchShape(name string, head *commit) map[string]any {
	protected, api := r.protected[name] != "", r.api()+"/branches/"+name
	return map[string]any{
		"name": name, "commit": r.historyShape(head), "protected": protected, "protection_url": api + "/protection",
		"_links": map[string]any{"self": api, "html": r.web() + "/tree/" + name},
		"protection": map[string]any{
			"enabled": protected, "required_status_checks": map[string]any{"enforcement_level": "off", "contexts": []any{}, "checks": []any{}},
		},
	}
}

// historyShape is a commit as the history lists it.
func (r *Repository) historyShape(c *commit) map[string]any {
	api := r.api() + "/commits/" + c.sha
	s := r.commitShape(c)
	account := func(s signature) *userShape { return r.hub.shapeOf(r.hub.users[strings.ToLower(s.Name)]) }
	s["url"], s["comments_url"] = api, api+"/comments"
	s["commit"] = map[string]any{
		"url": r.api() + "/git/commits/" + c.sha, "author": c.author, "committer": c.committer, "message": c.message,
		"comment_count": 0, "tree": s["tree"], "verification": s["verification"],
	}
	s["author"], s["committer"] = account(c.author), account(c.committer)
	for _, only := range []string{"message", "tree", "verification"} {
		delete(s, only)
	}
	return s
}

func listCommits(c *call) answer {
	ref := c.get("sha")
	if ref == "" {
		ref = defaultBranch
	}
	head := c.repo.git.commitOf(ref)
	if head == nil {
		return notFound()
	}
	since, no, good := c.since()
	if !good {
		return no
	}
	until, _ := time.Parse(time.RFC3339, c.get("until"))
	var found []*commit
	for _, one := range c.repo.git.log(head.sha) {
		at := one.committer.Date
		if at.Before(since) || !until.IsZero() && at.After(until) || !c.repo.git.touches(one, c.get("path")) {
			continue
		}
		found = append(found, one)
	}
	return page(c, found, c.repo.historyShape)
}

// touches reports whether a commit changed a path, or something below it.
func (o *objects) touches(c *commit, at string) bool {
	if at == "" {
		return true
	}
	before := map[string]leaf{}
	if len(c.parents) > 0 {
		before = o.files(o.commits[c.parents[0]].tree, "")
	}
	after := o.files(c.tree, "")
	for _, files := range []map[string]leaf{before, after} {
		for file := range files {
			if (file == at || strings.HasPrefix(file, at+"/")) && before[file].sha != after[file].sha {
				return true
			}
		}
	}
	return false
}
