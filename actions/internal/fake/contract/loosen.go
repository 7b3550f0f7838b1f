package contract

import "github.com/getkin/kin-openapi/openapi3"

// loosen lets pass what GitHub really sends although its description does not
// say so: null as who did something, once the account is deleted (recorded
// histories are full of it), in every kind of event; and null as the description
// of a label without one, which only the schema of pull requests forgets. And it
// lets through what the prose of the description allows and its schema does not:
// labels for an issue as a plain array of names, as go-github sends them.
func (b *book) loosen() {
	names := openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema())
	if labels := b.doc.Paths.Value("/repos/{owner}/{repo}/issues/{issue_number}/labels"); labels != nil {
		for _, operation := range []*openapi3.Operation{labels.Post, labels.Put} {
			schema := operation.RequestBody.Value.Content.Get("application/json").Schema.Value
			schema.OneOf = append(schema.OneOf, openapi3.NewSchemaRef("", names))
		}
	}
	for _, ref := range b.doc.Components.Schemas {
		if ref.Value != nil && ref.Value.Properties["event"] != nil {
			allowNull(ref.Value.Properties, "actor")
		}
		if ref.Value == nil || ref.Value.Properties["labels"] == nil || ref.Value.Properties["labels"].Value.Items == nil {
			continue
		}
		allowNull(ref.Value.Properties["labels"].Value.Items.Value.Properties, "description")
	}
}

// allowNull changes the schema of one property, and not those that share it.
func allowNull(properties openapi3.Schemas, name string) {
	ref := properties[name]
	if ref == nil || ref.Value == nil {
		return
	}
	same := *ref.Value
	same.Nullable = true
	properties[name] = openapi3.NewSchemaRef("", &same)
}
