// Package contract holds a simulated world to the descriptions that the real
// systems publish: every request that is sent to it and every answer that it
// gives. It is for tests, and stands apart so that no program links the
// validators. What the validators leave open it checks itself: a query
// parameter or a field of a body that the description does not know is an error.
package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// Folder is the folder of the descriptions' data: AFTERCARE_DATA, else
// ../shared/data beside the module. It may be absent.
func Folder() string {
	if set := os.Getenv("AFTERCARE_DATA"); set != "" {
		return set
	}
	at, err := os.Getwd()
	for err == nil && at != filepath.Dir(at) {
		if _, found := os.Stat(filepath.Join(at, "go.mod")); found == nil {
			return filepath.Join(at, "..", "shared", "data")
		}
		at = filepath.Dir(at)
	}
	return ""
}

// Hold makes the test fail for each exchange with the world, from now until the
// test ends, that breaks a description in the data folder (empty: Folder). A
// request is judged even where a fault spoiled its answer. Without the folder
// nothing is judged, and the log says so.
func Hold(t testing.TB, world *fake.World, dataFolder string) {
	t.Helper()
	if dataFolder == "" {
		dataFolder = Folder()
	}
	if _, err := os.Stat(filepath.Join(dataFolder, "openapi")); err != nil {
		t.Logf("the descriptions are not here (%v), so nothing is held to them", err)
		return
	}
	judge, err := open(dataFolder)
	if err != nil {
		t.Fatalf("read the descriptions: %v", err)
	}
	var mu sync.Mutex
	ended := false
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		ended = true
	})
	world.Watch(func(x fake.Exchange) {
		err := judge.Check(x)
		mu.Lock()
		defer mu.Unlock()
		if err != nil && !ended {
			t.Errorf("%s: %s %s answered %d: %v", x.Server, x.Request.Method, x.Request.URL.RequestURI(), x.Status, err)
		}
	})
}

// Judge knows the descriptions.
type Judge struct {
	books map[string]*book
	graph *graph
}

var opened sync.Map // by folder: a function that reads it once

func open(folder string) (*Judge, error) {
	read, _ := opened.LoadOrStore(folder, sync.OnceValues(func() (*Judge, error) { return Read(folder) }))
	return read.(func() (*Judge, error))()
}

// Read reads the descriptions of GitHub and of crates.io.
func Read(folder string) (*Judge, error) {
	hub, err := readBook(filepath.Join(folder, "openapi", "api.github.com.subset.json.gz"), openapi3.EnableFormatValidation(), openapi3.WithStringFormatValidator("uri", addresses{}))
	if err != nil {
		return nil, err
	}
	hub.loosen()
	crates, err := readBook(filepath.Join(folder, "openapi", "crates.io.json.gz"), openapi3.EnableJSONSchema2020())
	if err != nil {
		return nil, err
	}
	graph := &graph{file: filepath.Join(folder, "openapi", "github.schema.graphql.gz")}
	return &Judge{books: map[string]*book{"github": hub, "crates": crates}, graph: graph}, nil
}

// Check tells what is wrong with an exchange. Servers without a description are
// always right.
func (j *Judge) Check(x fake.Exchange) error {
	if x.Server == "github" && x.Request.URL.Path == "/graphql" {
		return j.graph.check(x)
	}
	if b := j.books[x.Server]; b != nil {
		return b.check(x)
	}
	return nil
}

// place is one path of a description, cut at its slashes.
type place struct {
	path  string
	parts []string
	item  *openapi3.PathItem
}

// book is one OpenAPI description.
type book struct {
	doc    *openapi3.T
	places []place
	more   []openapi3.SchemaValidationOption
}

func readBook(file string, more ...openapi3.SchemaValidationOption) (*book, error) {
	raw, err := gunzip(file)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	b := &book{doc: doc, more: more}
	for path, item := range doc.Paths.Map() {
		b.places = append(b.places, place{path, strings.Split(path, "/"), item})
	}
	slices.SortFunc(b.places, func(x, y place) int {
		return cmp.Or(cmp.Compare(y.fixed(), x.fixed()), strings.Compare(x.path, y.path))
	})
	return b, nil
}

func (p place) fixed() int {
	return len(p.parts) - strings.Count(p.path, "{")
}

// rest are the variables that take the rest of a path, slashes and all.
var rest = []string{"{path}", "{ref}"}

// match gives the variables of a path, or nil. A variable that takes the rest
// does so only as the last part.
func (p place) match(parts []string) map[string]string {
	vars := map[string]string{}
	for i, want := range p.parts {
		if i >= len(parts) {
			return nil
		}
		if strings.HasPrefix(want, "{") {
			vars[strings.Trim(want, "{}")] = parts[i]
			if i == len(p.parts)-1 && slices.Contains(rest, want) {
				vars[strings.Trim(want, "{}")] = cmp.Or(strings.Join(parts[i:], "/"), "/") // the root is a path too
				return vars
			}
			continue
		}
		if want != parts[i] {
			return nil
		}
	}
	if len(parts) != len(p.parts) {
		return nil
	}
	return vars
}

