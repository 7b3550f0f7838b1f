package config

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/alert"
)

// Handle is a mention of a route by a name, of which Slack would notify nobody.
type Handle struct {
	Place string // rules.yaml:14:7
	Name  string // as the file has it, such as @ann
}

// Handles returns the handles that the routes of a file mention, also where the file
// has mistakes; none where it cannot be read.
func Handles(files fs.FS, name string) []Handle {
	src, err := fs.ReadFile(files, path.Clean(strings.TrimPrefix(name, "./")))
	var doc yaml.Node
	if err != nil || len(src) > maxBytes || yaml.Unmarshal(src, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	var all []Handle
	for i := 0; ; i++ {
		trail := find(doc.Content[0], []any{"routes", i, "mention"})
		if len(trail) < 3 { // there is no such route
			return all
		}
		n := trail[len(trail)-1]
		if len(trail) == 4 && n.Kind == yaml.ScalarNode && n.Value != "" && !alert.IsMention(n.Value) {
			all = append(all, Handle{fmt.Sprintf("%s:%d:%d", name, n.Line, n.Column), n.Value})
		}
	}
}
