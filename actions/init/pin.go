package main

import (
	"context"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/runner"
)

// pin is the one commit of Aftercare that workflows use, and its version.
type pin struct{ commit, version string }

var (
	commitForm  = regexp.MustCompile(`^[0-9a-f]{40}$`)
	versionForm = regexp.MustCompile(`^v\d[\w.+-]*$`)
	released    = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$`)
	pseudo      = regexp.MustCompile(`[.-]\d{14}-[0-9a-f]{12}$`)
)

// pinOf is the commit that the flags name, else the one this program was built
// from, else the one that its version's tag is on.
func pinOf(ctx context.Context, env *runner.Env, build *debug.BuildInfo) (pin, error) {
	p := pin{env.Input("pin"), env.Input("pin-version")}
	if p.version == "" {
		p.version = versionOf(build)
	}
	if p.commit == "" {
		p.commit = revisionOf(build)
	}
	if p.commit == "" && released.MatchString(p.version) && !pseudo.MatchString(p.version) {
		p.commit = tagged(ctx, env, p.version)
	}
	switch {
	case env.Input("pin") != "" && !commitForm.MatchString(p.commit):
		return p, runner.Usage("-pin: expected the 40 hex digits of a commit, got %q", p.commit)
	case env.Input("pin-version") != "" && !versionForm.MatchString(p.version):
		return p, runner.Usage("-pin-version: expected a version such as v1.2.3, got %q", p.version)
	case env.Input("pin") != "" && env.Input("pin-version") == "":
		return p, runner.Usage("-pin names a commit: say with -pin-version which version it is, such as v1.2.3")
	case !commitForm.MatchString(p.commit) || !versionForm.MatchString(p.version):
		return p, runner.Usage("which commit of Aftercare the workflows shall use is not known: %s. Run init as "+
			"go run github.com/aftercare/aftercare/actions/init@latest with a network, or give -pin, the 40 digits of a commit, "+
			"and -pin-version, such as v1.2.3", unpinned(build, p.version))
	}
	return p, nil
}

// unpinned says why the commit of a version is not known.
func unpinned(build *debug.BuildInfo, version string) string {
	switch {
	case build != nil && setting(build, "vcs.modified") == "true":
		return "this program was built from a checkout with changes that no commit has"
	case version != "":
		return "there is no commit of " + version + " to be found"
	}
	return "this program was built without a note of its commit (go build -buildvcs=true makes one in a checkout)"
}

func setting(build *debug.BuildInfo, key string) string {
	for _, s := range build.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func versionOf(build *debug.BuildInfo) string {
	if build == nil || build.Main.Version == "(devel)" {
		return ""
	}
	return strings.TrimSuffix(build.Main.Version, "+dirty")
}

// revisionOf is the commit of the checkout that the program was built in; empty
// where there was none, or where it had changes that no commit has.
func revisionOf(build *debug.BuildInfo) string {
	if build == nil || setting(build, "vcs.modified") == "true" {
		return ""
	}
	return setting(build, "vcs.revision")
}

// tagged asks the repository for the commit of a version's tag; empty where it
// does not answer. An annotated tag has an object of its own, and its commit
// stands in the line that ends in ^{}.
func tagged(ctx context.Context, env *runner.Env, version string) string {
	ref := "refs/tags/" + version
	out, err := git(ctx, env.Path("."), "ls-remote", "--", env.Input("from"), ref, ref+"^{}")
	if err != nil {
		env.Warn("%s does not say which commit %s is", env.Input("from"), version)
		return ""
	}
	found := ""
	for _, line := range strings.Split(out, "\n") {
		commit, name, _ := strings.Cut(line, "\t")
		if name == ref && found == "" || name == ref+"^{}" {
			found = commit
		}
	}
	return found
}
