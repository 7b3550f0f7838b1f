package contract_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/fake/contract"
)

// judge reads the descriptions, or skips the test where they are not.
func judge(t *testing.T) *contract.Judge {
	t.Helper()
	if _, err := os.Stat(filepath.Join(contract.Folder(), "openapi")); err != nil {
		t.Skip("the descriptions are not here: ", err)
	}
	j, err := contract.Read(contract.Folder())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// exchange is one as the world would tell it.
func exchange(server, method, url, asked string, status int, answer string) fake.Exchange {
	r, err := http.NewRequest(method, "http://127.0.0.1"+url, nil)
	if err != nil {
		panic(err)
	}
	if asked != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	return fake.Exchange{Server: server, Request: r, Asked: []byte(asked), Status: status, Header: header, Answer: []byte(answer)}
}

func TestBrokenExchangesAreNoticed(t *testing.T) {
	j := judge(t)
	const label = `{"id": 1, "node_id": "x", "url": "https://example.com", "name": "bug", "description": null, "color": "ffffff", "default": false}`
	query := func(q string) string { return `{"query": ` + quote(q) + `}` }
	for _, c := range []struct {
		name     string
		exchange fake.Exchange
		word     string // of the complaint; empty: there is none
	}{
		{"a right answer", exchange("github", "GET", "/repos/o/r/labels", "", 200, "["+label+"]"), ""},
		{"an answer without a field", exchange("github", "GET", "/repos/o/r/labels", "", 200, "["+strings.Replace(label, `"color": "ffffff", `, "", 1)+"]"), "color"},
		{"an answer with null where none may be", exchange("github", "GET", "/repos/o/r/labels", "", 200, "["+strings.Replace(label, `"bug"`, "null", 1)+"]"), "name"},
		{"an answer of another type", exchange("github", "GET", "/repos/o/r/labels", "", 200, "{}"), "array"},
		{"an answer with an address that is none", exchange("github", "GET", "/repos/o/r/labels", "", 200, "["+strings.Replace(label, "https://example.com", "a b", 1)+"]"), "url"},
		{"a spoiled answer is nobody's fault", faulty(exchange("github", "GET", "/repos/o/r/labels", "", 200, "{}")), ""},
		{"an unknown parameter", exchange("github", "GET", "/repos/o/r/issues?stat=open", "", 422, "{}"), "stat"},
		{"a parameter with a wrong value", exchange("github", "GET", "/repos/o/r/issues?state=shut", "", 200, "[]"), "state"},
		{"an unknown route", exchange("github", "GET", "/repos/o/r/nothing", "", 404, "{}"), "no such route"},
		{"a method that the route does not have", exchange("github", "DELETE", "/repos/o/r/issues/1", "", 200, "{}"), "no such route"},
		{"a body without what is required", exchange("github", "POST", "/repos/o/r/labels", `{"color": "ffffff"}`, 201, label), "name"},
		{"a body with an unknown field", exchange("github", "POST", "/repos/o/r/labels", `{"name": "bug", "colour": "ffffff"}`, 201, label), "colour"},
		{"a status that is not described", exchange("github", "POST", "/repos/o/r/labels", `{"name": "bug"}`, 200, label), "status 200"},
		{"a right query", exchange("github", "POST", "/graphql", query(`{ viewer { login } }`), 200, `{"data": {"viewer": {"login": "a"}}}`), ""},
		{"a query for a field that is none", exchange("github", "POST", "/graphql", query(`{ viewer { log } }`), 200, `{}`), "log"},
		{"a null that the schema forbids", exchange("github", "POST", "/graphql", query(`{ viewer { login } }`), 200, `{"data": {"viewer": {"login": null}}}`), "login: null"},
		{"a number where the schema has text", exchange("github", "POST", "/graphql", query(`{ viewer { login } }`), 200, `{"data": {"viewer": {"login": 1}}}`), "login"},
		{"a field that is not answered", exchange("github", "POST", "/graphql", query(`{ viewer { login } }`), 200, `{"data": {"viewer": {}}}`), "no login"},
		{"a registry's answer without a field", exchange("crates", "GET", "/api/v1/crates/caro/downloads", "", 200, `{"version_downloads": []}`), "meta"},
		{"a server without a description", exchange("slack", "GET", "/api/anything", "", 200, `{}`), ""},
	} {
		err := j.Check(c.exchange)
		if c.word == "" && err != nil || c.word != "" && (err == nil || !strings.Contains(err.Error(), c.word)) {
			t.Errorf("%s: got %v, want a complaint with %q", c.name, err, c.word)
		}
	}
}

func quote(s string) string { return `"` + s + `"` }

func faulty(x fake.Exchange) fake.Exchange {
	x.Faulty = true
	return x
}

// complaints is a test that only remembers what it was told.
type complaints struct {
	testing.TB
	errors, logs int
	ends         []func()
}

func (c *complaints) Helper()               {}
func (c *complaints) Errorf(string, ...any) { c.errors++ }
func (c *complaints) Logf(string, ...any)   { c.logs++ }
func (c *complaints) Cleanup(f func())      { c.ends = append(c.ends, f) }

func TestHoldFailsTheTestThatAsksWrongly(t *testing.T) {
	judge(t)
	w := fake.New(fake.Options{})
	defer w.Close()
	told := &complaints{}
	contract.Hold(told, w, "")
	get := func() {
		answer, err := http.Get(w.GitHub.URL + "/repos/caro/caro/issues?stat=open")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	get()
	for _, end := range told.ends {
		end()
	}
	get()
	if told.errors != 1 {
		t.Errorf("%d complaints; want one, and none after the test's end", told.errors)
	}
}

func TestHoldWithoutDescriptionsSaysSo(t *testing.T) {
	w := fake.New(fake.Options{})
	defer w.Close()
	told := &complaints{}
	contract.Hold(told, w, t.TempDir())
	if told.logs != 1 || told.errors != 0 {
		t.Errorf("%d sentences, %d complaints; want one and none", told.logs, told.errors)
	}
}
