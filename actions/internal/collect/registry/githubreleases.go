package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// githubReleases are the files of a repository's releases on GitHub, which counts
// the downloads of each in all.
var githubReleases = Registry{
	Name: "github_releases", Title: "GitHub releases", Example: "acme/rocket",
	Tells:   "versions, and running totals of their files, from which daily figures are computed",
	Metrics: []string{"downloads_per_day", "downloads_total", "downloads_by_registry", "version_distribution"},
	Valid:   lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$`).MatchString,
	Hosts:   []Host{{"https://api.github.com", "GITHUB_API_URL"}},
	Totals:  true,
	Find:    findGitHubReleases,
	read:    readGitHubReleases,
}

type githubRelease struct {
	ID        int64         `json:"id" answer:"id"`
	Tag       string        `json:"tag_name" answer:"id"`
	Draft     bool          `json:"draft"`
	Published *time.Time    `json:"published_at"`
	Assets    []githubAsset `json:"assets"`
}

type githubAsset struct {
	Name      string `json:"name"`
	Downloads int64  `json:"download_count"`
}

const (
	releasePage = 100
	// maxReleasePages is how many pages are read: of a repository with more
	// releases the total would be too small.
	maxReleasePages = 30
)

func readGitHubReleases(ctx context.Context, r *reading) error {
	r.header = http.Header{"Accept": {"application/vnd.github+json"}, "X-Github-Api-Version": {"2022-11-28"}}
	if r.Token != "" {
		r.header.Set("Authorization", "Bearer "+r.Token)
	}
	totals := map[string]int64{}
	var sum int64
	for page := 1; ; page++ {
		var releases []githubRelease
		before := len(r.found.Refused)
		err := r.get(ctx, 0, fmt.Sprintf("/repos/%s/releases?per_page=%d&page=%d", r.name, releasePage, page), &releases)
		switch {
		case errors.Is(err, web.ErrAbsent):
			return r.absent()
		case err != nil:
			return fmt.Errorf("the releases: %w", err)
		}
		if lost := len(r.found.Refused) - before; lost > 0 {
			return fmt.Errorf("the releases: %d of page %d cannot be read, so there is no total: %s", lost, page, r.found.Refused[before])
		}
		for _, release := range releases {
			if release.Draft || release.Published == nil {
				continue
			}
			version, n := strings.TrimPrefix(release.Tag, "v"), release.downloads()
			row := r.version(version, *release.Published, false)
			row.Downloads = n
			r.found.Versions = append(r.found.Versions, row)
			totals[version] += n
			sum += n
		}
		switch {
		case len(releases) < releasePage:
			if len(r.found.Versions) == 0 {
				return fmt.Errorf("%s has no release", r.name)
			}
			r.addTotal("", sum)
			for _, version := range slices.Sorted(maps.Keys(totals)) {
				r.addTotal(version, totals[version])
			}
			return nil
		case page == maxReleasePages:
			return fmt.Errorf("the releases: %s has more than %d", r.name, releasePage*maxReleasePages)
		}
	}
}

// proof is a file that only tells something of another: a checksum, a signature.
var proof = lazyregexp.New(`(?i)(?:\.(?:sha\d+(?:sum)?|md5|b2|asc|sig|sign|minisig|pem|crt|cert|sbom|spdx|cdx|intoto\.jsonl|sigstore(?:\.json)?)|checksums?(?:\.txt)?|sha\d+sums?(?:\.txt)?)$`)

// downloads adds up those of the files, but for what only proves another.
func (r githubRelease) downloads() int64 {
	var n int64
	for _, a := range r.Assets {
		if !proof.MatchString(a.Name) {
			n += a.Downloads
		}
	}
	return n
}

// uploads is what workflows write that upload files to releases.
var uploads = lazyregexp.New(`(?i)action-gh-release|gh release (?:create|upload)|upload-release-asset|goreleaser|release-action|cargo-dist|taiki-e/upload-rust-binary`)

// findGitHubReleases looks for what uploads files to releases; of a Go module with
// tags it is likely.
func findGitHubReleases(repo Repo) (name, file string) {
	if repo.Owner == "" || len(repo.Tags) == 0 {
		return "", ""
	}
	name = repo.Owner + "/" + repo.Name
	for _, pattern := range []string{".goreleaser.y*ml", ".github/workflows/*.y*ml", "go.mod"} {
		files, _ := fs.Glob(repo.Files, pattern) // the patterns are good
		for _, f := range files {
			src, err := repo.read(f)
			if err == nil && (!strings.HasPrefix(f, ".github/") || uploads.Match(src)) {
				return name, f
			}
		}
	}
	return "", ""
}
