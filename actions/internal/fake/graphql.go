package fake

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// node is a thing that GraphQL can be asked about: its type and its fields. A
// field gives a scalar, a *node, a []*node, nil, or a graphError.
type node struct {
	kind   string
	is     []string // the interfaces that it satisfies, for fragments
	fields map[string]field
}

type field func(args map[string]any) any

// plain is a field without arguments.
func plain(value any) field { return func(map[string]any) any { return value } }

// ordered is a JSON object that keeps the order of the query, as GraphQL wants.
type ordered struct {
	names  []string
	values map[string]any
}

func (o *ordered) set(name string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, known := o.values[name]; !known {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// MarshalJSON writes the fields in their order.
func (o *ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(encode(name))
		b.WriteByte(':')
		if o.values[name] == nil {
			b.WriteString("null")
			continue
		}
		b.Write(encode(o.values[name]))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// graphError is what a field answers that cannot be answered.
type graphError struct {
	Type    string   `json:"type,omitempty"`
	Path    []string `json:"path,omitempty"`
	Message string   `json:"message"`
	// Never: the schema lets the field never be null, so what it is in is null.
	Never bool `json:"-"`
}

func refused(format string, args ...any) graphError {
	return graphError{Message: fmt.Sprintf(format, args...)}
}

func unresolved(format string, args ...any) graphError {
	return graphError{Type: "NOT_FOUND", Message: "Could not resolve to " + fmt.Sprintf(format, args...)}
}

func (g *GitHub) routesOfGraphQL() {
	g.handle("POST /graphql", "", g.answerQuery)
}

// answerQuery runs one document. What goes wrong inside it is told in the
// answer, with status 200, as GraphQL does.
func (g *GitHub) answerQuery(c *call) answer {
	var in struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	if no, good := g.decode(c, &in); !good {
		return no
	}
	document, err := parser.ParseQuery(&ast.Source{Input: in.Query})
	if err != nil {
		return graphRefusal(graphError{Message: err.Error()})
	}
	operation := document.Operations.ForName(in.OperationName)
	if operation == nil {
		return graphRefusal(graphError{Message: "No operation named \"" + in.OperationName + "\""})
	}
	run := &execution{hub: g, call: c, fragments: document.Fragments, variables: variables(operation, in.Variables)}
	root := g.query(c)
	if operation.Operation == ast.Mutation {
		if !g.permits[bearer(c.Request)].allows("issues: write|discussions: write") {
			return graphRefusal(graphError{Type: "FORBIDDEN", Message: "Resource not accessible by integration"})
		}
		root = g.mutation(c)
	}
	data := run.object(root, operation.SelectionSet, nil)
	if run.undefined {
		return graphRefusal(run.errors...)
	}
	var said ordered
	said.set("data", data)
	if len(run.errors) > 0 {
		said.set("errors", run.errors)
	}
	return ok(&said)
}

func graphRefusal(errors ...graphError) answer {
	return answer{status: http.StatusOK, body: map[string]any{"errors": errors}}
}

func variables(operation *ast.OperationDefinition, given map[string]any) map[string]any {
	all := map[string]any{}
	for _, v := range operation.VariableDefinitions {
		if value, found := given[v.Variable]; found {
			all[v.Variable] = value
		} else if v.DefaultValue != nil {
			all[v.Variable], _ = v.DefaultValue.Value(nil)
		}
	}
	return all
}

type execution struct {
	hub       *GitHub
	call      *call
	fragments ast.FragmentDefinitionList
	variables map[string]any
	errors    []graphError
	undefined bool // a field was asked for that is not simulated
	nothing   bool // a field failed that may never be null
}

func (x *execution) fail(path []string, kind, message string) {
	x.errors = append(x.errors, graphError{Type: kind, Path: slices.Clone(path), Message: message})
}

// object answers a selection of a node's fields.
func (x *execution) object(n *node, set ast.SelectionSet, path []string) any {
	out := &ordered{values: map[string]any{}}
	before := x.nothing
	x.nothing = false
	x.into(out, n, set, path)
	failed := x.nothing
	if x.nothing = before; failed {
		return nil
	}
	return out
}

func (x *execution) into(out *ordered, n *node, set ast.SelectionSet, path []string) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			out.set(s.Alias, x.field(n, s, append(path, s.Alias)))
		case *ast.InlineFragment:
			if n.matches(s.TypeCondition) {
				x.into(out, n, s.SelectionSet, path)
			}
		case *ast.FragmentSpread:
			if f := x.fragments.ForName(s.Name); f != nil && n.matches(f.TypeCondition) {
				x.into(out, n, f.SelectionSet, path)
			}
		}
	}
}

