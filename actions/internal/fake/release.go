package fake

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"time"
)

type release struct {
	id         int64
	tag        string
	name       string
	author     *user
	prerelease bool
	at         time.Time
	assets     []*asset
}

// asset is a file of a release.
type asset struct {
	id        int64
	name      string
	downloads int
}

// Release publishes a release, with a tag at the head of the default branch.
func (r *Repository) Release(author, tag, name string, prerelease bool) {
	defer r.lock()()
	r.git.refs["tags/"+tag] = r.git.refs["heads/"+defaultBranch]
	r.releases = append(r.releases, &release{r.hub.next(), tag, name, r.hub.user(author), prerelease, r.now(), nil})
}

// Tag puts a tag at the head of the default branch, without a release.
func (r *Repository) Tag(name string) {
	defer r.lock()()
	r.git.refs["tags/"+name] = r.git.refs["heads/"+defaultBranch]
}

// Download counts downloads of a file of a release; the first makes the file.
func (r *Repository) Download(tag, name string, n int) {
	defer r.lock()()
	for _, one := range r.releases {
		if one.tag != tag {
			continue
		}
		for _, a := range one.assets {
			if a.name == name {
				a.downloads += n
				return
			}
		}
		one.assets = append(one.assets, &asset{r.hub.next(), name, n})
	}
}

func (r *Repository) assetShapes(one *release) []any {
	shapes := []any{}
	for _, a := range one.assets {
		shapes = append(shapes, map[string]any{
			"url": fmt.Sprintf("%s/releases/assets/%d", r.api(), a.id), "id": a.id, "node_id": nodeID("ReleaseAsset", a.id), "name": a.name, "label": nil,
			"state": "uploaded", "content_type": "application/gzip", "size": 1000, "digest": nil, "download_count": a.downloads, "created_at": one.at, "updated_at": one.at,
			"browser_download_url": r.web() + "/releases/download/" + one.tag + "/" + a.name, "uploader": r.hub.authorOf(one.author),
		})
	}
	return shapes
}

func (r *Repository) releaseShape(one *release) map[string]any {
	api := fmt.Sprintf("%s/releases/%d", r.api(), one.id)
	return map[string]any{
		"url": api, "html_url": r.web() + "/releases/tag/" + one.tag, "assets_url": api + "/assets", "upload_url": api + "/assets{?name,label}",
		"tarball_url": r.api() + "/tarball/" + one.tag, "zipball_url": r.api() + "/zipball/" + one.tag, "id": one.id,
		"node_id": nodeID("Release", one.id), "tag_name": one.tag, "target_commitish": defaultBranch, "name": one.name, "body": "",
		"draft": false, "prerelease": one.prerelease, "created_at": one.at, "published_at": one.at,
		"author": r.hub.authorOf(one.author), "assets": r.assetShapes(one),
	}
}

// commitStatus is one status that somebody set on a commit.
type commitStatus struct {
	id                  int64
	state, context      string
	description, target *string
	creator             *user
	at                  time.Time
	sha                 string
}

func (g *GitHub) routesOfReleases() {
	const one = "/repos/{owner}/{repo}"
	g.handle("GET "+one+"/releases", contentsRead, func(c *call) answer {
		found := slices.Clone(c.repo.releases)
		slices.Reverse(found)
		return page(c, found, c.repo.releaseShape)
	}, paging...)
	g.handle("GET "+one+"/releases/latest", contentsRead, func(c *call) answer {
		return c.repo.releaseWhere(func(r *release) bool { return !r.prerelease })
	})
	g.handle("GET "+one+"/releases/tags/{tag}", contentsRead, func(c *call) answer {
		return c.repo.releaseWhere(func(r *release) bool { return r.tag == c.vars["tag"] })
	})
	g.handle("GET "+one+"/releases/{release_id}", contentsRead, func(c *call) answer {
		id, _ := strconv.ParseInt(c.vars["release_id"], 10, 64)
		return c.repo.releaseWhere(func(r *release) bool { return r.id == id })
	})
	g.handle("GET "+one+"/tags", contentsRead, func(c *call) answer {
		return page(c, c.repo.tags(), c.repo.tagShape)
	}, paging...)
	g.handle("POST "+one+"/statuses/{sha}", "statuses: write", g.createStatus)
	g.handle("GET "+one+"/commits/{ref}/statuses", "statuses: read", func(c *call) answer {
		found := c.repo.statusesOf(c.vars["ref"])
		return page(c, found, c.repo.statusShape)
	}, paging...)
	g.handle("GET "+one+"/commits/{ref}/status", "statuses: read", combinedStatus, paging...)
}

