package collect

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/github"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Versions are the published releases and tags of a repository, as they are kept
// between runs: lists that have not changed are not sent again. The zero value
// knows nothing.
type Versions struct {
	ReleasesTag string               `json:"releasesTag,omitempty"` // ETags of the two lists
	TagsTag     string               `json:"tagsTag,omitempty"`
	Releases    []model.Published    `json:"releases,omitempty"`
	Tags        []Tag                `json:"tags,omitempty"`
	Dates       map[string]time.Time `json:"dates,omitempty"` // of tagged commits, by their id
}

// Tag is a tag with the commit that it names.
type Tag struct {
	Name   string `json:"name" answer:"id"`
	Commit struct {
		SHA string `json:"sha" answer:"id"`
	} `json:"commit"`
}

type releaseAnswer struct {
	Tag       string     `json:"tag_name" answer:"id"`
	Draft     bool       `json:"draft"`
	Preview   bool       `json:"prerelease"`
	Published *time.Time `json:"published_at"`
}

// maxDates is how many tagged commits one run reads: of a tag alone only the commit
// tells the time.
const maxDates = 10

// Read brings the versions up to date: two requests, which count against no limit
// where nothing changed, and one for each new tag of the release's family that was
// not published as a release. What was known stays where a list cannot be read.
func (v *Versions) Read(ctx context.Context, hub *github.Client, release model.Release) error {
	return errors.Join(v.readReleases(ctx, hub), v.readTags(ctx, hub, release))
}

func (v *Versions) readReleases(ctx context.Context, hub *github.Client) error {
	var found []releaseAnswer
	etag, changed, err := hub.Fetch(ctx, "/releases?per_page=100", v.ReleasesTag, &found)
	var part *github.PartError
	if err != nil && !errors.As(err, &part) {
		return github.Wrap(err, "contents: read", "read the releases of %s/%s", hub.Owner, hub.Name)
	}
	if !changed {
		return nil
	}
	v.ReleasesTag, v.Releases = etag, nil
	for _, r := range found {
		if !r.Draft && r.Published != nil {
			v.Releases = append(v.Releases, model.Published{Version: r.Tag, At: r.Published.UTC(), Release: true, Preview: r.Preview})
		}
	}
	return github.Wrap(err, "contents: read", "read the releases of %s/%s", hub.Owner, hub.Name)
}

func (v *Versions) readTags(ctx context.Context, hub *github.Client, release model.Release) error {
	var found []Tag
	etag, changed, err := hub.Fetch(ctx, "/tags?per_page=100", v.TagsTag, &found)
	var part *github.PartError
	if err != nil && !errors.As(err, &part) {
		return github.Wrap(err, "contents: read", "read the tags of %s/%s", hub.Owner, hub.Name)
	}
	if changed {
		v.TagsTag, v.Tags = etag, found
	}
	errs := []error{github.Wrap(err, "contents: read", "read the tags of %s/%s", hub.Owner, hub.Name)}
	dates := map[string]time.Time{}
	for _, t := range v.Tags {
		if at, known := v.Dates[t.Commit.SHA]; known {
			dates[t.Commit.SHA] = at
			continue
		}
		if len(dates) == maxDates || !v.isUndated(t, release, hub.Now()) {
			continue
		}
		commit, _, err := hub.Git.GetCommit(ctx, hub.Owner, hub.Name, t.Commit.SHA)
		if err != nil {
			errs = append(errs, github.Wrap(err, "contents: read", "read the commit of the tag %s", t.Name))
			continue
		}
		dates[t.Commit.SHA] = commit.GetCommitter().GetDate().UTC()
	}
	v.Dates = dates
	return errors.Join(errs...)
}

// isUndated reports whether a tag may be of the family and is no release.
func (v *Versions) isUndated(t Tag, release model.Release, now time.Time) bool {
	return release.Follows(model.Published{Version: t.Name, At: now}) && !model.SameVersion(t.Name, release.Version) &&
		!slices.ContainsFunc(v.Releases, func(p model.Published) bool { return model.SameVersion(p.Version, t.Name) })
}

// Published returns the releases, and the tags of which the time is known.
func (v *Versions) Published() []model.Published {
	all := slices.Clone(v.Releases)
	for _, t := range v.Tags {
		if at := v.Dates[t.Commit.SHA]; !at.IsZero() {
			all = append(all, model.Published{Version: t.Name, At: at})
		}
	}
	return all
}
