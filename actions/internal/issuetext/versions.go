package issuetext

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

const (
	// maxVersions is how many versions an issue is taken to name.
	maxVersions = 10
	// maxVersionLength is how long a version is at most, in bytes.
	maxVersionLength = 40
)

// versionForm is a number of three parts, as semantic versions and Python's index
// write it: 1.1.0-beta.2, v1.1.0, 1.1.0rc1.
var versionForm = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])v?([0-9]+\.[0-9]+\.[0-9]+(?:(?:a|b|rc)[0-9]+|-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?)`)

// Versions returns the versions that an issue names, without a v in front, the
// likeliest to be the one that it is about first: those of the title, then those
// of its text; of several in one place the newest first. They need not be versions of
// the project.
func Versions(title, body string) []string {
	var all []string
	for _, text := range []string{title, body} {
		var named []string
		for _, m := range versionForm.FindAllStringSubmatch(text, 100) {
			if v := m[1]; len(v) <= maxVersionLength && !slices.Contains(all, v) && !slices.Contains(named, v) {
				named = append(named, v)
			}
		}
		slices.SortStableFunc(named, func(a, b string) int {
			if c := semver.Compare("v"+b, "v"+a); c != 0 {
				return c
			}
			return strings.Compare(b, a)
		})
		all = append(all, named...)
	}
	return all[:min(len(all), maxVersions)]
}