// releaseWhere is the newest release that is right.
func (r *Repository) releaseWhere(right func(*release) bool) answer {
	for _, one := range slices.Backward(r.releases) {
		if right(one) {
			return ok(r.releaseShape(one))
		}
	}
	return notFound()
}

func (r *Repository) tags() []string {
	var names []string
	for name := range r.git.refs {
		if len(name) > 5 && name[:5] == "tags/" {
			names = append(names, name[5:])
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(names)))
	return names
}

func (r *Repository) tagShape(name string) map[string]any {
	sha := r.git.refs["tags/"+name]
	return map[string]any{
		"name": name, "node_id": nodeID("Tag:"+name, r.id), "commit": map[string]any{"sha": sha, "url": r.api() + "/commits/" + sha},
		"zipball_url": r.api() + "/zipball/refs/tags/" + name, "tarball_url": r.api() + "/tarball/refs/tags/" + name,
	}
}

func (g *GitHub) createStatus(c *call) answer {
	var in struct {
		State       string  `json:"state"`
		TargetURL   *string `json:"target_url"`
		Description *string `json:"description"`
		Context     *string `json:"context"`
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	if !slices.Contains([]string{"error", "failure", "pending", "success"}, in.State) {
		return invalid(problem{Resource: "Status", Field: "state", Code: "invalid"})
	}
	if in.Description != nil && len([]rune(*in.Description)) > 140 {
		return invalid(problem{"Status", "description", "custom", "description is too long (maximum is 140 characters)"})
	}
	if c.repo.git.commits[c.vars["sha"]] == nil {
		return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: "+c.vars["sha"])
	}
	made := &commitStatus{
		id: g.next(), state: in.State, context: "default", description: in.Description, target: in.TargetURL, creator: c.actor, at: c.at,
		sha: c.vars["sha"],
	}
	if in.Context != nil {
		made.context = *in.Context
	}
	c.repo.statuses[made.sha] = append(c.repo.statuses[made.sha], made)
	return created(c.repo.statusShape(made))
}

func (r *Repository) statusesOf(ref string) []*commitStatus {
	found := r.git.commitOf(ref)
	if found == nil {
		return nil
	}
	newest := slices.Clone(r.statuses[found.sha])
	slices.Reverse(newest)
	return newest
}

func (r *Repository) statusShape(s *commitStatus) map[string]any {
	creator := r.hub.shapeOf(s.creator)
	var avatar *string
	if creator != nil {
		avatar = &creator.AvatarURL
	}
	return map[string]any{
		"url": r.api() + "/statuses/" + s.sha, "avatar_url": avatar, "id": s.id, "node_id": nodeID("StatusContext", s.id), "state": s.state,
		"description": s.description, "target_url": s.target, "context": s.context, "created_at": s.at, "updated_at": s.at, "creator": creator,
	}
}

// combinedStatus is the worst of the newest status of each context.
func combinedStatus(c *call) answer {
	found := c.repo.git.commitOf(c.vars["ref"])
	if found == nil {
		return notFound()
	}
	state, seen, shapes := "pending", map[string]bool{}, []any{}
	worst := map[string]int{"success": 1, "pending": 2, "failure": 3, "error": 3}
	for _, s := range c.repo.statusesOf(found.sha) {
		if seen[s.context] {
			continue
		}
		if len(seen) == 0 || worst[s.state] > worst[state] {
			state = s.state
		}
		seen[s.context] = true
		shape := c.repo.statusShape(s)
		delete(shape, "creator")
		shapes = append(shapes, shape)
	}
	if state == "error" {
		state = "failure"
	}
	api := c.repo.api() + "/commits/" + found.sha
	return ok(map[string]any{
		"state": state, "statuses": shapes, "sha": found.sha, "total_count": len(shapes), "repository": c.repo.shape(),
		"commit_url": api, "url": api + "/status",
	})
}
