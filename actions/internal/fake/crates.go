package fake

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Crates is the simulated crates.io.
type Crates struct {
	// URL is the root of the site; the API is at /api/v1 below it.
	URL string

	*server
	crates map[string]*crate
	lastID int
}

type crate struct {
	name      string
	createdAt time.Time
	updatedAt time.Time
	versions  []*version // in the order of publication
}

type version struct {
	id        int
	num       string
	yanked    bool
	createdAt time.Time
	updatedAt time.Time
	total     int            // downloads of days that are not told
	days      map[string]int // downloads by day
	actions   []action
}

type action struct {
	name string
	at   time.Time
}

func newCrates(w *World) *Crates {
	c := &Crates{server: w.serve("crates"), crates: map[string]*crate{}}
	c.URL = c.server.url
	c.server.refuse = func(status int, message string) answer { return cratesNo(status, message) }
	c.server.front = c.front
	const one = "GET /api/v1/crates/{name}"
	c.handle(one, "", c.show, "include")
	c.handle(one+"/versions", "", c.listVersions, "include", "sort", "page", "per_page", "nums[]", "seek")
	c.handle(one+"/downloads", "", c.listDownloads, "include")
	c.handle(one+"/{version}", "", c.showVersion)
	c.handle(one+"/{version}/downloads", "", c.versionDownloads, "before_date")
	return c
}

// Publish publishes a version of a crate; the first makes the crate.
func (c *Crates) Publish(name, num string) {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	now := c.world.Now()
	k := c.crates[name]
	if k == nil {
		k = &crate{name: name, createdAt: now}
		c.crates[name] = k
	}
	c.lastID++
	k.updatedAt = now
	k.versions = append(k.versions, &version{
		id: c.lastID, num: num, createdAt: now, updatedAt: now, days: map[string]int{}, actions: []action{{"publish", now}},
	})
}

// Yank takes a version back.
func (c *Crates) Yank(name, num string) { c.setYanked(name, num, true, "yank") }

// Unyank gives it out again.
func (c *Crates) Unyank(name, num string) { c.setYanked(name, num, false, "unyank") }

func (c *Crates) setYanked(name, num string, yanked bool, what string) {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	v, now := c.must(name, num), c.world.Now()
	v.yanked, v.updatedAt = yanked, now
	v.actions = append(v.actions, action{what, now})
}

// Download counts n downloads of a version on a day, in UTC. A negative n takes
// back, as the registry has done after miscounting.
func (c *Crates) Download(name, num string, day time.Time, n int) {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	c.must(name, num).days[day.UTC().Format(time.DateOnly)] += n
}

func (c *Crates) must(name, num string) *version {
	if k := c.crates[name]; k != nil {
		for _, v := range k.versions {
			if v.num == num {
				return v
			}
		}
	}
	panic(fmt.Sprintf("simulate: no version %s of %s was published", num, name))
}

func cratesNo(status int, detail string) answer {
	return answer{status: status, body: map[string]any{"errors": []any{map[string]any{"detail": detail}}}}
}

// front refuses who does not say who they are, as the registry's rules demand.
func (c *Crates) front(k *call, run func(*call) answer) answer {
	agent := k.Header.Get("User-Agent")
	if agent == "" || strings.HasPrefix(agent, "Go-http-client/") {
		return cratesNo(http.StatusForbidden, "We require that all requests include a `User-Agent` header that identifies your bot.")
	}
	return run(k)
}

func (c *Crates) find(k *call) (*crate, answer) {
	if found := c.crates[k.vars["name"]]; found != nil {
		return found, answer{}
	}
	return nil, cratesNo(http.StatusNotFound, fmt.Sprintf("crate `%s` does not exist", k.vars["name"]))
}

func (v *version) downloads() int {
	n := v.total
	for _, day := range v.days {
		n += day
	}
	return n
}

// newest is the versions by publication, the newest first.
func (k *crate) newest() []*version {
	all := slices.Clone(k.versions)
	slices.Reverse(all)
	return all
}

// bySemver is the versions by precedence, the highest first.
func (k *crate) bySemver() []*version {
	all := k.newest()
	slices.SortStableFunc(all, func(a, b *version) int { return compareVersions(b.num, a.num) })
	return all
}

// compareVersions compares by semantic versioning: numbers, then that a
// pre-release comes before its release, then its parts.
func compareVersions(a, b string) int {
	mainA, preA, _ := strings.Cut(strings.SplitN(a, "+", 2)[0], "-")
	mainB, preB, _ := strings.Cut(strings.SplitN(b, "+", 2)[0], "-")
	if order := compareParts(mainA, mainB); order != 0 {
		return order
	}
	switch {
	case preA == preB:
		return 0
	case preA == "":
		return 1
	case preB == "":
		return -1
	}
	return compareParts(preA, preB)
}

func compareParts(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		n, errX := strconv.Atoi(x)
		m, errY := strconv.Atoi(y)
		switch {
		case errX == nil && errY == nil:
			return n - m
		case errX == nil:
			return -1
		case errY == nil:
			return 1
		}
		return strings.Compare(x, y)
	})
}

// included is what the include parameter asks for; without one it is full.
func included(k *call, otherwise string) map[string]bool {
	asked := k.get("include")
	if asked == "" {
		asked = otherwise
	}
	set := map[string]bool{}
	for _, one := range strings.Split(asked, ",") {
		set[one] = true
	}
	return set
}

