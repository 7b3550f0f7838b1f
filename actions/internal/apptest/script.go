package apptest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

// Story is a stage with the last run on it.
type Story struct {
	*Stage
	T    testing.TB
	Last Outcome
}

// Step is a command of a script. What it returns is its output, and an error is a
// command that fails.
type Step func(s *Story, args []string) (string, error)

// steps are the commands of every script. Each program is one too: a run of it by
// hand, with flags.
//
//	open AUTHOR FILE            an issue, its title on the first line
//	edit|label|unlabel|close …  what a person does to it
//	comment AUTHOR N TEXT
//	role WHO ASSOCIATION        what somebody is to the repository: MEMBER
//	fail SERVER METHOD PATH N DO  the next N such requests fail
//	heal                        none fails any more
//	later DURATION              the world's clock goes on
//	clock TIME                  it is set, in the form of RFC 3339
//	show issue N | body N | slack X | mail | page NAME | requests | summary | outputs
var steps = map[string]Step{
	"open": open, "fail": fail, "heal": heal, "role": role, "later": later, "clock": clock, "show": show,
	"edit": person(func(s *Story, by string, n int, args []string) {
		title, body := split(args[0])
		s.Repo.EditIssue(by, n, title, body)
	}),
	"label":   person(func(s *Story, by string, n int, args []string) { s.Repo.Label(by, n, args[0]) }),
	"unlabel": person(func(s *Story, by string, n int, args []string) { s.Repo.Unlabel(by, n, args[0]) }),
	"close":   person(func(s *Story, by string, n int, _ []string) { s.Repo.CloseIssue(by, n) }),
	"comment": person(func(s *Story, by string, n int, args []string) { s.Repo.Comment(by, n, args[0]) }),
}

// Scripts plays the scripts in testdata. Each is a story: what people do on GitHub,
// the runs that follow, and what everybody sees then. The stage has the rules.yaml
// of the script, and the given rules where it has none; more are further commands.
func Scripts(t *testing.T, update bool, rules string, programs []Program, more map[string]Step) {
	all := maps.Clone(steps)
	for _, p := range programs {
		all[p.Name] = func(s *Story, args []string) (string, error) {
			return s.Play(p, map[string]string{"GITHUB_EVENT_NAME": "workflow_dispatch"}, args...)
		}
	}
	maps.Copy(all, more)
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for name, step := range all {
		commands[name] = command(step)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: update, Cmds: commands,
		Setup: func(env *testscript.Env) error {
			t := env.T().(testing.TB)
			own, err := os.ReadFile(filepath.Join(env.WorkDir, "rules.yaml"))
			if err != nil {
				own = []byte(rules)
			}
			s := NewStage(t, string(own))
			s.Dir, s.Env["GITHUB_WORKSPACE"] = env.WorkDir, env.WorkDir
			s.Put(t, "rules.yaml", string(own))
			env.Values["story"] = &Story{Stage: s, T: t}
			return nil
		},
	})
}

// command makes a command of a step. An argument that names a Markdown file stands
// for its text.
func command(step Step) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		for i, arg := range args {
			if src, err := os.ReadFile(ts.MkAbs(arg)); err == nil && strings.HasSuffix(arg, ".md") {
				args[i] = string(src)
			}
		}
		out, err := step(ts.Value("story").(*Story), args)
		fmt.Fprint(ts.Stdout(), out)
		if (err != nil) != neg {
			ts.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
}

// Play runs a program, and returns what it wrote.
func (s *Story) Play(p Program, env map[string]string, args ...string) (string, error) {
	s.Last = s.Run(s.T.Context(), s.T, p, env, args...)
	out := s.Last.Stdout + s.Last.Stderr
	if s.Last.Code != 0 {
		return out, fmt.Errorf("exit %d", s.Last.Code)
	}
	return out, nil
}

// Number is the number of an issue, as 7 or #7.
func Number(s string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(s, "#"))
	return n
}

func split(text string) (title, body string) {
	title, body, _ = strings.Cut(text, "\n")
	return title, strings.TrimSpace(body)
}

