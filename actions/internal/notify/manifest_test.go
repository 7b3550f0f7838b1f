package notify

import (
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The app that people make from the manifest may do all that the hint about a
// missing scope asks for.
func TestSlack_ManifestHasTheScopes(t *testing.T) {
	src, err := os.ReadFile("../../docs/slack-app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var app struct {
		OAuth struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
	}
	if err := yaml.Unmarshal(src, &app); err != nil {
		t.Fatal(err)
	}
	hint := (&slackError{channel: "#a", cause: errText("missing_scope")}).Hint()
	for _, word := range strings.FieldsFunc(hint, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		if strings.Contains(word, ":") && !slices.Contains(app.OAuth.Scopes.Bot, word) {
			t.Errorf("the manifest lacks the scope %s", word)
		}
	}
	if len(app.OAuth.Scopes.Bot) < 3 {
		t.Errorf("the scopes are %q", app.OAuth.Scopes.Bot)
	}
}

type errText string

func (e errText) Error() string { return string(e) }
