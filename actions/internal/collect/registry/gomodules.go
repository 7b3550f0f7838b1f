package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/aftercare/aftercare/actions/internal/collect/web"
)

// goModules is the mirror of Go's modules. A version is yanked when the newest one
// retracts it. Nobody counts the downloads of modules.
var goModules = Registry{
	Name: "go", Title: "Go modules", Example: "github.com/acme/rocket",
	Tells:   "versions and retractions; nobody counts downloads",
	Metrics: []string{"yanked_versions"},
	Valid:   func(name string) bool { return module.CheckPath(name) == nil },
	Hosts:   []Host{{"https://proxy.golang.org", "AFTERCARE_GOPROXY_URL"}},
	Each:    true,
	Find:    findGoModule,
	read:    readGoModule,
}

// maxGoVersions is how many of the newest versions are read.
const maxGoVersions = 30

func readGoModule(ctx context.Context, r *reading) error {
	escaped, err := module.EscapePath(r.name)
	if err != nil {
		return fmt.Errorf("%q is not the path of a module", r.name)
	}
	base := "/" + escaped + "/@v/"
	list, err := r.text(ctx, base+"list")
	switch {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	}
	versions := strings.Fields(list)
	for _, v := range versions {
		if !semver.IsValid(v) {
			return fmt.Errorf("the registry: its answer is not what its description says: invalid version %q", short(v))
		}
	}
	if len(versions) == 0 {
		return fmt.Errorf("the registry names no version of %s", r.name)
	}
	semver.Sort(versions)
	slices.Reverse(versions)
	retracted, err := r.retracted(ctx, base, newest(versions))
	if err != nil {
		return err
	}
	for _, v := range versions[:min(len(versions), maxGoVersions)] {
		if err := r.goVersion(ctx, base, v, retracted(v)); err != nil {
			return err
		}
	}
	return nil
}

// goVersion adds a version; its time is asked for once, for it does not change.
func (r *reading) goVersion(ctx context.Context, base, version string, yanked bool) error {
	plain := strings.TrimPrefix(version, "v")
	if at := r.Known[plain]; !at.IsZero() {
		r.addVersion(plain, at, yanked)
		return nil
	}
	escaped, err := module.EscapeVersion(version)
	if err != nil {
		return fmt.Errorf("the registry: %w", err)
	}
	var info struct {
		Time time.Time `json:"Time"`
	}
	if err := r.get(ctx, 0, base+escaped+".info", &info); err != nil {
		return fmt.Errorf("the registry, %s: %w", version, err)
	}
	r.addVersion(plain, info.Time, yanked)
	return nil
}

// newest returns the highest release, or the highest version where there is no
// release: the one whose go.mod says what is retracted. Versions are the highest
// first.
func newest(versions []string) string {
	for _, v := range versions {
		if semver.Prerelease(v) == "" {
			return v
		}
	}
	return versions[0]
}

// retracted returns what reports whether a version is retracted.
func (r *reading) retracted(ctx context.Context, base, version string) (func(string) bool, error) {
	escaped, err := module.EscapeVersion(version)
	if err != nil {
		return nil, fmt.Errorf("the registry: %w", err)
	}
	src, err := r.text(ctx, base+escaped+".mod")
	if err != nil {
		return nil, fmt.Errorf("the registry, go.mod of %s: %w", version, err)
	}
	mod, err := modfile.ParseLax("go.mod", []byte(src), nil)
	if err != nil || mod.Module == nil {
		return nil, fmt.Errorf("the registry, go.mod of %s: its answer is not what its description says: %s", version, short(strings.Join(strings.Fields(src), " ")))
	}
	return func(v string) bool {
		return slices.ContainsFunc(mod.Retract, func(span *modfile.Retract) bool {
			return semver.Compare(span.Low, v) <= 0 && semver.Compare(v, span.High) <= 0
		})
	}, nil
}

// text reads an address of the registry that is not valid JSON.
func (r *reading) text(ctx context.Context, path string) (string, error) {
	body, err := r.hosts[0].client.Body(ctx, r.hosts[0].base+path, r.header)
	return string(body), err
}

// findGoModule reads go.mod. A module without tags has no version to watch.
func findGoModule(repo Repo) (name, file string) {
	src, err := repo.read("go.mod")
	if err != nil || len(repo.Tags) == 0 {
		return "", ""
	}
	path := modfile.ModulePath(src)
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return "", "" // nobody can get it
	}
	return path, "go.mod"
}
