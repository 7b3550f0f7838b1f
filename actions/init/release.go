package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// shippedVersion is a version that init found, the day on which it was shipped,
// and where each is from.
type shippedVersion struct{ version, day, versionFrom, dayFrom string }

// latest is the newest version that a project says it released: of its tags, else
// of GitHub's releases, else of a file that names one. It is zero where nothing
// was released.
func (h *home) latest(ctx context.Context, tags []tag, ask func(context.Context, string) ([]byte, error)) shippedVersion {
	if len(tags) > 0 {
		return shippedVersion{tags[0].version, tags[0].day, "the newest tag", "the day of its tag"}
	}
	if r := h.published(ctx, ask); r.version != "" {
		return r
	}
	for _, m := range manifests {
		src, err := h.ReadFile(m.file)
		if err != nil {
			continue
		}
		found := m.form.FindSubmatch(src)
		if found == nil {
			continue
		}
		day, err := git(ctx, h.dir, "log", "-1", "--format=%cs", "-S"+string(found[1]), "--", m.file)
		if err != nil || day == "" {
			continue // a version that was never committed was never shipped
		}
		return shippedVersion{string(found[1]), day, m.file + ": there is no tag", "the day on which " + m.file + " got it"}
	}
	return shippedVersion{}
}

// manifests are the files in which projects keep their version.
var manifests = []struct {
	file string
	form *regexp.Regexp
}{
	{"package.json", regexp.MustCompile(`"version"\s*:\s*"([0-9][\w.+-]{0,60})"`)},
	{"Cargo.toml", regexp.MustCompile(`(?m)^version\s*=\s*"([0-9][\w.+-]{0,60})"`)},
	{"pyproject.toml", regexp.MustCompile(`(?m)^version\s*=\s*["']([0-9][\w.+!-]{0,60})["']`)},
}

// published asks GitHub for the newest release.
func (h *home) published(ctx context.Context, ask func(context.Context, string) ([]byte, error)) shippedVersion {
	if h.remote.host != "github.com" || ask == nil {
		return shippedVersion{}
	}
	src, err := ask(ctx, "/repos/"+h.remote.owner+"/"+h.remote.name+"/releases/latest")
	if err != nil {
		return shippedVersion{}
	}
	var release struct {
		Tag string    `json:"tag_name"`
		At  time.Time `json:"published_at"`
	}
	if json.Unmarshal(src, &release) != nil || release.Tag == "" || release.At.IsZero() {
		return shippedVersion{}
	}
	return shippedVersion{release.Tag, release.At.UTC().Format(time.DateOnly), "the newest release on GitHub", "the day on which it was published"}
}

// githubAsker asks GitHub's API, with a token where there is one. It waits a few
// seconds: init works without a network.
func githubAsker(client *http.Client, getenv func(string) string) func(context.Context, string) ([]byte, error) {
	base := getenv("GITHUB_API_URL")
	if base == "" {
		base = "https://api.github.com"
	}
	return func(ctx context.Context, place string) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+place, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "application/vnd.github+json")
		if token := getenv("GITHUB_TOKEN"); token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("status %d", resp.StatusCode)
		}
		return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	}
}

// partTag is a tag of one part of a repository with several: pkg@1.2.3,
// a/v1.2.3, a-v1.2.3.
var partTag = regexp.MustCompile(`^(.*?)[@/_-]v?\d+(\.\d+)+([.+-].*)?$`)

// tags are those of versions, the newest version first. Where a repository tags
// its parts, they are those of the part that bears the project's name, else all
// of them, the newest first. A project that changed its tags from v1.2.3 to
// name-v1.2.3, or back, is followed to the form that it used last.
func (h *home) tags(ctx context.Context) []tag {
	plain := h.tagsBy(ctx, "-version:refname", versionTag.MatchString)
	name := strings.ToLower(h.remote.name)
	named := h.tagsBy(ctx, "-version:refname", func(t string) bool {
		m := partTag.FindStringSubmatch(t)
		return m != nil && name != "" && strings.ToLower(path.Base(m[1])) == name
	})
	switch {
	case len(named) > 0 && (len(plain) == 0 || named[0].day > plain[0].day):
		return named
	case len(plain) > 0:
		return plain
	}
	return h.tagsBy(ctx, "-creatordate", partTag.MatchString)
}

// beforeRelease are what follows a version before its release, in the order of
// time: as Python writes them, and after a hyphen as everybody else does.
var beforeRelease = []string{".dev", "a", "b", "c", "rc", "-"}

// tagsBy are the tags that are versions, in the order that git gives them: those
// of the branch, else all, where releases are tagged on branches of their own.
func (h *home) tagsBy(ctx context.Context, order string, isVersion func(string) bool) []tag {
	if merged := h.listTags(ctx, order, isVersion, "--merged", "HEAD"); len(merged) > 0 {
		return merged
	}
	return h.listTags(ctx, order, isVersion)
}

func (h *home) listTags(ctx context.Context, order string, isVersion func(string) bool, among ...string) []tag {
	var tags []tag
	var args []string
	for _, suffix := range beforeRelease {
		args = append(args, "-c", "versionsort.suffix="+suffix)
	}
	args = append(append(args, "tag"), among...)
	list, _ := git(ctx, h.dir, append(args, "--sort="+order, "--format=%(refname:strip=2) %(creatordate:short)")...)
	for line := range strings.Lines(list) {
		if version, day, _ := strings.Cut(strings.TrimSpace(line), " "); isVersion(version) {
			tags = append(tags, tag{version, day})
		}
	}
	return tags
}

// owners are the people that CODEOWNERS names, each once, in its order: no teams,
// whose members git does not know, and no addresses.
func (h *home) owners() []string {
	for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		src, err := h.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var logins []string
		for line := range strings.Lines(string(src)) {
			line, _, _ = strings.Cut(line, "#")
			for _, word := range strings.Fields(line) {
				login, found := strings.CutPrefix(word, "@")
				if found && loginForm.MatchString(login) && !slices.Contains(logins, login) && len(logins) < 50 {
					logins = append(logins, login)
				}
			}
		}
		return logins
	}
	return nil
}

var loginForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}$`)

// strangers are the hosts of which it is known that they are not GitHub.
var strangers = regexp.MustCompile(`(?i)(^|\.)(gitlab|bitbucket|codeberg|gitea|forgejo|sourcehut|sr|dev\.azure|visualstudio|gitee|sourceforge)\.`)

// settleHost makes the host of a remote the one that people open: ssh.github.com
// is github.com, and a host without a dot is an alias of ssh's configuration. It
// refuses hosts that are not GitHub.
func (r remote) settleHost(ctx context.Context, dir string) (remote, error) {
	if r.host != "" && !strings.Contains(r.host, ".") {
		r.host = hostOfAlias(ctx, dir, r.host)
	}
	if r.host == "ssh.github.com" || r.host == "www.github.com" {
		r.host = "github.com"
	}
	if strangers.MatchString(r.host) {
		return r, fmt.Errorf("the remote origin is on %s: Aftercare runs on GitHub Actions, so it needs a repository on GitHub", r.host)
	}
	return r, nil
}

// hostOfAlias asks ssh which host an alias stands for; empty where it does not
// know one.
func hostOfAlias(ctx context.Context, dir, alias string) string {
	out, err := output(ctx, dir, "ssh", "-G", "--", alias)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(out) {
		if host, found := strings.CutPrefix(strings.TrimSpace(line), "hostname "); found && strings.Contains(host, ".") {
			return host
		}
	}
	return ""
}