// person makes a step of what somebody does to an issue.
func person(do func(s *Story, by string, n int, args []string)) Step {
	return func(s *Story, args []string) (string, error) {
		do(s, args[0], Number(args[1]), args[2:])
		return "", nil
	}
}

func open(s *Story, args []string) (string, error) {
	title, body := split(args[1])
	return fmt.Sprintf("#%d\n", s.Repo.OpenIssue(args[0], title, body, args[2:]...)), nil
}

func fail(s *Story, args []string) (string, error) {
	all := fake.Faults()
	i := slices.IndexFunc(all, func(do fake.Do) bool { return do.String() == args[4] })
	if i < 0 {
		return "", fmt.Errorf("no fault is named %q", args[4])
	}
	s.World.Fail(fake.Fault{On: args[0], Method: args[1], Path: args[2], Nth: 1, Times: Number(args[3]), Do: all[i]})
	return "", nil
}

func heal(s *Story, _ []string) (string, error) {
	s.World.Heal()
	return "", nil
}

func role(s *Story, args []string) (string, error) {
	s.Repo.Role(args[0], args[1])
	return "", nil
}

func later(s *Story, args []string) (string, error) {
	d, err := time.ParseDuration(args[0])
	s.World.Advance(d)
	return "", err
}

func clock(s *Story, args []string) (string, error) {
	at, err := time.Parse(time.RFC3339, args[0])
	s.World.SetNow(at)
	return "", err
}

func show(s *Story, args []string) (string, error) {
	switch args[0] {
	case "issue":
		return s.issue(Number(args[1])), nil
	case "body":
		return s.Repo.Issue(Number(args[1])).Body + "\n", nil
	case "slack":
		return s.slack("#" + args[1]), nil
	case "mail":
		return s.mail(), nil
	case "page":
		return s.Report(args[1]), nil
	case "summary":
		return s.Last.Summary, nil
	case "outputs":
		return s.Last.Output, nil
	case "requests":
		var b strings.Builder
		for _, r := range s.Last.Requests {
			if r.Server == "github" {
				fmt.Fprintf(&b, "%s %s\n", r.Method, r.Path)
			}
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("nothing is named %q", args[0])
}

// issue is an issue as people see it; of our comments the marker is left out.
func (s *Story) issue(n int) string {
	i := s.Repo.Issue(n)
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\nlabels: %s\n", n, i.Title, strings.Join(i.Labels, ", "))
	if i.State != "open" {
		b.WriteString("state: " + i.State + "\n")
	}
	for _, c := range i.Comments {
		body := c.Body
		if line, rest, found := strings.Cut(body, "\n"); found && strings.HasPrefix(line, "<!-- ") {
			body = rest
		}
		fmt.Fprintf(&b, "%s: %s\n", c.Author, body)
	}
	return b.String()
}

func (s *Story) slack(channel string) string {
	var b strings.Builder
	for _, m := range s.World.Slack.Messages(channel) {
		if m.Thread != "" {
			b.WriteString("(in the thread)\n")
		}
		var blocks []struct {
			Text     struct{ Text string }
			Fields   []struct{ Text string }
			Elements []struct{ Text string }
		}
		_ = json.Unmarshal(m.Blocks, &blocks)
		for _, block := range blocks {
			if block.Text.Text != "" {
				b.WriteString(block.Text.Text + "\n")
			}
			for _, part := range append(block.Fields, block.Elements...) {
				b.WriteString("  " + strings.ReplaceAll(part.Text, "\n", "\n  ") + "\n")
			}
		}
	}
	return b.String()
}

func (s *Story) mail() string {
	var b strings.Builder
	for _, l := range s.World.Mail.Messages() {
		fmt.Fprintf(&b, "To: %s\nSubject: %s\n\n%s\n", l.Header("To"), l.Header("Subject"), strings.ReplaceAll(l.Text("text/plain"), "\r\n", "\n"))
	}
	return b.String()
}
