package contract

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// graph is GitHub's GraphQL schema; it is long, and read when the first query
// comes.
type graph struct {
	file   string
	once   sync.Once
	schema *ast.Schema
	err    error
}

// check validates the query, its variables' names included, and that the data
// of the answer has the shape that the query asks for.
func (g *graph) check(x fake.Exchange) error {
	g.once.Do(g.read)
	if g.err != nil {
		return g.err
	}
	var asked struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.Unmarshal(x.Asked, &asked); err != nil {
		return fmt.Errorf("the request: %w", err)
	}
	document, err := gqlparser.LoadQueryWithRules(g.schema, asked.Query, rules.NewDefaultRules())
	if err != nil {
		return fmt.Errorf("the request: %w", err)
	}
	if x.Faulty || x.Status != 200 {
		return nil
	}
	var said struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(x.Answer, &said); err != nil {
		return fmt.Errorf("the answer: %w", err)
	}
	if said.Data == nil {
		return nil
	}
	if err := shaped(said.Data, document.Operations[0].SelectionSet, g.schema); err != nil {
		return fmt.Errorf("the answer: %w", err)
	}
	return nil
}

func (g *graph) read() {
	raw, err := gunzip(g.file)
	if err != nil {
		g.err = err
		return
	}
	g.schema, g.err = gqlparser.LoadSchema(&ast.Source{Name: "github", Input: string(raw)})
}

// shaped holds an object to a selection: each field is there, null only where
// the schema allows it, a list where it wants one.
func shaped(object map[string]json.RawMessage, set ast.SelectionSet, schema *ast.Schema) error {
	for _, selection := range set {
		field, isField := selection.(*ast.Field)
		if !isField || field.Definition == nil {
			continue // a fragment may not apply
		}
		value, found := object[field.Alias]
		if !found {
			return fmt.Errorf("no %s", field.Alias)
		}
		if err := fits(value, field.Definition.Type, field, schema); err != nil {
			return fmt.Errorf("%s: %w", field.Alias, err)
		}
	}
	return nil
}

func fits(value json.RawMessage, kind *ast.Type, field *ast.Field, schema *ast.Schema) error {
	if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
		if kind.NonNull {
			return fmt.Errorf("null, and the schema says %s", kind)
		}
		return nil
	}
	if kind.Elem != nil {
		var list []json.RawMessage
		if err := json.Unmarshal(value, &list); err != nil {
			return fmt.Errorf("no list, and the schema says %s", kind)
		}
		for _, one := range list {
			if err := fits(one, kind.Elem, field, schema); err != nil {
				return err
			}
		}
		return nil
	}
	definition := schema.Types[kind.NamedType]
	if definition.Kind == ast.Enum {
		var word string
		if json.Unmarshal(value, &word) != nil || definition.EnumValues.ForName(word) == nil {
			return fmt.Errorf("%s is no %s", value, kind.NamedType)
		}
		return nil
	}
	if len(field.SelectionSet) == 0 {
		return scalar(value, kind.NamedType)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(value, &object); err != nil {
		return fmt.Errorf("no object, and the schema says %s", kind)
	}
	return shaped(object, field.SelectionSet, schema)
}

func scalar(value json.RawMessage, kind string) error {
	into := map[string]any{"Int": new(int32), "Boolean": new(bool), "Float": new(float64)}[kind]
	if into == nil {
		into = new(string)
	}
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s is no %s", value, kind)
	}
	return nil
}

func gunzip(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return io.ReadAll(unzipped)
}
