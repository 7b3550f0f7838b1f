package contract

import "github.com/getkin/kin-openapi/openapi3"

// loosen lets pass what GitHub really sends although its description does not
// say so: null as who did something, once the account is deleted (recorded
// histories are full of it), in every kind of event.
func (b *book) loosen() {
	for _, ref := range b.doc.Components.Schemas {
		if ref.Value == nil {
			continue
		}
		if actor := ref.Value.Properties["actor"]; actor != nil && ref.Value.Properties["event"] != nil {
			ref.Value.Properties["actor"] = nullable(actor)
		}
	}
}

func nullable(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	if ref.Value == nil {
		return ref
	}
	same := *ref.Value
	same.Nullable = true
	return openapi3.NewSchemaRef("", &same)
}
