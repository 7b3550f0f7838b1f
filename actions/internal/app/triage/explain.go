package triage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/label"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/redact"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// explainer labels texts as triage would label new issues with them. It needs
// no token and no network.
type explainer struct {
	labeler *app.Labeler
	book    *config.Book
}

// given is a text to label: a line of standard input, or -title and -body.
type given struct {
	ID    json.RawMessage `json:"id"` // any JSON value; it is printed as it came
	Title string          `json:"title"`
	Body  string          `json:"body"`
}

// explanation is what a text earns, as -json prints it.
type explanation struct {
	ID     json.RawMessage `json:"id"`
	Labels []earned        `json:"labels"`
	Notify []string        `json:"notify"` // channels, in the order of the routes
}

// earned is a label of a text with its reason. Rule counts from 1, as the
// summary does. Words are the author's own, redacted; a label that follows
// from other labels has none.
type earned struct {
	Label string `json:"label"`
	Rule  int    `json:"rule"`
	Term  string `json:"term"`
	Words string `json:"words"`
	Place string `json:"place"` // title or body
	at    string // where the rule stands: rules.yaml:52
}

// explain labels the text of -title and -body, or each line of standard input,
// and prints one explanation for each.
func explain(env *runner.Env, book *config.Book) error {
	e := explainer{app.NewLabeler(book, app.Templates(env), nil), book}
	out := bufio.NewWriter(env.Stdout)
	print := func(g given) error { return e.print(out, e.explain(g), env.Input("json") == "true") }
	var err error
	if env.Input("title") != "" || env.Input("body") != "" {
		err = print(given{Title: env.Input("title"), Body: env.Input("body")})
	} else {
		err = eachGiven(piped(env.Stdin), print)
	}
	return errors.Join(err, out.Flush())
}

// piped is standard input where it is a pipe or a file; nil where it is a terminal,
// or another device, from which nobody means to give texts.
func piped(stdin io.Reader) io.Reader {
	if file, is := stdin.(interface{ Stat() (fs.FileInfo, error) }); is {
		if info, err := file.Stat(); err == nil && info.Mode()&fs.ModeCharDevice != 0 {
			return nil
		}
	}
	return stdin
}

// maxLine is the length of the longest line of input, in bytes: an issue of
// 65,536 characters, each written as an escape.
const maxLine = 2 << 20

// eachGiven reads JSON Lines. It stops at the first line that is none, and
// names it.
func eachGiven(from io.Reader, do func(given) error) error {
	if from == nil {
		return runner.Usage(`nothing to explain: give -title "…" and -body "…", or texts on standard input, a line of JSON for each: {"id": …, "title": "…", "body": "…"}`)
	}
	lines, number := bufio.NewScanner(from), 0
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var g given
		if err := json.Unmarshal(line, &g); err != nil {
			return runner.Usage(`standard input, line %d: expected {"id": …, "title": "…", "body": "…"}: %v`, number, err)
		}
		if err := do(g); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read standard input, line %d: %w", number+1, err)
	}
	return nil
}

// explain decides as for an issue that was opened just now and has no past.
func (e explainer) explain(g given) explanation {
	issue := model.Issue{Title: g.Title, Body: g.Body, State: "open", Association: "NONE"}
	decision := e.labeler.Label(issue, model.History{})
	why := explanation{ID: g.ID, Labels: []earned{}, Notify: []string{}}
	if why.ID == nil {
		why.ID = json.RawMessage("null")
	}
	for _, f := range decision.Add {
		why.Labels = append(why.Labels, e.earned(f))
	}
	for _, due := range e.labeler.Due(issue, decision, model.History{}) {
		if !slices.Contains(why.Notify, due.Channel) {
			why.Notify = append(why.Notify, due.Channel)
		}
	}
	return why
}

func (e explainer) earned(f label.Finding) earned {
	why := earned{Label: f.Label, Rule: f.Rule + 1, Term: f.Term, Words: redact.Text(f.Words), Place: f.In, at: e.book.RuleAt(f.Rule)}
	if len(f.From) > 0 {
		why.Term = "follows from " + strings.Join(f.From, ", ")
	}
	return why
}

func (e explainer) print(out *bufio.Writer, why explanation, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(why); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		return nil
	}
	var b strings.Builder
	if id := string(why.ID); id != "null" {
		fmt.Fprintf(&b, "%s\n", runner.OneLine(strings.Trim(id, `"`)))
	}
	if len(why.Labels) == 0 {
		b.WriteString("  no label\n")
	}
	for _, l := range why.Labels {
		fmt.Fprintf(&b, "  %-16s rule %d%s, %s\n", l.Label, l.Rule, l.because(), l.at)
	}
	if len(why.Notify) > 0 {
		fmt.Fprintf(&b, "  notify           %s\n", strings.Join(why.Notify, ", "))
	}
	if _, err := out.WriteString(b.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// because is the reason of a label in one line, with a comma before it.
func (e earned) because() string {
	switch {
	case e.Words != "":
		return fmt.Sprintf(", %q in the %s (%s)", runner.OneLine(e.Words), e.Place, e.Term)
	case e.Term != "":
		return ", " + e.Term
	}
	return ""
}
