package fake

import (
	"net/http"
	"strings"
)

// Docker is the simulated Docker Hub.
type Docker struct {
	URL string

	*server
	pulls map[string]int // by namespace/name
}

// NewDocker starts a hub in a world.
func NewDocker(w *World) *Docker {
	d := &Docker{server: w.serve("docker"), pulls: map[string]int{}}
	d.URL = d.server.url
	d.server.refuse = func(status int, message string) answer {
		return answer{status: status, body: map[string]any{"message": message, "errinfo": map[string]any{}}}
	}
	d.handle("GET /v2/repositories/{namespace}/{name}/", "", d.show)
	return d
}

// Pull counts pulls of an image, by namespace/name; the first makes it.
func (d *Docker) Pull(image string, n int) {
	d.world.mu.Lock()
	defer d.world.mu.Unlock()
	d.pulls[image] += n
}

func (d *Docker) show(c *call) answer {
	image := c.vars["namespace"] + "/" + c.vars["name"]
	pulls, found := d.pulls[image]
	if !found {
		return d.refuse(http.StatusNotFound, "object not found")
	}
	namespace, name, _ := strings.Cut(image, "/")
	return ok(map[string]any{
		"user": namespace, "name": name, "namespace": namespace, "repository_type": "image", "status": 1, "description": "", "is_private": false,
		"star_count": 1, "pull_count": pulls, "last_updated": d.world.Now(), "date_registered": d.world.Now(),
	})
}
