package config

import "testing"

// The commonest mistakes of YAML are explained, each at its own place, also where
// the library gives up elsewhere.
func TestParse_ExplainsMistakesOfYAML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a tab", "labels:\n  - {name: bug}\nrelease:\n\tproject: a\n", "rules.yaml:4:1: invalid YAML: a tab is used for indentation: use spaces"},
		{"a tab behind spaces", "release:\n  project: a\n  \tversion: b\n", "rules.yaml:3:3: invalid YAML: a tab is used for indentation: use spaces"},
		{"an unquoted >=", "metrics:\n  - id: crash_rate\n    target: >= 80%\n  - id: nps\n", "rules.yaml:3:13: invalid YAML: > begins a folded text at the start of a value: quote the value, as in '>= 80%'"},
		{"an unquoted >= in a flow mapping", "metrics:\n  - {id: nps, target: >= 40, priority: P1}\n  - {id: crash_rate}\n", "rules.yaml:2:23: invalid YAML: > begins a folded text at the start of a value: quote the value, as in '>= 40'"},
		{"an at sign", "labels: [{name: bug}]\nroutes:\n  - {label: bug, to: x, mention: @lena}\n", "rules.yaml:3:34: invalid YAML: @ is reserved at the start of a value: quote the value, as in '@lena'"},
		{"a list by its name", "triage:\n  - label: a\n    any:\n      - crash\n      - @secret sent\n", "rules.yaml:5:9: invalid YAML: @ is reserved at the start of a value: quote the value, as in '@secret sent'"},
		{"a star", "triage:\n  - {label: bug, any: [crash, *panic]}\n", "rules.yaml:2:31: invalid YAML: * refers to an anchor at the start of a value: quote the value, as in '*panic'"},
		{"a percent sign", "confidence: %95\n", "rules.yaml:1:13: invalid YAML: % is reserved for directives at the start of a value: quote the value, as in '%95'"},
		{"a channel in a flow mapping", "channels:\n  alerts: {slack: #alerts}\n  team: {email: [a@b.example]}\n", "rules.yaml:2:19: invalid YAML: # begins a comment at the start of a value: quote the value, as in '#alerts'"},
		{"a channel in a block", "channels:\n  alerts:\n    slack: #alerts\n  team: {email: [a@b.example]}\n", "rules.yaml:3:12: # begins a comment, so there is no value: quote it, as in '#alerts'"},
		{"a backtick", "reports:\n  path: `reports`\n", "rules.yaml:2:9: invalid YAML: ` is reserved at the start of a value: quote the value, as in '`reports`'"},
		{"a colon in a value", "labels:\n  - name: bug\n    description: Wrong: it breaks\n", "rules.yaml:3:18: invalid YAML: a colon and a space inside a value: quote the value, as in 'Wrong: it breaks'"},
		{"a bracket that is open", "labels:\n  - {name: bug\nroutes: []\n", "rules.yaml:2:5: invalid YAML: { without its closing }"},
		{"a tab behind a list", "triage:\n  - label: bug\n    any: [crash]\n\tnone: [course]\n", "rules.yaml:4:1: invalid YAML: a tab is used for indentation: use spaces"},
		{"a tab in the place of four spaces", "triage:\n  - label: bug\n\tany: [crash]\n", "rules.yaml:3:1: invalid YAML: a tab is used for indentation: use spaces"},
		{"no space behind a colon", "triage:\n  - label:bug\n    any: [crash]\n", "rules.yaml:2:10: invalid YAML: a space is missing behind the colon, as in label: bug"},
		{"too many spaces", "triage:\n  - label: bug\n     any: [crash]\n", "rules.yaml:3:6: invalid YAML: the line is indented by 5 spaces, expected 4 as the key above it"},
		{"too few spaces", "triage:\n  - label: bug\n any: [crash]\n", "rules.yaml:3:2: invalid YAML: the line is indented by 1 space, expected 4 as the key above it"},
		{"a byte of another encoding", "labels:\n  - {name: kaputt, description: f\xfcr alle}\n", "rules.yaml:2:34: invalid YAML: the byte 0xfc is not UTF-8: save the file as UTF-8"},
		{"a control character", "labels:\n  - {name: b\x00g}\n", "rules.yaml:2:13: invalid YAML: the control character U+0000 is not allowed: delete it"},
		{"a colon in an entry of a list", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any:\n      - error: cannot\n", "rules.yaml:5:9: a colon and a space inside a value: quote the value, as in 'error: cannot'"},
		{"an exclamation mark", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any: [!crash]\n", "rules.yaml:4:11: invalid YAML: ! names a tag at the start of a value: quote the value, as in '!crash'"},
		{"an ampersand", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any: [&crash]\n", "rules.yaml:4:11: & names an anchor, so there is no value: quote it, as in '&crash'"},
		{"an empty entry", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any:\n      - crash\n      -\n", "rules.yaml:6:8: an empty entry: write it, or delete it"},
		{"the quotes of a word processor", "channels:\n  alerts: {slack: ‘#alerts’}\n", "rules.yaml:2:19: ‘#alerts’ stands in typographic quotes, which YAML does not know: use ' or \""},
		{"spaces that are none", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any: [crash]\n    \u00a0in: [title]\n", "rules.yaml:5:5: a space that is no ordinary one stands before the key in: use ordinary spaces"},
		{"a word in the place of a list", "labels: [{name: bug}]\ntriage:\n  - label: bug\n    any: crash\n", "rules.yaml:4:10: expected a list here, as in [crash]"},
		{"a quote that is open", "labels:\n  - {name: bug}\n  - {name: 'crash}\nroutes: []\n", "rules.yaml:3:12: invalid YAML: ' without its closing '"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("rules.yaml", []byte(c.src))
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.(*Error).Mistakes()[0]; got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// What stands in a literal text is not valid YAML, and is not corrected.
func TestParse_ExplainsNothingInsideAText(t *testing.T) {
	_, err := Parse("rules.yaml", []byte("metrics:\n  - id: own\n    sql: |\n      SELECT 1 AS value -- >= 1, [*\n    title: [a\n"))
	if err == nil || err.(*Error).Mistakes()[0] != "rules.yaml:5:12: invalid YAML: [ without its closing ]" {
		t.Errorf("got %v", err)
	}
}
