package metric

import (
	"testing"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// A registry that does not answer takes what is counted over all with it, unless
// nobody named a package there; yanks are known where downloads alone are not.
func TestFacts_GapsOfRegistries(t *testing.T) {
	off := model.Gap{Source: "registries", Table: "npm", Reason: "no package is named", Off: true}
	down := model.Gap{Source: "registries", Table: "crates", Reason: "it is down"}
	uncounted := model.Gap{Source: "registries", Table: "pypi" + model.DownloadsPart, Reason: "no counts"}
	none := model.Gap{Source: "registries", Reason: "no package is named", Off: true}
	for _, c := range []struct {
		gaps   []model.Gap
		source string
		gone   bool
	}{
		{[]model.Gap{off}, "registries", false}, {[]model.Gap{off}, "versions", false}, {[]model.Gap{off}, "npm", true}, {[]model.Gap{off}, "crates", false},
		{[]model.Gap{off, down}, "registries", true}, {[]model.Gap{off, down}, "versions", true}, {[]model.Gap{off, down}, "crates", true}, {[]model.Gap{down}, "npm", false},
		{[]model.Gap{uncounted}, "registries", true}, {[]model.Gap{uncounted}, "versions", false}, {[]model.Gap{uncounted}, "pypi", true},
		{[]model.Gap{none, off}, "registries", true}, {[]model.Gap{none, off}, "versions", true}, {[]model.Gap{none}, "github", false},
	} {
		if got := (Facts{Gaps: c.gaps}).gone(c.source); got != c.gone {
			t.Errorf("%s with %+v: got %v", c.source, c.gaps, got)
		}
	}
}

func TestPythonForm(t *testing.T) {
	for version, want := range map[string]string{"1.1.0-beta": "1.1.0b0", "1.1.0-rc.2": "1.1.0rc2", "1.0.0": "1.0.0", "1.0.0-nightly": "1.0.0-nightly", "2.0-alpha1": "2.0a1"} {
		if got := pythonForm(version); got != want {
			t.Errorf("%s: got %s, want %s", version, got, want)
		}
	}
}
