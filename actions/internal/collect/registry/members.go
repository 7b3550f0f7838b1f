package registry

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// maxMembers is how many members of a workspace are looked at.
const maxMembers = 200

// manifest is one of a package that a repository holds.
type manifest struct{ name, file string }

// member returns the published package of a workspace that people know the
// repository by: the one that bears its name, else the only one. patterns are
// folders as the workspace names them ("crates/*", "!old"), file is the manifest
// in each, and read returns the package's name, "" where it is not published.
func (r Repo) member(patterns []string, file string, read func(src []byte) string) manifest {
	var found []manifest
	for _, folder := range r.folders(patterns) {
		name := path.Join(folder, file)
		src, err := r.read(name)
		if err != nil {
			continue
		}
		pack := read(src)
		if pack == "" {
			continue
		}
		found = append(found, manifest{pack, name})
		if strings.EqualFold(path.Base(pack), r.Name) {
			return manifest{pack, name}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return manifest{}
}

// folders returns those that patterns match, sorted, at most maxMembers. A pattern
// that begins with ! takes folders out.
func (r Repo) folders(patterns []string) []string {
	var all []string
	for _, pattern := range patterns {
		out := strings.HasPrefix(pattern, "!")
		pattern = path.Clean(strings.TrimSuffix(strings.TrimPrefix(pattern, "!"), "/**"))
		matches, _ := fs.Glob(r.Files, pattern) // a pattern that is none matches nothing
		if out {
			all = slices.DeleteFunc(all, func(f string) bool { return slices.Contains(matches, f) })
		} else {
			all = append(all, matches...)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), maxMembers)]
}
