package label

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/issuetext"
	"github.com/aftercare/aftercare/actions/internal/labelname"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/urgent"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// Vocabulary is the lists that rules may name.
type Vocabulary struct {
	Include model.Names    // lists that ship: urgent, languages/de
	Lists   wordlist.Lists // of the project, added to those
}

// Bind gives rules the vocabulary of their file.
func Bind(rules []Rule, v Vocabulary) {
	for i := range rules {
		rules[i].vocabulary = &v
	}
}

// Names returns the names of all lists.
func (v Vocabulary) Names() []string {
	all := wordlist.Lists{}
	for _, lists := range v.files() {
		for name := range lists {
			all[name] = nil
		}
	}
	return all.Names()
}

// has reports whether there is a list of a name. Of the included files it reads no more
// than it needs to.
func (v Vocabulary) has(name string) bool {
	if _, own := v.Lists[name]; own {
		return true
	}
	return slices.ContainsFunc(v.Include, func(file string) bool {
		lists, err := wordlist.Read(file)
		_, has := lists[name]
		return err == nil && has
	})
}

// lists returns the lists that are included with those of the project added.
func (v Vocabulary) lists() wordlist.Lists {
	all := wordlist.Lists{}
	for _, lists := range v.files() {
		all.Add(lists)
	}
	return all
}

// Prepare reads the files that are included, which the first text would wait for: a program
// calls it beside other work. No other call needs it.
func (v Vocabulary) Prepare() { v.files() }

// files reads the lists that are included, and returns those of the project last.
// Unknown names are left out: Validate reports them.
func (v Vocabulary) files() []wordlist.Lists {
	var all []wordlist.Lists
	for _, name := range v.Include {
		if lists, err := wordlist.Read(name); err == nil {
			all = append(all, lists)
		}
	}
	return append(all, v.Lists)
}

// Validate finds what is wrong with the lists themselves.
func (v Vocabulary) Validate() []diag.Mistake {
	return append(v.mistakes(), v.idleRemovals()...)
}

// idleRemovals finds the terms that are taken out of a list which has none like
// them, as where one is misspelt.
func (v Vocabulary) idleRemovals() []diag.Mistake {
	var found []diag.Mistake
	var shipped wordlist.Lists // read where a term is taken out
	for _, name := range v.Lists.Names() {
		for i, term := range v.Lists[name] {
			out, isRemoval := strings.CutPrefix(term, "-")
			if !isRemoval {
				continue
			}
			if shipped == nil {
				shipped = Vocabulary{Include: v.Include}.lists()
			}
			if !shipped.Has(name, out) {
				found = append(found, diag.At([]any{"lists", name, i}, "%q: the lists that are included have no such term in %q to take out", term, name))
			}
		}
	}
	return found
}

func (v Vocabulary) mistakes() []diag.Mistake {
	var found []diag.Mistake
	for i, name := range v.Include {
		if !slices.Contains(wordlist.Shipped(), name) {
			found = append(found, diag.At([]any{"include", i}, "%s", diag.Unknown("list", name, wordlist.Shipped())))
		}
	}
	for _, name := range v.Lists.Names() {
		if !isListName(name) {
			found = append(found, diag.At([]any{"lists", name}, "%q: the name of a list has small letters, digits, - and _ only", name))
		}
		for i, term := range v.Lists[name] {
			if strings.ContainsAny(term, "|~@…") || len(issuetext.Words(issuetext.Fold(strings.Trim(term, "-=*")))) == 0 {
				found = append(found, diag.At([]any{"lists", name, i}, "%q: a term of a list is a word or several in a row, =form or beginning*", term))
			}
		}
	}
	return found
}

// uses are what `use` may name.
var uses = []string{"urgent"}

// use finds what is wrong with a rule that weighs evidence.
func (v *validation) use(r Rule) {
	if r.Use == "" {
		if len(r.Doubt)+len(r.Words) > 0 {
			v.add(nil, "`doubt` and `words` stand beside `use`")
		}
		return
	}
	if !slices.Contains(uses, r.Use) {
		v.add([]any{"use"}, "%s", diag.Unknown("use", r.Use, uses))
	}
	v.names("doubt", r.Doubt)
	for name, points := range r.Words {
		if _, err := urgent.Normal(name); err != nil {
			v.add([]any{"words", name}, "%v", err)
		}
		if points < -maxPoints || points > maxPoints {
			v.add([]any{"words", name}, "%d: at most %d points are given", points, maxPoints)
		}
	}
}

