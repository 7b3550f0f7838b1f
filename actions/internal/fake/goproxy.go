package fake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// GoProxy is the simulated mirror of Go's modules.
type GoProxy struct {
	URL string

	*server
	modules map[string]*goModule // by path, as addresses have it
}

type goModule struct {
	path     string
	versions []string
	times    map[string]time.Time
	mods     map[string]string
}

// NewGoProxy starts a mirror in a world.
func NewGoProxy(w *World) *GoProxy {
	g := &GoProxy{server: w.serve("goproxy"), modules: map[string]*goModule{}}
	g.URL = g.server.url
	g.server.refuse = func(status int, message string) answer { return answer{status: status, body: []byte(message)} }
	g.handle("GET /{rest...}", "", g.show)
	return g
}

// Publish publishes a version of a module; the directives, such as retract, stand
// in its go.mod.
func (g *GoProxy) Publish(path, version, directives string) {
	g.world.mu.Lock()
	defer g.world.mu.Unlock()
	key := escaped(path)
	m := g.modules[key]
	if m == nil {
		m = &goModule{path: path, times: map[string]time.Time{}, mods: map[string]string{}}
		g.modules[key] = m
	}
	m.versions = append(m.versions, version)
	m.times[version], m.mods[version] = g.world.Now(), fmt.Sprintf("module %s\n\ngo 1.26\n\n%s\n", path, directives)
}

// escaped writes capitals as an exclamation mark and the small letter.
func escaped(path string) string {
	var b strings.Builder
	for _, r := range path {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('!')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (g *GoProxy) show(c *call) answer {
	path, what, _ := strings.Cut(c.vars["rest"], "/@v/")
	m := g.modules[path]
	if m == nil {
		return g.refuse(http.StatusNotFound, "not found: "+path+": no such module")
	}
	if what == "list" {
		list := slices.Clone(m.versions)
		slices.Sort(list)
		return answer{status: http.StatusOK, body: []byte(strings.Join(list, "\n") + "\n")}
	}
	for version, at := range m.times {
		switch what {
		case version + ".info":
			return ok(map[string]any{"Version": version, "Time": at})
		case version + ".mod":
			return answer{status: http.StatusOK, body: []byte(m.mods[version])}
		}
	}
	return g.refuse(http.StatusNotFound, "not found: "+what)
}
