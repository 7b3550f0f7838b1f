package publish

import (
	"testing"

	gh "github.com/google/go-github/v60/github"

	"github.com/aftercare/aftercare/actions/internal/change"
)

func TestOnlyLabelsThatThisStepCreatedArePainted(t *testing.T) {
	step := change.AddLabels{Labels: []string{"bug"}, Declared: []change.Label{{Name: "Bug", Color: "d73a4a", Description: "Broken"}, {Name: "other", Color: "ffffff"}}}
	for _, c := range []struct {
		name  string
		label gh.Label
		want  bool
	}{
		{"new, and declared", gh.Label{Name: gh.String("bug"), Color: gh.String("ededed")}, true},
		{"of another colour", gh.Label{Name: gh.String("bug"), Color: gh.String("ffffff")}, false},
		{"with a description", gh.Label{Name: gh.String("bug"), Color: gh.String("ededed"), Description: gh.String("x")}, false},
		{"not of this step", gh.Label{Name: gh.String("other"), Color: gh.String("ededed")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, found := declaredAs(&c.label, step); found != c.want || found && got.Color != "d73a4a" {
				t.Errorf("got %+v, %v; want %v", got, found, c.want)
			}
		})
	}
}
