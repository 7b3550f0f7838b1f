package model

import (
	"strings"
	"testing"
	"time"
)

func TestRelease_FollowIsAPattern(t *testing.T) {
	for follow, valid := range map[string]bool{"": true, "1.1.*": true, "v1.1.*": true, "newer": true, "1.1.1-beta": true, "*": false, "1.*.2": false, "latest": false, "1.1.* ": false} {
		r := Release{Project: "Caro", Version: "v1.1.0", Shipped: Date{time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)}, Follow: follow}
		found := r.Validate()
		if valid != (len(found) == 0) || len(found) > 0 && !strings.Contains(found[0].Text, "must be newer or a pattern") {
			t.Errorf("%q: %v", follow, found)
		}
	}
}

func at(day int) time.Time { return time.Date(2026, 1, day, 9, 0, 0, 0, time.UTC) }

// The family is found in releases, tags and registries, each version once.
func TestRelease_Family(t *testing.T) {
	watched := Release{Project: "Caro", Version: "v1.1.0-beta", Shipped: Date{time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)}, Follow: "1.1.*"}
	got := watched.WithFamily([]Published{
		{Version: "1.1.1-beta", At: at(26)}, {Version: "v1.1.1-beta", At: at(27), Release: true}, {Version: "v1.1.0-alpha", At: at(25)},
		{Version: "v1.2.0", At: at(28)}, {Version: "v1.1.0", At: at(29)}, {Version: "v1.1.2-beta", At: at(23)}, {Version: "nightly", At: at(30)}, {Version: "v1.1.0-beta", At: at(25)},
	})
	var names []string
	for _, p := range got.Family {
		names = append(names, p.Version)
	}
	if strings.Join(names, " ") != "v1.1.0-beta v1.1.1-beta v1.1.0" {
		t.Errorf("the family is %q", names)
	}
	if got.Newest().Version != "v1.1.0" {
		t.Errorf("the newest is %+v", got.Newest())
	}
	if alone := (Release{Version: "v1.1.0-beta"}).Newest().Version; alone != "v1.1.0-beta" {
		t.Errorf("of one version the newest is %q", alone)
	}
}

// The next release is a published one outside the family; of a final release a
// preview is none.
func TestRelease_NextOf(t *testing.T) {
	published := []Published{
		{Version: "v1.2.0-rc.1", At: at(26), Release: true, Preview: true}, {Version: "v1.1.1", At: at(26), Release: true},
		{Version: "v1.3.0", At: at(27)}, {Version: "v1.0.9", At: at(27), Release: true},
	}
	for _, c := range []struct{ version, follow, want string }{
		{"v1.1.0", "1.1.*", ""}, {"v1.1.0", "", "v1.1.1"}, {"v1.1.0-beta", "1.1.*", "v1.2.0-rc.1"}, {"v1.1.0", "newer", ""}, {"latest", "", ""},
	} {
		r := Release{Version: c.version, Follow: c.follow, Shipped: Date{at(24)}}.WithFamily(published)
		if next, found := r.NextOf(published); found != (c.want != "") || found && next.Version != c.want {
			t.Errorf("%s, follow %q: %+v, %v", c.version, c.follow, next, found)
		}
	}
}

// Tags of a repository with several packages name theirs; another package's version
// is neither a hot-fix nor the next release.
func TestRelease_FamilyOfOnePackage(t *testing.T) {
	published := []Published{{Version: "cli@1.1.1", At: at(26), Release: true}, {Version: "lib@1.1.2", At: at(27), Release: true}, {Version: "lib@2.0.0", At: at(27), Release: true}, {Version: "1.1.1", At: at(25)}, {Version: "cli@1.2.0", At: at(28), Release: true}}
	r := Release{Version: "cli@1.1.0", Follow: "1.1.*", Shipped: Date{at(24)}}.WithFamily(published)
	if len(r.Family) != 2 || r.Newest().Version != "cli@1.1.1" {
		t.Errorf("the family is %+v", r.Family)
	}
	if next, found := r.NextOf(published); !found || next.Version != "cli@1.2.0" {
		t.Errorf("the next is %+v, %v", next, found)
	}
}

func TestRelease_PhasesByWeek(t *testing.T) {
	r := Release{Project: "Caro", Version: "1", Shipped: Date{time.Date(2026, 1, 24, 0, 0, 0, 0, time.UTC)}, Phases: []Phase{{Name: "Launch", Week: 1}, {Name: "Pre-GA", Week: 3}}}
	r.Resolve()
	if got := r.Phases[0].Until.String() + " " + r.Phases[1].Until.String(); got != "2026-01-30 2026-02-13" || len(r.Validate()) > 0 {
		t.Errorf("got %s, %v", got, r.Validate())
	}
	for _, wrong := range []Phase{{Name: "A"}, {Name: "A", Week: -1}, {Name: "A", Week: 105}, {Name: "A", Week: 1, Until: Date{at(25)}}} {
		r.Phases = []Phase{wrong}
		if len(r.Validate()) != 1 {
			t.Errorf("%+v: %v", wrong, r.Validate())
		}
	}
}
