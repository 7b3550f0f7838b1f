package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/collect/registry"
)

// home is the repository that init writes into. Nothing outside of its folder
// can be read or written through it, by links neither.
type home struct {
	*os.Root
	dir    string
	remote remote
}

// enter opens the repository whose top folder is dir.
func enter(ctx context.Context, dir string) (*home, error) {
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, outside(absolute(dir), err)
	}
	if !same(top, dir) {
		return nil, fmt.Errorf("%s is not the top folder of its repository: run init in %s", absolute(dir), top)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the repository: %w", err)
	}
	origin, _ := git(ctx, dir, "remote", "get-url", "origin")
	where, err := readRemote(origin).settleHost(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &home{Root: root, dir: dir, remote: where}, nil
}

// outside says why git knows no repository with files around a folder.
func outside(dir string, err error) error {
	var exit *exec.ExitError
	said := ""
	if errors.As(err, &exit) {
		said, _, _ = strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
	}
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("git is needed, and not here: install it")
	case said != "" && !strings.Contains(said, "not a git repository"):
		return fmt.Errorf("git cannot say where the repository of %s begins: %s", dir, said)
	}
	return fmt.Errorf("%s is in no git repository: go to the top folder of yours, or make one with git init", dir)
}

func (h *home) leave() { _ = h.Close() }

func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// same reports whether two paths are one folder, by whatever names.
func same(a, b string) bool {
	first, errFirst := os.Stat(a)
	second, errSecond := os.Stat(b)
	return errFirst == nil && errSecond == nil && os.SameFile(first, second)
}

// versionTag is a tag that names a version.
var versionTag = regexp.MustCompile(`^v?\d+(\.\d+)*((a|b|c|rc|[.+-]).*)?$`)

// guess is what can be known of the project without asking, but for its version,
// where somebody said it already. With force, files that others wrote in the
// places of ours are wanted as ours.
func (h *home) guess(ctx context.Context, now time.Time, version string, force bool, ask func(context.Context, string) ([]byte, error)) answers {
	tags := h.tags(ctx)
	a := answers{Project: h.remote.name, Plan: "plain", Packages: h.packages(tags), Team: h.owners(), Labels: h.labels(ctx, ask),
		Guessed: map[string]string{"project": "the name of the repository", "release": "nothing is released yet: no tag, no release on GitHub, no file with a version"}}
	if a.Project == "" {
		a.Project, a.Guessed["project"] = filepath.Base(absolute(h.dir)), "the name of the folder"
	}
	if a = h.recall(a, force); a.Version == "" && version == "" {
		if found := h.latest(ctx, tags, ask); found.version != "" && h.fits(found.version) {
			a.Version, a.Guessed["release"] = found.version, found.versionFrom
			a.Shipped, a.Guessed["shipped"] = found.day, found.dayFrom
		}
	}
	if version != "" && version != "none" && version != a.Version {
		a.Version, a.Shipped, a.GA = version, "", "" // another release has days of its own
	}
	if a.Shipped == "" && a.Version != "" {
		a.Shipped, a.Guessed["shipped"] = dayOf(a.Version, tags, now)
	}
	return a
}

// packages are those that the repository publishes, by what its files say.
func (h *home) packages(tags []tag) []published {
	repo := registry.Repo{Files: h.FS()}
	if h.remote.host == "github.com" {
		repo.Owner, repo.Name = h.remote.owner, h.remote.name
	}
	for _, t := range tags {
		repo.Tags = append(repo.Tags, t.version)
	}
	var all []published
	for _, r := range registry.All() {
		if r.Find == nil {
			continue
		}
		if name, file := r.Find(repo); r.Valid(name) {
			all = append(all, published{r.Name, name, file})
		}
	}
	return all
}

// fits reports whether a version that was found has the form of an answer.
func (h *home) fits(version string) bool { return putRelease(&answers{}, version) == nil }

// tag is one that names a version, and its day.
type tag struct{ version, day string }

// dayOf is the day of a version's tag, else today; and which of them it is.
func dayOf(version string, tags []tag, now time.Time) (day, why string) {
	for _, t := range tags {
		if t.version == version && t.day != "" {
			return t.day, "the day of its tag"
		}
	}
	return now.Format(time.DateOnly), "today"
}

// git runs git in a folder, and answers with what it printed. It asks nobody
// for a password.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	return output(ctx, dir, "git", args...)
}

// output runs a program in a folder for at most 20 seconds, and answers with what
// it printed.
func output(ctx context.Context, dir, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// remote is where the repository lives on the web; the zero value is nowhere.
type remote struct{ host, owner, name string }

var (
	scp  = regexp.MustCompile(`^(?:[\w.-]+@)?([\w.-]+):([^/].*)$`)
	word = regexp.MustCompile(`^[\w.-]+$`)
)

// readRemote reads what git calls the address of a remote. Names and passwords
// in it are dropped; what is no owner/name on a host is nowhere.
func readRemote(address string) remote {
	host, place := "", ""
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host, place = u.Hostname(), u.Path
	} else if m := scp.FindStringSubmatch(address); m != nil {
		host, place = m[1], m[2]
	}
	owner, name := path.Split(strings.Trim(strings.TrimSuffix(strings.Trim(place, "/"), ".git"), "/"))
	owner = strings.TrimSuffix(owner, "/")
	if !word.MatchString(host) || !word.MatchString(owner) || !word.MatchString(name) {
		return remote{}
	}
	return remote{host, owner, name}
}

// link is the address of a page of the repository; where the repository has
// none, it says in words where the page is.
func (r remote) link(page, words string) string {
	if r.host == "" {
		return words
	}
	return "https://" + r.host + "/" + r.owner + "/" + r.name + "/" + page
}
