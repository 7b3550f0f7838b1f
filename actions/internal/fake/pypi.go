package fake

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// PyPI is the simulated index of Python and its counts of downloads, on one
// server. Names are as addresses have them: small letters and hyphens.
type PyPI struct {
	URL string // the root of both

	*server
	packages map[string]*pypiPackage
}

type pypiPackage struct {
	releases map[string][]any
	days     []any // of downloads, each with its system
}

// NewPyPI starts an index in a world.
func NewPyPI(w *World) *PyPI {
	p := &PyPI{server: w.serve("pypi"), packages: map[string]*pypiPackage{}}
	p.URL = p.server.url
	p.server.refuse = func(status int, message string) answer {
		return answer{status: status, body: map[string]any{"message": message}}
	}
	p.handle("GET /pypi/{name}/json", "", p.show)
	p.handle("GET /api/packages/{name}/system", "", p.bySystem)
	return p
}

// Publish publishes a version with as many files as there are flags: whether each
// of them is yanked.
func (p *PyPI) Publish(name, version string, yanked ...bool) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if p.packages[name] == nil {
		p.packages[name] = &pypiPackage{releases: map[string][]any{}}
	}
	files := []any{}
	for i, is := range yanked {
		at := p.world.Now().Add(time.Duration(i) * time.Minute)
		files = append(files, map[string]any{
			"filename": strings.Join([]string{name, version, "py3-none-any.whl"}, "-"), "packagetype": "bdist_wheel", "size": 1000, "downloads": -1,
			"upload_time_iso_8601": at.UTC().Format("2006-01-02T15:04:05.000000Z"), "yanked": is, "yanked_reason": nil,
		})
	}
	p.packages[name].releases[version] = files
}

// Download counts downloads of a package on a day by a system: Darwin, Linux,
// Windows, other or null.
func (p *PyPI) Download(name, system string, day time.Time, n int) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	k := p.packages[name]
	k.days = append(k.days, map[string]any{"category": system, "date": day.UTC().Format(time.DateOnly), "downloads": n})
}

func (p *PyPI) show(c *call) answer {
	k := p.packages[c.vars["name"]]
	if k == nil {
		return p.refuse(http.StatusNotFound, "Not Found")
	}
	return ok(map[string]any{"info": map[string]any{"name": c.vars["name"], "yanked": false}, "last_serial": 1, "releases": k.releases, "urls": []any{}, "vulnerabilities": []any{}})
}

func (p *PyPI) bySystem(c *call) answer {
	k := p.packages[c.vars["name"]]
	if k == nil {
		return answer{status: http.StatusNotFound, body: []byte("404")}
	}
	return ok(map[string]any{"data": append([]any{}, slices.Clone(k.days)...), "package": c.vars["name"], "type": "system_downloads"})
}
