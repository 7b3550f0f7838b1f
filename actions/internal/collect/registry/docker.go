package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// docker is Docker Hub, which tells how often an image was pulled in all.
var docker = Registry{
	Name: "docker", Title: "Docker Hub", Example: "acme/rocket",
	Tells:   "running totals of pulls, from which daily figures are computed",
	Metrics: []string{"downloads_per_day", "downloads_total", "downloads_by_registry"},
	Valid:   lazyregexp.New(`^[a-z0-9]+(?:[._-]+[a-z0-9]+)*/[a-z0-9]+(?:[._-]+[a-z0-9]+)*$`).MatchString,
	Hosts:   []Host{{"https://hub.docker.com", "AFTERCARE_DOCKER_URL"}},
	Totals:  true,
	read:    readDocker,
}

func readDocker(ctx context.Context, r *reading) error {
	var about struct {
		Pulls int64 `json:"pull_count"`
	}
	switch err := r.get(ctx, 0, "/v2/repositories/"+r.name+"/", &about); {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	}
	r.addTotal("", about.Pulls)
	return nil
}
