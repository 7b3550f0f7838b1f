// Package lazyregexp compiles regular expressions at their first use instead of at
// the start of the program. Most runs read no mail, and compiling the patterns of
// mail takes longer than labelling an issue.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression that is compiled when a method is called first. It
// is safe for use by several goroutines, as [regexp.Regexp] is.
type Regexp struct{ compiled func() *regexp.Regexp }

// all are the patterns of the program, in the order of their declaration.
var all []*Regexp

// New returns the regular expression of a pattern. It must be called while packages
// are initialized, so that [CompileAll] knows the pattern. A pattern that cannot be
// parsed panics at its first use.
func New(pattern string) *Regexp {
	r := &Regexp{compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })}
	all = append(all, r)
	return r
}

// CompileAll compiles each pattern of the program, for tests: it panics if one cannot
// be parsed.
func CompileAll() {
	for _, r := range all {
		r.compiled()
	}
}

// The methods below are those of [regexp.Regexp].

func (r *Regexp) Match(b []byte) bool            { return r.compiled().Match(b) }
func (r *Regexp) MatchString(s string) bool      { return r.compiled().MatchString(s) }
func (r *Regexp) Find(b []byte) []byte           { return r.compiled().Find(b) }
func (r *Regexp) FindString(s string) string     { return r.compiled().FindString(s) }
func (r *Regexp) FindSubmatch(b []byte) [][]byte { return r.compiled().FindSubmatch(b) }
func (r *Regexp) FindStringSubmatch(s string) []string {
	return r.compiled().FindStringSubmatch(s)
}
func (r *Regexp) FindStringSubmatchIndex(s string) []int {
	return r.compiled().FindStringSubmatchIndex(s)
}
func (r *Regexp) FindAllString(s string, n int) []string {
	return r.compiled().FindAllString(s, n)
}
func (r *Regexp) FindAllStringIndex(s string, n int) [][]int {
	return r.compiled().FindAllStringIndex(s, n)
}
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.compiled().FindAllStringSubmatch(s, n)
}
func (r *Regexp) ReplaceAll(src, repl []byte) []byte { return r.compiled().ReplaceAll(src, repl) }
func (r *Regexp) ReplaceAllString(src, repl string) string {
	return r.compiled().ReplaceAllString(src, repl)
}
func (r *Regexp) ReplaceAllStringFunc(src string, repl func(string) string) string {
	return r.compiled().ReplaceAllStringFunc(src, repl)
}
func (r *Regexp) ReplaceAllFunc(src []byte, repl func([]byte) []byte) []byte {
	return r.compiled().ReplaceAllFunc(src, repl)
}