// vocabulary prepares the lists that terms name, and the rules that weigh: both
// read their files when the first issue comes.
func (c *Rules) vocabulary() {
	var v *Vocabulary
	named := map[string]bool{}
	for i, r := range c.rules {
		if r.vocabulary != nil {
			v = r.vocabulary
		}
		if r.Use != "" {
			c.weighers[i] = &weigher{rule: r}
		}
		for _, t := range slices.Concat(r.Any, r.All, r.None) {
			for _, s := range t.steps {
				if s.list != "" {
					named[s.list] = true
				}
			}
		}
	}
	c.lists = sync.OnceValue(func() listed {
		l := listed{Lexicon: v.lexicon(named)}
		if l.Lexicon != nil {
			for _, name := range l.Names() {
				l.phrases = append(l.phrases, c.byList[name])
			}
		}
		return l
	})
}

// lexicon makes some of the lists ready; nil where there are none to be found.
func (v *Vocabulary) lexicon(named map[string]bool) *wordlist.Lexicon {
	if len(named) == 0 {
		return nil
	}
	used := wordlist.Lists{}
	if v != nil {
		for _, lists := range v.files() {
			for name := range named {
				if terms, has := lists[name]; has {
					used.Add(wordlist.Lists{name: terms})
				}
			}
		}
	}
	return wordlist.NewLexicon(used)
}

// UnknownLists returns the lists that terms of a rule name and a vocabulary
// lacks, each with the path of its term.
func (r Rule) UnknownLists(known Vocabulary) []diag.Mistake {
	var found []diag.Mistake
	check := func(key string, terms []Term) {
		for i, t := range terms {
			for _, s := range t.steps {
				if s.list != "" && !known.has(s.list) {
					found = append(found, diag.At([]any{key, i}, "%s", diag.Unknown("list", s.list, known.Names())))
				}
			}
		}
	}
	check("any", r.Any)
	check("all", r.All)
	check("none", r.None)
	return found
}

// weigher weighs for a rule; it reads the weights when the first text comes.
type weigher struct {
	rule   Rule
	once   sync.Once
	scorer *urgent.Scorer
	err    error
}

func (w *weigher) weigh(doc *issuetext.Document, issue model.Issue) urgent.Verdict {
	w.prepare()
	if w.err != nil { // the files ship with the program, and a test reads them all
		panic(w.err)
	}
	return w.scorer.Weigh(doc, issue)
}

func (w *weigher) prepare() {
	w.once.Do(func() {
		config := urgent.Config{Words: w.rule.Words}
		if v := w.rule.vocabulary; v != nil {
			config.Lists = v.Lists
			for _, name := range v.Include {
				if code, ok := strings.CutPrefix(name, "languages/"); ok {
					config.Languages = append(config.Languages, code)
				}
			}
		}
		w.scorer, w.err = urgent.New(config)
	})
}

// weighed is what a rule with Use gives to an issue.
type weighed struct {
	labels   model.Names
	doubt    bool // labels are those of Doubt
	evidence []urgent.Evidence
}

// maxEvidence is how many pieces of evidence a finding shows.
const maxEvidence = 5

// weigh returns the hit of a rule with Use, nil where the text neither pages
// nor is in doubt. Of the rule's labels those that are kinds, however they are
// written, are given for their kind, others for every text that pages.
func (r Reading) weigh(rule int, w *weigher, doc *issuetext.Document, issue model.Issue) *reason {
	v := w.weigh(doc, issue)
	var labels model.Names
	if v.Doubtful {
		labels = w.rule.Doubt
	} else if v.Pages {
		labels = kindLabels(w.rule.Label, v.Kinds)
	}
	if len(labels) == 0 {
		return nil
	}
	top := v.Evidence[:min(len(v.Evidence), maxEvidence)]
	r.weighed[rule] = weighed{labels, v.Doubtful, top}
	h := &reason{term: fmt.Sprintf("use: %s, %d points", w.rule.Use, v.Points)}
	var words []string
	for _, e := range top {
		words = append(words, e.String())
		if h.in == "" && e.In != "" {
			h.in, h.line = e.In, e.Line
		}
	}
	h.words = strings.Join(words, ", ")
	return h
}

func kindLabels(labels model.Names, kinds []string) model.Names {
	var given model.Names
	for _, l := range labels {
		if !means(urgent.Kinds, l) || means(kinds, l) {
			given = append(given, l)
		}
	}
	return given
}

// means reports whether a label is one of some kinds: "type: security" is
// security.
func means(kinds []string, label string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool { return labelname.Same(kind, label) })
}