func (n *node) matches(kind string) bool {
	return kind == "" || kind == n.kind || slices.Contains(n.is, kind)
}

func (x *execution) field(n *node, s *ast.Field, path []string) any {
	if s.Name == "__typename" {
		return n.kind
	}
	answer := n.fields[s.Name]
	if answer == nil {
		x.undefined = true
		x.fail(path, "", fmt.Sprintf("Field '%s' doesn't exist on type '%s'", s.Name, n.kind))
		x.hub.world.noteUnknown(fmt.Sprintf("github: graphql: no such field: %s.%s", n.kind, s.Name))
		return nil
	}
	args := map[string]any{}
	for _, a := range s.Arguments {
		value, err := a.Value.Value(x.variables)
		if err != nil {
			x.fail(path, "", err.Error())
			return nil
		}
		args[a.Name] = value
	}
	return x.value(answer(args), s.SelectionSet, path)
}

func (x *execution) value(value any, set ast.SelectionSet, path []string) any {
	switch v := value.(type) {
	case graphError:
		x.fail(path, v.Type, v.Message)
		x.nothing = x.nothing || v.Never
		return nil
	case *node:
		if v == nil {
			return nil
		}
		return x.object(v, set, path)
	case []*node:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = x.value(one, set, append(path, strconv.Itoa(i)))
		}
		return list
	}
	return value
}

// connection is a list that is read by pages. Each entry's edge has the extra
// fields, if there are any.
func connection(name, kind string, all []*node, extra ...map[string]field) field {
	return func(args map[string]any) any {
		first, last := number(args["first"]), number(args["last"])
		if size := max(first, last); size > 100 {
			return refused("Requesting %d records on the `%s` connection exceeds the `first` limit of 100 records.", size, name)
		}
		from, until := shown(args, len(all))
		return connectionNode(kind, all, from, until, first+last > 0, name, extra)
	}
}

// shown is the part of a list of n entries that a question asks for. No other entry is
// looked at, so that it need not be made.
func shown(args map[string]any, n int) (from, until int) {
	first, last := number(args["first"]), number(args["last"])
	from, until = 0, n
	if after, isText := args["after"].(string); isText {
		from = min(place(after)+1, n)
	}
	if before, isText := args["before"].(string); isText {
		until = max(min(place(before), until), from)
	}
	if first > 0 {
		until = min(from+first, until)
	} else if last > 0 {
		from = max(until-last, from)
	}
	return from, until
}

func connectionNode(kind string, all []*node, from, until int, asked bool, name string, extra []map[string]field) *node {
	missing := refused("You must provide a `first` or `last` value to properly paginate the `%s` connection.", name)
	entries := func(list []*node) field {
		if !asked {
			return plain(missing)
		}
		return plain(list)
	}
	var edges []*node
	for i := from; i < until; i++ {
		edge := map[string]field{"cursor": plain(cursor(i)), "node": plain(all[i])}
		if len(extra) > i {
			for name, f := range extra[i] {
				edge[name] = f
			}
		}
		edges = append(edges, &node{kind: kind + "Edge", fields: edge})
	}
	info := map[string]field{
		"hasNextPage": plain(until < len(all)), "hasPreviousPage": plain(from > 0), "startCursor": plain(nil), "endCursor": plain(nil),
	}
	if until > from {
		info["startCursor"], info["endCursor"] = plain(cursor(from)), plain(cursor(until-1))
	}
	return &node{kind: kind + "Connection", fields: map[string]field{
		"totalCount": plain(len(all)), "nodes": entries(all[from:until]), "edges": entries(edges),
		"pageInfo": plain(&node{kind: "PageInfo", fields: info}),
	}}
}

func cursor(i int) string {
	return base64.StdEncoding.EncodeToString([]byte("cursor:" + strconv.Itoa(i)))
}

// place is where a cursor stands; one that is none stands before the first.
func place(cursor string) int {
	plain, _ := base64.StdEncoding.DecodeString(cursor)
	text, found := strings.CutPrefix(string(plain), "cursor:")
	if n, err := strconv.Atoi(text); found && err == nil {
		return n
	}
	return -1
}

// number reads an argument, which is an int64 from a literal and a float64 from
// a variable.
func number(value any) int {
	switch v := value.(type) {
	case int64:
		return int(v)
	case float64:
		return int(v)
	case json.Number:
		n, _ := v.Int64()
		return int(n)
	}
	return 0
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

func texts(value any) []string {
	list, _ := value.([]any)
	var all []string
	for _, one := range list {
		all = append(all, text(one))
	}
	return all
}
