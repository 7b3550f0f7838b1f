package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
)

// route is one thing that a server can do. Its pattern is a method and a path
// whose parts in braces are variables; {name...} as the last takes the rest.
type route struct {
	method string
	parts  []string
	query  []string // the parameters that it knows; all others are refused
	needs  string   // the permission that a token needs, as in a workflow: issues: write
	run    func(*call) answer
}

func (s *server) handle(pattern, needs string, run func(*call) answer, query ...string) {
	method, path, _ := strings.Cut(pattern, " ")
	s.routes = append(s.routes, route{method: method, parts: strings.Split(path, "/"), query: query, needs: needs, run: run})
}

func (r *route) pattern() string { return r.method + " " + strings.Join(r.parts, "/") }

// dispatch finds the route and runs it behind the server's front.
func (s *server) dispatch(c *call) answer {
	found := s.find(c)
	if found == nil {
		s.world.noteUnknown(fmt.Sprintf("%s: no such route: %s %s", s.name, c.Method, c.URL.Path))
		return s.refuse(http.StatusNotFound, fmt.Sprintf("Not Found (simulate knows no route %s %s)", c.Method, c.URL.Path))
	}
	c.route, c.query = found, c.URL.Query()
	if name := strange(c.query, found.query); name != "" {
		s.world.noteUnknown(fmt.Sprintf("%s: %s %s: no such parameter: %s", s.name, c.Method, c.URL.Path, name))
		return s.refuse(http.StatusUnprocessableEntity, fmt.Sprintf("simulate knows no parameter %q of %s %s", name, c.Method, c.URL.Path))
	}
	if s.front == nil {
		return found.run(c)
	}
	return s.front(c, found.run)
}

func strange(query url.Values, known []string) string {
	var names []string
	for name := range query {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// find is the route with the most fixed parts among those that match.
func (s *server) find(c *call) *route {
	parts := strings.Split(c.URL.EscapedPath(), "/")
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			parts[i] = plain
		}
	}
	var best *route
	most := -1
	for i := range s.routes {
		r := &s.routes[i]
		vars, fixed := r.match(c.Method, parts)
		if vars != nil && fixed > most {
			best, most, c.vars = r, fixed, vars
		}
	}
	return best
}

// match gives the variables, and how many parts are fixed; nil if the route is
// another one.
func (r *route) match(method string, parts []string) (map[string]string, int) {
	if method != r.method {
		return nil, 0
	}
	vars, fixed := map[string]string{}, 0
	for i, want := range r.parts {
		name, isVar := strings.CutPrefix(want, "{")
		name = strings.TrimSuffix(name, "}")
		if rest, all := strings.CutSuffix(name, "..."); isVar && all && i <= len(parts) {
			vars[rest] = strings.Join(parts[i:], "/")
			return vars, fixed
		}
		if i >= len(parts) || !isVar && parts[i] != want || isVar && parts[i] == "" {
			return nil, 0
		}
		if isVar {
			vars[name] = parts[i]
			continue
		}
		fixed++
	}
	if len(parts) != len(r.parts) {
		return nil, 0
	}
	return vars, fixed
}

// decode reads the body of a call into v; a field that v does not have is
// unknown, and written down as such.
func (s *server) decode(c *call, v any) (answer, bool) {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		return answer{}, true
	}
	if strings.Contains(err.Error(), "unknown field") {
		s.world.noteUnknown(fmt.Sprintf("%s: %s %s: %v", s.name, c.Method, c.URL.Path, err))
		return s.refuse(http.StatusUnprocessableEntity, "simulate: "+err.Error()), false
	}
	return s.refuse(http.StatusBadRequest, "Problems parsing JSON"), false
}
