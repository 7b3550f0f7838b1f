package fake

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"
)

// What GitHub says when a protected branch refuses a commit: a classic branch
// protection, a ruleset, and the short form of the REST API.
const (
	GH006               = "GH006: Protected branch update failed for refs/heads/main. Changes must be made through a pull request."
	GH013               = "Repository rule violations found\n\nGH013: Changes must be made through a pull request.\n\n"
	PullRequestRequired = "Changes must be made through a pull request."
)

// Protect makes a branch refuse every write with this message; an empty one
// lifts the protection.
func (r *Repository) Protect(branch, message string) {
	defer r.lock()()
	r.protected[branch] = message
}

const contentsRead, contentsWrite = "contents: read", "contents: write"

func (g *GitHub) routesOfGit() {
	const git = "/repos/{owner}/{repo}/git"
	g.handle("GET "+git+"/ref/{ref...}", contentsRead, func(c *call) answer {
		if sha := c.repo.git.refs[c.vars["ref"]]; sha != "" {
			return ok(c.repo.refShape(c.vars["ref"]))
		}
		return notFound()
	})
	g.handle("GET "+git+"/matching-refs/{ref...}", contentsRead, func(c *call) answer {
		return ok(c.repo.matching(c.vars["ref"]))
	})
	g.handle("POST "+git+"/refs", contentsWrite, g.createRef)
	g.handle("PATCH "+git+"/refs/{ref...}", contentsWrite, g.patchRef)
	g.handle("DELETE "+git+"/refs/{ref...}", contentsWrite, func(c *call) answer {
		if c.repo.git.refs[c.vars["ref"]] == "" {
			return refuse(http.StatusUnprocessableEntity, "Reference does not exist")
		}
		delete(c.repo.git.refs, c.vars["ref"])
		return nothing()
	})
	g.handle("POST "+git+"/blobs", contentsWrite, g.createBlob)
	g.handle("GET "+git+"/blobs/{file_sha}", contentsRead, getBlob)
	g.handle("POST "+git+"/trees", contentsWrite, g.createTree)
	g.handle("GET "+git+"/trees/{tree_sha}", contentsRead, getTree, "recursive")
	g.handle("POST "+git+"/commits", contentsWrite, g.createCommit)
	g.handle("GET "+git+"/commits/{commit_sha}", contentsRead, func(c *call) answer {
		if found := c.repo.git.commits[c.vars["commit_sha"]]; found != nil {
			return ok(c.repo.commitShape(found))
		}
		return notFound()
	})
}

func (r *Repository) refShape(ref string) map[string]any {
	sha := r.git.refs[ref]
	return map[string]any{
		"ref": "refs/" + ref, "node_id": nodeID("Ref:"+ref, r.id), "url": r.api() + "/git/refs/" + ref,
		"object": map[string]any{"type": "commit", "sha": sha, "url": r.api() + "/git/commits/" + sha},
	}
}

