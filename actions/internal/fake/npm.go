package fake

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// NPM is the simulated registry of Node and its counts of downloads, on one
// server.
type NPM struct {
	// URL is the root of both.
	URL string

	*server
	packages map[string]*npmPackage
}

type npmPackage struct {
	name     string
	times    map[string]time.Time
	versions map[string]map[string]any
	days     map[string]int            // by day
	weekly   map[string]map[string]int // by version and day
}

// NewNPM starts a registry in a world.
func NewNPM(w *World) *NPM {
	n := &NPM{server: w.serve("npm"), packages: map[string]*npmPackage{}}
	n.URL = n.server.url
	n.server.refuse = func(status int, message string) answer {
		return answer{status: status, body: map[string]any{"error": message}}
	}
	n.handle("GET /{name}", "", n.show)
	n.handle("GET /downloads/range/{span}/{name...}", "", n.byDay)
	n.handle("GET /downloads/point/{span}/{name...}", "", n.sum)
	n.handle("GET /versions/{name}/last-week", "", n.byVersion)
	return n
}

// Publish publishes a version of a package; the first makes the package.
func (n *NPM) Publish(name, version string) {
	n.world.mu.Lock()
	defer n.world.mu.Unlock()
	now := n.world.Now()
	p := n.packages[name]
	if p == nil {
		p = &npmPackage{name: name, times: map[string]time.Time{"created": now}, versions: map[string]map[string]any{}, days: map[string]int{}, weekly: map[string]map[string]int{}}
		n.packages[name] = p
	}
	p.times[version], p.times["modified"] = now, now
	p.versions[version] = map[string]any{"name": name, "version": version, "dist": map[string]any{"shasum": "0", "tarball": n.URL + "/" + name + "/-/" + version + ".tgz"}}
}

// Deprecate marks a version as deprecated, with a reason; an empty one takes it
// back.
func (n *NPM) Deprecate(name, version, why string) {
	n.world.mu.Lock()
	defer n.world.mu.Unlock()
	n.packages[name].versions[version]["deprecated"] = why
}

// Unpublish takes a version away; its time stays.
func (n *NPM) Unpublish(name, version string) {
	n.world.mu.Lock()
	defer n.world.mu.Unlock()
	delete(n.packages[name].versions, version)
}

// Download counts downloads of a version on a day, in UTC.
func (n *NPM) Download(name, version string, day time.Time, count int) {
	n.world.mu.Lock()
	defer n.world.mu.Unlock()
	p, date := n.packages[name], day.UTC().Format(time.DateOnly)
	if p.weekly[version] == nil {
		p.weekly[version] = map[string]int{}
	}
	p.days[date] += count
	p.weekly[version][date] += count
}

func (n *NPM) find(c *call) (*npmPackage, answer) {
	if p := n.packages[c.vars["name"]]; p != nil {
		return p, answer{}
	}
	return nil, answer{status: http.StatusNotFound, body: map[string]any{"error": "Not found"}}
}

func (n *NPM) show(c *call) answer {
	p, gone := n.find(c)
	if p == nil {
		return gone
	}
	times := map[string]string{}
	for version, at := range p.times {
		times[version] = at.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return ok(map[string]any{"_id": p.name, "name": p.name, "dist-tags": map[string]any{}, "versions": p.versions, "time": times})
}

// spanOf reads a span of days, of at most eighteen months.
func spanOf(c *call) (days []string, bad bool) {
	first, last, _ := strings.Cut(c.vars["span"], ":")
	from, errFrom := time.Parse(time.DateOnly, first)
	until, errUntil := time.Parse(time.DateOnly, last)
	if errFrom != nil || errUntil != nil || until.Before(from) || until.Sub(from) > 548*24*time.Hour {
		return nil, true
	}
	for day := from; !day.After(until); day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	return days, false
}

// asked finds the package and the days that a request names; a refusal is what is
// answered where one of them is not there.
func (n *NPM) asked(c *call) (p *npmPackage, days []string, refusal *answer) {
	p, gone := n.find(c)
	if p == nil {
		return nil, nil, &gone
	}
	days, bad := spanOf(c)
	if bad {
		no := n.refuse(http.StatusBadRequest, fmt.Sprintf("invalid range %s", c.vars["span"]))
		return nil, nil, &no
	}
	return p, days, nil
}

func (n *NPM) byDay(c *call) answer {
	p, days, refusal := n.asked(c)
	if refusal != nil {
		return *refusal
	}
	told := []any{}
	for _, day := range days {
		told = append(told, map[string]any{"downloads": p.days[day], "day": day})
	}
	return ok(map[string]any{"start": days[0], "end": days[len(days)-1], "package": p.name, "downloads": told})
}

func (n *NPM) sum(c *call) answer {
	p, days, refusal := n.asked(c)
	if refusal != nil {
		return *refusal
	}
	sum := 0
	for _, day := range days {
		sum += p.days[day]
	}
	return ok(map[string]any{"downloads": sum, "start": days[0], "end": days[len(days)-1], "package": p.name})
}

func (n *NPM) byVersion(c *call) answer {
	p, gone := n.find(c)
	if p == nil {
		return gone
	}
	sums := map[string]int{}
	for _, version := range slices.Sorted(maps.Keys(p.weekly)) {
		for back := range 7 {
			sums[version] += p.weekly[version][n.world.Now().AddDate(0, 0, -1-back).Format(time.DateOnly)]
		}
	}
	return ok(map[string]any{"package": p.name, "downloads": sums})
}
