package collect

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// Releases and tags are read once, and again when they changed; of a tag without a
// release the commit tells the time.
func TestVersions_AreReleasesAndTags(t *testing.T) {
	world := fake.New(fake.Options{})
	t.Cleanup(world.Close)
	repo := world.GitHub.Repository
	watched := model.Release{Version: "v1.1.0", Follow: "1.1.*", Shipped: model.Date{Time: world.Now().Truncate(24 * time.Hour)}}
	repo.Release("lena", "v1.1.0", "", false)
	world.Advance(time.Hour)
	repo.Release("lena", "v1.1.1", "", false)
	repo.Tag("v1.1.2")
	repo.Tag("v1.2.0")
	s := newSync(t, world, newKeeper(), http.DefaultClient)
	var v Versions
	family := func() string {
		t.Helper()
		if err := v.Read(t.Context(), s.Hub, watched); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range watched.WithFamily(v.Published()).Family {
			if p.At.IsZero() {
				t.Errorf("%s has no time", p.Version)
			}
			names = append(names, p.Version)
		}
		return strings.Join(names, " ")
	}
	if got := family(); got != "v1.1.0 v1.1.2 v1.1.1" { // the commit that v1.1.2 names is the oldest
		t.Errorf("the family is %q", got)
	}
	before := len(world.Requests())
	family()
	again := world.Requests()[before:]
	if len(again) != 2 || again[0].Status != http.StatusNotModified || again[1].Status != http.StatusNotModified {
		t.Errorf("unchanged lists are read by %+v", again)
	}
	world.Advance(time.Hour)
	repo.Release("lena", "v1.1.2", "", false)
	if got := family(); got != "v1.1.0 v1.1.1 v1.1.2" {
		t.Errorf("with the release, the family is %q", got)
	}
}