func (b *book) find(method, path string) (*routers.Route, map[string]string) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			parts[i] = plain
		}
	}
	for _, p := range b.places {
		operation := p.item.GetOperation(method)
		if operation == nil {
			continue
		}
		if vars := p.match(parts); vars != nil {
			return &routers.Route{Spec: b.doc, Path: p.path, PathItem: p.item, Method: method, Operation: operation}, vars
		}
	}
	return nil, nil
}

func (b *book) check(x fake.Exchange) error {
	route, vars := b.find(x.Request.Method, x.Request.URL.EscapedPath())
	if route == nil {
		return errors.New("the description has no such route")
	}
	if err := unknownParameter(route, x.Request.URL.Query()); err != nil {
		return err
	}
	if err := unknownField(route, x.Asked); err != nil {
		return err
	}
	asked := x.Request.Clone(context.Background())
	asked.Body = io.NopCloser(bytes.NewReader(x.Asked))
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, SchemaValidationOptions: b.more,
	}
	input := &openapi3filter.RequestValidationInput{Request: asked, PathParams: vars, Route: route, Options: options}
	if x.Status != http.StatusNotFound && x.Status != http.StatusUnprocessableEntity { // what was refused may well be wrong
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			return fmt.Errorf("the request: %w", short(err))
		}
	}
	return b.checkAnswer(x, input)
}

// checkAnswer holds an answer that is the server's own to the description. A
// refusal that it does not tell of is let pass: it tells of few.
func (b *book) checkAnswer(x fake.Exchange, input *openapi3filter.RequestValidationInput) error {
	if x.Faulty || x.Status == 0 || x.Status == http.StatusNotModified {
		return nil
	}
	responses := input.Route.Operation.Responses
	if responses.Status(x.Status) == nil && responses.Default() == nil {
		if x.Status < 400 {
			return fmt.Errorf("the answer: status %d is not described", x.Status)
		}
		return nil
	}
	if !strings.HasPrefix(x.Header.Get("Content-Type"), "application/json") && x.Status == http.StatusOK {
		return nil // raw content, asked for by Accept
	}
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: x.Status, Header: x.Header, Body: io.NopCloser(bytes.NewReader(x.Answer)), Options: input.Options,
	})
	if err != nil {
		return fmt.Errorf("the answer: %w", short(err))
	}
	return nil
}

// addresses knows the format uri, which the validator lets pass unseen.
type addresses struct{}

// Validate wants an address with a scheme.
func (addresses) Validate(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if u.Scheme == "" || strings.ContainsAny(text, " {}") {
		return fmt.Errorf("%q is no absolute address", text)
	}
	return nil
}

// short cuts the validator's words, which quote whole schemas.
func short(err error) error {
	text := err.Error()
	var schema *openapi3.SchemaError
	if errors.As(err, &schema) {
		text = fmt.Sprintf("at /%s: %s", strings.Join(schema.JSONPointer(), "/"), schema.Reason)
		if schema.Origin != nil {
			text += ": " + schema.Origin.Error()
		}
	}
	var request *openapi3filter.RequestError
	if errors.As(err, &request) && request.Parameter != nil {
		text = request.Parameter.Name + ": " + text
	}
	if len(text) > 600 {
		text = text[:600] + "…"
	}
	return errors.New(text)
}

func unknownParameter(route *routers.Route, query url.Values) error {
	for name := range query {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil && route.PathItem.Parameters.GetByInAndName("query", name) == nil {
			return fmt.Errorf("the request: %s has no query parameter %q", route.Path, name)
		}
	}
	return nil
}

// unknownField finds a field of a JSON object that no form of the body has.
func unknownField(route *routers.Route, body []byte) error {
	var fields map[string]json.RawMessage
	if route.Operation.RequestBody == nil || json.Unmarshal(body, &fields) != nil {
		return nil
	}
	media := route.Operation.RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	known := properties(media.Schema.Value)
	for name := range fields {
		if !known[name] {
			return fmt.Errorf("the request: the body of %s has no field %q", route.Path, name)
		}
	}
	return nil
}

func properties(s *openapi3.Schema) map[string]bool {
	all := map[string]bool{}
	for name := range s.Properties {
		all[name] = true
	}
	for _, list := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf, s.AllOf} {
		for _, one := range list {
			for name := range properties(one.Value) {
				all[name] = true
			}
		}
	}
	return all
}