func (c *Crates) show(k *call) answer {
	found, gone := c.find(k)
	if found == nil {
		return gone
	}
	asked := included(k, "full")
	said := map[string]any{"crate": found.shape(c.world.Now(), asked), "versions": nil, "keywords": nil, "categories": nil}
	if asked["full"] || asked["versions"] {
		said["versions"] = versionShapes(found, found.bySemver())
	} else if asked["default_version"] {
		said["versions"] = versionShapes(found, found.bySemver()[:1])
	}
	if asked["full"] || asked["keywords"] {
		said["keywords"] = []any{}
	}
	if asked["full"] || asked["categories"] {
		said["categories"] = []any{}
	}
	return ok(said)
}

func (k *crate) shape(now time.Time, asked map[string]bool) map[string]any {
	api, versions := "/api/v1/crates/"+k.name, k.bySemver()
	total, yanked, stable := 0, true, any(nil)
	best := versions[0]
	ids := []int{}
	for _, v := range versions {
		total += v.downloads()
		ids = append(ids, v.id)
		if !v.yanked && yanked {
			yanked, best = false, v
		}
		if !v.yanked && stable == nil && !strings.Contains(v.num, "-") {
			stable = v.num
		}
	}
	s := map[string]any{
		"id": k.name, "name": k.name, "updated_at": k.updatedAt, "created_at": k.createdAt, "versions": nil, "keywords": nil, "categories": nil,
		"badges": []any{}, "downloads": total, "recent_downloads": nil, "default_version": best.num, "num_versions": len(versions), "yanked": yanked,
		"max_version": best.num, "newest_version": k.newest()[0].num, "max_stable_version": stable, "description": "A crate of the simulation.",
		"homepage": nil, "documentation": nil, "repository": nil, "exact_match": false, "trustpub_only": false,
		"links": map[string]any{
			"version_downloads": api + "/downloads", "versions": api + "/versions", "owners": api + "/owners", "owner_team": api + "/owner_team",
			"owner_user": api + "/owner_user", "reverse_dependencies": api + "/reverse_dependencies",
		},
	}
	if asked["full"] || asked["versions"] {
		s["versions"] = ids
		s["links"].(map[string]any)["versions"] = nil
	}
	if asked["full"] || asked["downloads"] {
		s["recent_downloads"] = k.recent(now)
	}
	if asked["full"] {
		s["keywords"], s["categories"] = []string{}, []string{}
	}
	return s
}

// daysTold is how far back the daily downloads reach.
const daysTold = 90

func oldestDay(now time.Time) string { return now.AddDate(0, 0, -daysTold).Format(time.DateOnly) }

func (k *crate) recent(now time.Time) int {
	n, since := 0, oldestDay(now)
	for _, v := range k.versions {
		for day, count := range v.days {
			if day > since {
				n += count
			}
		}
	}
	return n
}

func versionShapes(k *crate, versions []*version) []any {
	shapes := []any{}
	for _, v := range versions {
		shapes = append(shapes, v.shape(k.name))
	}
	return shapes
}

func (v *version) shape(name string) map[string]any {
	api := "/api/v1/crates/" + name + "/" + v.num
	publisher := map[string]any{"id": 1, "login": "publisher", "name": "Publisher", "avatar": nil, "url": "https://github.com/publisher", "github_username_matches": true}
	actions := []any{}
	for _, a := range v.actions {
		actions = append(actions, map[string]any{"action": a.name, "user": publisher, "time": a.at})
	}
	return map[string]any{
		"id": v.id, "crate": name, "num": v.num, "dl_path": api + "/download", "readme_path": api + "/readme", "updated_at": v.updatedAt,
		"created_at": v.createdAt, "downloads": v.downloads(), "features": map[string]any{}, "yanked": v.yanked, "yank_message": nil,
		"lib_links": nil, "license": "MIT", "crate_size": 1000, "published_by": publisher, "audit_actions": actions,
		"checksum": fmt.Sprintf("%x", sha256.Sum256([]byte(name+" "+v.num))), "rust_version": nil, "has_lib": false, "bin_names": []string{name},
		"edition": "2021", "description": nil, "homepage": nil, "documentation": nil, "repository": nil, "trustpub_data": nil, "linecounts": nil,
		"links": map[string]any{"dependencies": api + "/dependencies", "version_downloads": api + "/downloads", "authors": api + "/authors"},
	}
}

func (c *Crates) listVersions(k *call) answer {
	found, gone := c.find(k)
	if found == nil {
		return gone
	}
	versions := found.bySemver()
	if k.get("sort") == "date" {
		versions = found.newest()
	}
	if nums := k.query["nums[]"]; len(nums) > 0 {
		versions = slices.DeleteFunc(versions, func(v *version) bool { return !slices.Contains(nums, v.num) })
	}
	total, next := len(versions), any(nil)
	if size := k.number("per_page", 0); size > 0 {
		size, at := min(size, 100), k.number("page", 1)
		from, until := min((at-1)*size, total), min(at*size, total)
		versions = versions[from:until]
		if until < total {
			next = fmt.Sprintf("?page=%d&per_page=%d", at+1, size)
		}
	}
	return ok(map[string]any{"versions": versionShapes(found, versions), "meta": map[string]any{"total": total, "next_page": next}})
}

func (c *Crates) showVersion(k *call) answer {
	found, gone := c.find(k)
	if found == nil {
		return gone
	}
	for _, v := range found.versions {
		if v.num == k.vars["version"] {
			return ok(map[string]any{"version": v.shape(found.name)})
		}
	}
	return cratesNo(http.StatusNotFound, fmt.Sprintf("crate `%s` does not have a version `%s`", found.name, k.vars["version"]))
}
