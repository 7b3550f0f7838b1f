package fake

import (
	"net/http"
	"strings"
	"time"
)

// Homebrew is the simulated site of Homebrew's formulae.
type Homebrew struct {
	URL string

	*server
	month map[string]map[string]int // installs of the last 30 days by formula, and by its options
}

// NewHomebrew starts a site in a world.
func NewHomebrew(w *World) *Homebrew {
	h := &Homebrew{server: w.serve("homebrew"), month: map[string]map[string]int{}}
	h.URL = h.server.url
	h.server.refuse = func(status int, message string) answer { return answer{status: status, body: []byte(message)} }
	h.handle("GET /api/formula/{file}", "", h.show)
	return h
}

// Install is how often a formula was installed in the last 30 days, with options
// such as " --HEAD" or none.
func (h *Homebrew) Install(name, options string, n int) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	if h.month[name] == nil {
		h.month[name] = map[string]int{}
	}
	h.month[name][name+options] = n
}

func (h *Homebrew) show(c *call) answer {
	name := strings.TrimSuffix(c.vars["file"], ".json")
	month, found := h.month[name]
	if !found {
		return h.refuse(http.StatusNotFound, "<!doctype html><title>404</title>")
	}
	year := map[string]int{}
	for key, n := range month {
		year[key] = 12 * n
	}
	spans := map[string]any{"30d": month, "90d": year, "365d": year}
	return ok(map[string]any{
		"name": name, "full_name": name, "tap": "homebrew/core", "versions": map[string]any{"stable": "1.0.0", "head": nil, "bottle": true},
		"deprecated": false, "disabled": false, "generated_date": h.world.Now().Format(time.DateOnly),
		"analytics": map[string]any{"install": spans, "install_on_request": spans, "build_error": map[string]any{"30d": map[string]int{}}},
	})
}
