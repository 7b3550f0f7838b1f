package model

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// Published is a version with the time at which it was published.
type Published struct {
	Version string    `json:"version"` // as its tag is written
	At      time.Time `json:"at"`
	// Release is set where it was published as a release; a tag alone is none.
	Release bool `json:"release,omitempty"`
	// Preview is set where the release was marked as a pre-release.
	Preview bool `json:"preview,omitempty"`
}

// Number returns the version as registries and the product itself name it, as
// Release.Number does.
func (p Published) Number() string { return Release{Version: p.Version}.Number() }

// canonical is a version as package semver compares it: v1.1.0-beta, also of a tag
// that names the package first, such as cli@1.1.0-beta.
func canonical(version string) string {
	return "v" + strings.TrimPrefix(Release{Version: version}.Number(), "v")
}

// packageOf is what a tag says before the number: the name of a package; empty where
// the number is all.
func packageOf(version string) string {
	name, found := strings.CutSuffix(version, strings.TrimPrefix(canonical(version), "v"))
	if !found {
		return version
	}
	return strings.TrimSuffix(name, "v")
}

// isOfPackage reports whether a version may be of the watched package: its tag names
// the same one, or none, as in registries.
func (r Release) isOfPackage(version string) bool {
	name := packageOf(version)
	return name == "" || name == packageOf(r.Version)
}

// NewerVersion reports whether a version comes after another; false where one of
// them is no semantic version.
func NewerVersion(version, than string) bool {
	return semver.IsValid(canonical(version)) && semver.IsValid(canonical(than)) && semver.Compare(canonical(version), canonical(than)) > 0
}

// SameVersion reports whether two names mean one version: v1.1.0 and 1.1.0.
func SameVersion(a, b string) bool { return canonical(a) == canonical(b) }

// Follows reports whether a version that was published at a time belongs to the
// release: it is the watched one, or one that Follow selects.
func (r Release) Follows(p Published) bool {
	if SameVersion(p.Version, r.Version) && r.isOfPackage(p.Version) {
		return true
	}
	if r.Follow == "" || !r.isOfPackage(p.Version) || !NewerVersion(p.Version, r.Version) || p.At.Before(r.Shipped.Time) {
		return false
	}
	name := strings.TrimPrefix(canonical(p.Version), "v")
	if prefix, pattern := strings.CutSuffix(strings.TrimPrefix(r.Follow, "v"), "*"); pattern {
		return strings.HasPrefix(name, prefix)
	}
	return r.Follow == FollowNewer || SameVersion(r.Follow, p.Version)
}

// WithFamily returns the release with those of the published versions that belong
// to it, the oldest first, each once: a release goes before a tag, and the earlier
// time before the later. The watched version is always among them.
func (r Release) WithFamily(published []Published) Release {
	family := []Published{{Version: r.Version, At: r.Shipped.Time}}
	for _, p := range published {
		if !r.Follows(p) || p.At.IsZero() {
			continue
		}
		i := slices.IndexFunc(family, func(f Published) bool { return SameVersion(f.Version, p.Version) })
		switch {
		case i < 0:
			family = append(family, p)
		case i > 0 && (p.Release && !family[i].Release || p.Release == family[i].Release && p.At.Before(family[i].At)):
			family[i] = p
		}
	}
	slices.SortStableFunc(family[1:], func(a, b Published) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Version, b.Version)
	})
	r.Family = family
	return r
}

// Newest is the version of the family that was published last. Without any other
// it is the watched one, at the time at which it shipped.
func (r Release) Newest() Published {
	if len(r.Family) == 0 {
		return Published{Version: r.Version, At: r.Shipped.Time}
	}
	return r.Family[len(r.Family)-1]
}

// NextOf returns the newest published release that comes after the whole family
// and does not belong to it, and reports whether there is one. Pre-releases count
// where the watched version is one; tags do not.
func (r Release) NextOf(published []Published) (Published, bool) {
	next, found := Published{Version: r.Version}, false
	for _, p := range r.Family {
		if NewerVersion(p.Version, next.Version) {
			next = p
		}
	}
	preview := semver.Prerelease(canonical(r.Version)) != ""
	for _, p := range published {
		early := p.Preview || semver.Prerelease(canonical(p.Version)) != ""
		if p.Release && r.isOfPackage(p.Version) && !r.Follows(p) && (preview || !early) && NewerVersion(p.Version, next.Version) {
			next, found = p, true
		}
	}
	return next, found
}

var leadingNumbers = lazyregexp.New(`^v?(\d+)\.(\d+)\.`)

// FollowOf is the pattern of hot-fixes of a version: 1.2.* of v1.2.0-beta; newer
// where it is no semantic version.
func FollowOf(version string) string {
	if m := leadingNumbers.FindStringSubmatch(canonical(version)); m != nil {
		return m[1] + "." + m[2] + ".*"
	}
	return FollowNewer
}