func (r *Repository) matching(prefix string) []any {
	var names []string
	for name := range r.git.refs {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	shapes := []any{}
	for _, name := range names {
		shapes = append(shapes, r.refShape(name))
	}
	return shapes
}

func (g *GitHub) createRef(c *call) answer {
	var in struct {
		Ref, SHA string
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	name, isRef := strings.CutPrefix(in.Ref, "refs/")
	switch {
	case !isRef || strings.Count(name, "/") == 0:
		return refuse(http.StatusUnprocessableEntity, "Reference name must be fully qualified")
	case c.repo.git.refs[name] != "":
		return refuse(http.StatusUnprocessableEntity, "Reference already exists")
	case c.repo.git.commits[in.SHA] == nil:
		return refuse(http.StatusUnprocessableEntity, "Object does not exist")
	}
	c.repo.move(name, in.SHA, c.actor)
	return created(c.repo.refShape(name)).with("Location", c.repo.api()+"/git/refs/"+name)
}

// patchRef moves a ref forward only, unless it is forced.
func (g *GitHub) patchRef(c *call) answer {
	var in struct {
		SHA   string
		Force bool
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	ref := c.vars["ref"]
	old := c.repo.git.refs[ref]
	message := c.repo.protected[strings.TrimPrefix(ref, "heads/")]
	switch {
	case old == "":
		return refuse(http.StatusUnprocessableEntity, "Reference does not exist")
	case c.repo.git.commits[in.SHA] == nil:
		return refuse(http.StatusUnprocessableEntity, "Object does not exist")
	case message != "":
		return refuse(http.StatusUnprocessableEntity, message)
	case !in.Force && !c.repo.git.leadsTo(old, in.SHA):
		return refuse(http.StatusUnprocessableEntity, "Update is not a fast forward")
	}
	c.repo.move(ref, in.SHA, c.actor)
	return ok(c.repo.refShape(ref))
}

func (g *GitHub) createBlob(c *call) answer {
	var in struct {
		Content, Encoding string
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	content := []byte(in.Content)
	if in.Encoding == "base64" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(in.Content, "\n", "")); err != nil {
			return refuse(http.StatusUnprocessableEntity, "content is not valid Base64")
		}
	}
	sha := c.repo.git.putBlob(content)
	return created(map[string]any{"sha": sha, "url": c.repo.api() + "/git/blobs/" + sha}).with("Location", c.repo.api()+"/git/blobs/"+sha)
}

func getBlob(c *call) answer {
	sha := c.vars["file_sha"]
	content, found := c.repo.git.blobs[sha]
	if !found {
		return notFound()
	}
	if strings.Contains(c.Header.Get("Accept"), "raw") {
		return ok(content).with("Content-Type", "application/vnd.github.raw; charset=utf-8")
	}
	return ok(map[string]any{
		"sha": sha, "node_id": nodeID("Blob:"+sha, c.repo.id), "size": len(content), "url": c.repo.api() + "/git/blobs/" + sha,
		"content": base64.StdEncoding.EncodeToString(content), "encoding": "base64",
	})
}

// treeInput is one entry of a new tree. A sha that is null deletes the path,
// one that is left out wants content.
type treeInput struct {
	Path    string  `json:"path"`
	Mode    string  `json:"mode"`
	Type    string  `json:"type"`
	SHA     *string `json:"sha"`
	Content *string `json:"content"`
}

func (g *GitHub) createTree(c *call) answer {
	var in struct {
		BaseTree string      `json:"base_tree"`
		Tree     []treeInput `json:"tree"`
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	base := in.BaseTree
	if found := c.repo.git.commits[base]; found != nil {
		base = found.tree
	}
	if base != "" && c.repo.git.trees[base] == nil {
		return refuse(http.StatusUnprocessableEntity, "base_tree is not a valid tree oid")
	}
	var changes []change
	for _, one := range in.Tree {
		made, no, good := c.repo.git.take(one)
		if !good {
			return no
		}
		changes = append(changes, made)
	}
	sha, wrong := c.repo.git.change(base, changes)
	if wrong != "" {
		return refuse(http.StatusUnprocessableEntity, "tree.path contains a malformed path component: "+wrong)
	}
	return created(c.repo.treeShape(sha, false)).with("Location", c.repo.api()+"/git/trees/"+sha)
}

func (o *objects) take(one treeInput) (change, answer, bool) {
	made := change{path: one.Path, mode: one.Mode, kind: one.Type}
	if one.Content != nil && one.SHA != nil {
		return made, refuse(http.StatusUnprocessableEntity, "Must supply either tree.sha or tree.content, not both"), false
	}
	if one.Content != nil {
		made.sha = o.putBlob([]byte(*one.Content))
		return made, answer{}, true
	}
	if one.SHA == nil {
		return made, answer{}, true
	}
	made.sha = *one.SHA
	_, isBlob := o.blobs[made.sha]
	_, isTree := o.trees[made.sha]
	if !isBlob && !isTree {
		return made, refuse(http.StatusUnprocessableEntity, "tree.sha "+made.sha+" is not a valid blob"), false
	}
	if isTree && !isBlob {
		made.kind = "tree"
	}
	return made, answer{}, true
}

func (r *Repository) treeShape(sha string, deep bool) map[string]any {
	entries := []any{}
	var walk func(tree, under string)
	walk = func(tree, under string) {
		for _, e := range r.git.trees[tree] {
			s := map[string]any{"path": under + e.name, "mode": e.mode, "type": e.kind, "sha": e.sha, "url": fmt.Sprintf("%s/git/%ss/%s", r.api(), e.kind, e.sha)}
			if e.kind == "blob" {
				s["size"] = len(r.git.blobs[e.sha])
			}
			entries = append(entries, s)
			if e.kind == "tree" && deep {
				walk(e.sha, under+e.name+"/")
			}
		}
	}
	walk(sha, "")
	return map[string]any{"sha": sha, "url": r.api() + "/git/trees/" + sha, "tree": entries, "truncated": false}
}

func getTree(c *call) answer {
	sha := c.vars["tree_sha"]
	if found := c.repo.git.commitOf(sha); found != nil {
		sha = found.tree
	}
	if c.repo.git.trees[sha] == nil {
		return notFound()
	}
	return ok(c.repo.treeShape(sha, c.get("recursive") != ""))
}

func (g *GitHub) createCommit(c *call) answer {
	var in struct {
		Message   string
		Tree      string
		Parents   []string
		Author    *signature
		Committer *signature
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if c.repo.git.trees[in.Tree] == nil {
		return refuse(http.StatusUnprocessableEntity, "Tree SHA does not exist")
	}
	for _, parent := range in.Parents {
		if c.repo.git.commits[parent] == nil {
			return refuse(http.StatusUnprocessableEntity, "Parent SHA does not exist or is not a commit object")
		}
	}
	made := commit{tree: in.Tree, parents: in.Parents, message: in.Message, author: c.signed(in.Author)}
	made.committer = made.author
	if in.Committer != nil {
		made.committer = c.signed(in.Committer)
	}
	sha := c.repo.git.putCommit(made)
	return created(c.repo.commitShape(c.repo.git.commits[sha])).with("Location", c.repo.api()+"/git/commits/"+sha)
}

// signed fills in what a client left out: who asks, and now.
func (c *call) signed(s *signature) signature {
	full := signature{Name: c.actor.login, Email: fmt.Sprintf("%d+%s@users.noreply.github.com", c.actor.id, c.actor.login), Date: c.at}
	if s == nil {
		return full
	}
	if s.Date.IsZero() {
		s.Date = c.at
	}
	s.Date = s.Date.UTC().Truncate(time.Second)
	return *s
}

func (r *Repository) commitShape(c *commit) map[string]any {
	parents := []any{}
	for _, p := range c.parents {
		parents = append(parents, map[string]any{"sha": p, "url": r.api() + "/git/commits/" + p, "html_url": r.web() + "/commit/" + p})
	}
	return map[string]any{
		"sha": c.sha, "node_id": nodeID("Commit:"+c.sha, r.id), "url": r.api() + "/git/commits/" + c.sha, "html_url": r.web() + "/commit/" + c.sha,
		"author": c.author, "committer": c.committer, "message": c.message, "parents": parents,
		"tree":         map[string]any{"sha": c.tree, "url": r.api() + "/git/trees/" + c.tree},
		"verification": map[string]any{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
	}
}
