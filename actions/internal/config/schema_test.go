package config

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/collect/registry"
	"github.com/aftercare/aftercare/actions/internal/model"
)

// schemaFile is the description of rules.yaml for editors; the first line of
// rules.yaml names it.
const schemaFile = "rules.schema.json"

func TestTheSchemaIsThatOfTheTypes(t *testing.T) {
	got := schema(t)
	if *update {
		if err := os.WriteFile(schemaFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaFile)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s is not that of the types (%v): make update", schemaFile, err)
	}
}

func TestTheSchemaKnowsEveryKey(t *testing.T) {
	var doc struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(schema(t), &doc); err != nil {
		t.Fatal(err)
	}
	for key := range fieldsOf(reflect.TypeFor[Book]()) {
		if doc.Properties[key] == nil {
			t.Errorf("the schema lacks %q", key)
		}
	}
}

func schema(t *testing.T) []byte {
	t.Helper()
	r := &jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, RequiredFromJSONSchemaTags: true, Mapper: asPeopleWrite}
	if err := r.AddGoComments(reflect.TypeFor[Book]().PkgPath(), "..", jsonschema.WithFullComment()); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(&Book{})
	s.ID, s.Title, s.Description = "", "rules.yaml of Aftercare", ""
	describe(s)
	for _, def := range s.Definitions {
		def.Description = "" // what a type is for Go, not for rules.yaml
		describe(def)
	}
	src, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(src, '\n')
}

// describe turns the comments of Go fields, which begin with the field's name,
// into descriptions of keys: "Until is the last day" becomes "The last day".
func describe(s *jsonschema.Schema) {
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		words := strings.Join(strings.Fields(pair.Value.Description), " ")
		first, rest, _ := strings.Cut(words, " ")
		if strings.EqualFold(first, strings.ReplaceAll(pair.Key, "_", "")) && !strings.HasPrefix(rest, "of ") {
			for _, verb := range []string{"is ", "are "} {
				rest = strings.TrimPrefix(rest, verb)
			}
			words = strings.ToUpper(rest[:1]) + rest[1:]
		}
		pair.Value.Description = words
	}
}

// A key without a description is one that editors cannot explain.
func TestSchema_DescribesEveryKey(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(schema(t), &doc); err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{"rules.yaml": doc}
	for name, def := range doc["$defs"].(map[string]any) {
		objects[name] = def
	}
	for name, object := range objects {
		properties, _ := object.(map[string]any)["properties"].(map[string]any)
		for key, property := range properties {
			about, _ := property.(map[string]any)
			words, _ := about["description"].(string)
			if len(words) < 10 || !strings.HasSuffix(words, ".") && !strings.Contains(words, ":") {
				t.Errorf("%s: the key %s has no description: write a comment on its Go field, got %q", name, key, words)
			}
		}
	}
}

// registriesSchema lists the registries.
func registriesSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, r := range registry.All() {
		s.Properties.Set(r.Name, &jsonschema.Schema{
			OneOf:       []*jsonschema.Schema{{Type: "string"}, {Type: "array", Items: &jsonschema.Schema{Type: "string"}}},
			Description: r.Title + ": " + r.Tells + ".", Examples: []any{r.Example},
		})
	}
	return s
}

// asPeopleWrite gives types with a form of their own in YAML their schema.
func asPeopleWrite(t reflect.Type) *jsonschema.Schema {
	text := func(pattern, words string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Pattern: pattern, Description: words}
	}
	switch t {
	case reflect.TypeFor[model.Names]():
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, {Type: "array", Items: &jsonschema.Schema{Type: "string"}}}, Description: "One name, or a list of names"}
	case reflect.TypeFor[Registries]():
		return registriesSchema()
	case reflect.TypeFor[model.Duration]():
		return text(`^([0-9]+[wdhms])+$`, "A length of time: 15m, 1h, 3d, 1d12h")
	case reflect.TypeFor[alert.RespondBy]():
		return text(`^([0-9]+[wdhms])+$|^end of day$`, "A length of time such as 15m, 1h or 3d, or end of day")
	case reflect.TypeFor[model.Hours]():
		return text(`^[A-Za-z]{3}(\s*[-–]\s*[A-Za-z]{3})?\s+\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}(\s+\S+)?$`, "Days, times and a time zone: Mon–Fri 09:00–18:00 Europe/Berlin")
	case reflect.TypeFor[model.Zone]():
		return text("", "A time zone: Europe/Berlin, UTC")
	case reflect.TypeFor[model.Date]():
		return text(`^\d{4}-\d{2}-\d{2}$`, "A day: 2026-01-24")
	}
	if t.Kind() != reflect.Struct && reflect.PointerTo(t).Implements(unmarshaler) || t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(unmarshaler) && !strings.Contains(t.Name(), "Definition") {
		return &jsonschema.Schema{Description: "A word, a phrase, a number or an expression"}
	}
	return nil
}
