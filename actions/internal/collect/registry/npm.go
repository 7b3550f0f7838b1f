package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/answer"
	"github.com/aftercare/aftercare/actions/internal/collect/web"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// npm is the registry of Node's packages. A version is yanked when it is
// deprecated, or when it was unpublished.
var npm = Registry{
	Name: "npm", Title: "npm", Example: "@caro/cli",
	Tells:   "versions, deprecations as yanks, downloads by day, and by version of the last week",
	Metrics: []string{"yanked_versions", "downloads_per_day", "downloads_total", "version_distribution"},
	Valid:   lazyregexp.New(`^(?:@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]{0,213}$`).MatchString,
	Hosts:   []Host{{"https://registry.npmjs.org", "AFTERCARE_NPM_URL"}, {"https://api.npmjs.org", "AFTERCARE_NPM_DOWNLOADS_URL"}},
	Find:    findNPM,
	read:    readNPM,
}

// npmVersion is the part of a version's manifest that says whether it is
// deprecated: a reason, or a plain true.
type npmVersion struct {
	Deprecated any `json:"deprecated" answer:"optional"`
}

func (v npmVersion) isYanked() bool {
	switch why := v.Deprecated.(type) {
	case string:
		return why != ""
	case bool:
		return why
	}
	return false
}

// npmFirst is the first day of which the registry has downloads.
var npmFirst = time.Date(2015, 1, 10, 0, 0, 0, 0, time.UTC)

const (
	// npmDays is how many days are read one by one: as many as a back-fill has.
	npmDays = 100
	// npmSpan is how many days one answer covers at most, with room to spare.
	npmSpan = 500
)

func readNPM(ctx context.Context, r *reading) error {
	var about struct {
		Versions map[string]npmVersion `json:"versions" answer:"optional"`
		Time     map[string]any        `json:"time"` // of each version, of created and modified, and what was unpublished
	}
	switch err := r.get(ctx, 0, "/"+url.PathEscape(r.name), &about); {
	case errors.Is(err, web.ErrAbsent):
		return r.absent()
	case err != nil:
		return fmt.Errorf("the registry: %w", err)
	}
	created := r.Now
	for _, version := range slices.Sorted(maps.Keys(about.Time)) {
		text, _ := about.Time[version].(string)
		at, err := time.Parse(time.RFC3339, text)
		switch {
		case version == "modified" || version == "unpublished":
			continue
		case err != nil || at.Year() < 1990 || at.After(r.Now.Add(24*time.Hour)):
			r.refuse(answer.Lack{Where: "versions, " + short(version), Why: "cannot be of " + short(text)})
		case version == "created":
			created = at
		default:
			v, there := about.Versions[version]
			r.addVersion(version, at, v.isYanked() || !there)
		}
	}
	for _, version := range slices.Sorted(maps.Keys(about.Versions)) {
		if about.Time[version] == nil {
			r.refuse(answer.Lack{Where: "versions, " + short(version), Why: "has no time"})
		}
	}
	if len(r.found.Versions) == 0 {
		return fmt.Errorf("the registry names no version of %s", r.name)
	}
	if err := r.npmDownloads(ctx, created); err != nil {
		r.found.Uncounted = fmt.Sprintf("the registry's downloads: %v", err)
	}
	return nil
}

// npmDay is the downloads of a day.
type npmDay struct {
	Downloads int64  `json:"downloads"`
	Day       string `json:"day"`
}

// Check finds a date that is none.
func (d *npmDay) Check() error { return checkDay(d.Day) }

// npmDownloads reads the downloads by day up to yesterday, their sum, and those of
// each version. The registry tells yesterday's some hours after midnight, and says
// none until then: such a day is left out.
func (r *reading) npmDownloads(ctx context.Context, created time.Time) error {
	today := r.Now.UTC().Truncate(oneDay)
	from := today.AddDate(0, 0, -npmDays)
	var told struct {
		Downloads []npmDay `json:"downloads"`
	}
	if err := r.get(ctx, 1, "/downloads/range/"+span(from, today.AddDate(0, 0, -1))+"/"+r.name, &told); err != nil {
		return err
	}
	var sum int64
	until := from
	for i, d := range told.Downloads {
		at, good := r.day(d.Day, "downloads")
		if !good || at.Before(created.UTC().Truncate(oneDay)) || i == len(told.Downloads)-1 && d.Downloads == 0 {
			continue
		}
		r.addDay(at, "", "", d.Downloads)
		sum, until = sum+d.Downloads, at.Add(oneDay)
	}
	if r.Brief {
		return nil
	}
	before, err := r.npmSum(ctx, created, from)
	if err != nil {
		return err
	}
	r.addTotal("", sum+before)
	return r.npmVersions(ctx, until)
}

// npmSum adds up the downloads before a day.
func (r *reading) npmSum(ctx context.Context, created, until time.Time) (int64, error) {
	from := created.UTC().Truncate(oneDay)
	if from.Before(npmFirst) {
		from = npmFirst
	}
	var sum int64
	for ; from.Before(until); from = from.AddDate(0, 0, npmSpan) {
		last := from.AddDate(0, 0, npmSpan-1)
		if !last.Before(until) {
			last = until.AddDate(0, 0, -1)
		}
		var told struct {
			Downloads int64 `json:"downloads"`
		}
		if err := r.get(ctx, 1, "/downloads/point/"+span(from, last)+"/"+r.name, &told); err != nil {
			return 0, err
		}
		sum += told.Downloads
	}
	return sum, nil
}

// npmVersions reads the downloads of each version in the seven days before.
func (r *reading) npmVersions(ctx context.Context, until time.Time) error {
	var told struct {
		Downloads map[string]int64 `json:"downloads"`
	}
	if err := r.get(ctx, 1, "/versions/"+url.PathEscape(r.name)+"/last-week", &told); err != nil {
		return err
	}
	for _, version := range slices.Sorted(maps.Keys(told.Downloads)) {
		if version != "" {
			r.addSpan(version, until.AddDate(0, 0, -7), until, told.Downloads[version])
		}
	}
	return nil
}

// span is a span of days, the last one included.
func span(from, last time.Time) string {
	return from.Format(time.DateOnly) + ":" + last.Format(time.DateOnly)
}

// findNPM reads package.json. One that is private is not published.
func findNPM(repo Repo) (name, file string) {
	src, err := repo.read("package.json")
	if err != nil {
		return "", ""
	}
	if name := npmPackageOf(src); name != "" {
		return name, "package.json"
	}
	found := repo.member(workspacesOf(src), "package.json", npmPackageOf)
	return found.name, found.file
}

// npmPackageOf returns the name of the package that a package.json publishes,
// or "".
func npmPackageOf(src []byte) string {
	var about struct {
		Name    string `json:"name"`
		Private bool   `json:"private"`
	}
	if json.Unmarshal(src, &about) != nil || about.Private {
		return ""
	}
	return about.Name
}

// workspacesOf returns the folders of other packages that a package.json names: a
// list, or a list within an object.
func workspacesOf(src []byte) []string {
	var about struct {
		Workspaces json.RawMessage `json:"workspaces"`
	}
	var list []string
	var object struct {
		Packages []string `json:"packages"`
	}
	if json.Unmarshal(src, &about) != nil || len(about.Workspaces) == 0 {
		return nil
	}
	if json.Unmarshal(about.Workspaces, &list) == nil {
		return list
	}
	_ = json.Unmarshal(about.Workspaces, &object) // another shape names none
	return object.Packages
}
