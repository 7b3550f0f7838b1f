package answer

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzSplit holds the parts of objects and lists, at every depth, to what encoding/json
// makes of them.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, ` { "a" : 1 , "b":[ true,null , {"c":"}\"]"} ] } `, `[1,2.5e3,-4 ,"x"]`, `{"a":1,"a":2}`, `{"\u0061":"\\","é":[[[]]]}`,
		"{\"a\xff\":\"\xff\"}", `"text"`, `12`, `null`, `[{}, [ ] ,"",0]`, `{"":{"":""}}`, "[\n1\t,\r2]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if json.Valid(raw) {
			sameParts(t, raw)
		}
	})
}

func sameParts(t *testing.T, raw []byte) {
	t.Helper()
	var object map[string]json.RawMessage
	got, is := members(raw)
	if err := json.Unmarshal(raw, &object); (err == nil && object != nil) != is || len(got) != len(object) {
		t.Fatalf("members(%q) = %q, %t, want %q", raw, got, is, object)
	}
	for name, value := range object {
		if !bytes.Equal(got[name], value) {
			t.Fatalf("members(%q)[%q] = %q, want %q", raw, name, got[name], value)
		}
		sameParts(t, value)
	}
	var list []json.RawMessage
	all, is := entries(raw)
	if err := json.Unmarshal(raw, &list); (err == nil && list != nil) != is || len(all) != len(list) {
		t.Fatalf("entries(%q) = %q, %t, want %q", raw, all, is, list)
	}
	for i, value := range list {
		if !bytes.Equal(all[i], value) {
			t.Fatalf("entries(%q)[%d] = %q, want %q", raw, i, all[i], value)
		}
		sameParts(t, value)
	}
}
