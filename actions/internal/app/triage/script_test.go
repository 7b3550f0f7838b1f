package triage

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/aftercare/aftercare/actions/internal/fake"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each script is a story: what people do on GitHub, the runs that follow, and
// what everybody sees then. Its commands:
//
//	open AUTHOR FILE            an issue, its title on the first line
//	edit|label|unlabel|close …  what a person does to it
//	comment AUTHOR N TEXT
//	event ACTION N [FLAGS]      the run that the event starts
//	triage [FLAGS]              a run by hand
//	fail SERVER METHOD PATH N DO  the next N such requests fail
//	later DURATION              the world's clock goes on
//	show issue N | slack X | mail | requests | summary | outputs
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			rules, _ := os.ReadFile(filepath.Join(env.WorkDir, "rules.yaml"))
			s := newStage(env.T().(testing.TB), string(rules))
			s.env["GITHUB_WORKSPACE"] = env.WorkDir
			if len(rules) == 0 {
				src, err := os.ReadFile(filepath.Join(s.dir, "rules.yaml"))
				if err != nil {
					return err
				}
				write(env.T().(testing.TB), filepath.Join(env.WorkDir, "rules.yaml"), string(src))
			}
			env.Values["stage"] = &story{stage: s, t: env.T().(testing.TB)}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"open": told((*story).open), "edit": told((*story).edit), "label": told((*story).label), "unlabel": told((*story).unlabel),
			"close": told((*story).close), "comment": told((*story).comment), "event": told((*story).run), "triage": told((*story).byHand),
			"fail": told((*story).fail), "later": told((*story).later), "show": told((*story).show),
		},
	})
}

// story is a stage with the last run on it.
type story struct {
	*stage
	t    testing.TB
	last outcome
}

// told makes a command of a step: what it answers is its output, and a run
// that fails is a command that fails.
func told(step func(s *story, args []string) (string, error)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		for i, arg := range args {
			if src, err := os.ReadFile(ts.MkAbs(arg)); err == nil && strings.HasSuffix(arg, ".md") {
				args[i] = string(src)
			}
		}
		out, err := step(ts.Value("stage").(*story), args)
		fmt.Fprint(ts.Stdout(), out)
		if (err != nil) != neg {
			ts.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
}

func number(s string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(s, "#"))
	return n
}

func split(text string) (title, body string) {
	title, body, _ = strings.Cut(text, "\n")
	return title, strings.TrimSpace(body)
}

func (s *story) open(args []string) (string, error) {
	title, body := split(args[1])
	return fmt.Sprintf("#%d\n", s.repo.OpenIssue(args[0], title, body, args[2:]...)), nil
}

func (s *story) edit(args []string) (string, error) {
	title, body := split(args[2])
	s.repo.EditIssue(args[0], number(args[1]), title, body)
	return "", nil
}

func (s *story) label(args []string) (string, error) {
	s.repo.Label(args[0], number(args[1]), args[2])
	return "", nil
}

func (s *story) unlabel(args []string) (string, error) {
	s.repo.Unlabel(args[0], number(args[1]), args[2])
	return "", nil
}

func (s *story) close(args []string) (string, error) {
	s.repo.CloseIssue(args[0], number(args[1]))
	return "", nil
}

func (s *story) comment(args []string) (string, error) {
	s.repo.Comment(args[0], number(args[1]), args[2])
	return "", nil
}

func (s *story) run(args []string) (string, error) {
	s.last = s.event(s.t, args[0], number(args[1]), args[2:]...)
	return s.said()
}

func (s *story) byHand(args []string) (string, error) {
	s.last = s.stage.run(s.t, "workflow_dispatch", nil, args...)
	return s.said()
}

func (s *story) said() (string, error) {
	out := s.last.stdout + s.last.stderr
	if s.last.code != 0 {
		return out, fmt.Errorf("exit %d", s.last.code)
	}
	return out, nil
}

func (s *story) fail(args []string) (string, error) {
	for _, do := range fake.Faults() {
		if do.String() == args[4] {
			s.world.Fail(fake.Fault{On: args[0], Method: args[1], Path: args[2], Nth: 1, Times: number(args[3]), Do: do})
			return "", nil
		}
	}
	return "", fmt.Errorf("no fault is named %q", args[4])
}

func (s *story) later(args []string) (string, error) {
	d, err := time.ParseDuration(args[0])
	s.world.Advance(d)
	return "", err
}

func (s *story) show(args []string) (string, error) {
	switch args[0] {
	case "issue":
		return s.issue(number(args[1])), nil
	case "slack":
		return s.slack("#" + args[1]), nil
	case "mail":
		return s.mail(), nil
	case "summary":
		return s.last.summary, nil
	case "outputs":
		return fmt.Sprintf("labels=%s\nremoved=%s\nalerts=%s\n", s.last.outputs["labels"], s.last.outputs["removed"], s.last.outputs["alerts"]), nil
	case "requests":
		var b strings.Builder
		for _, r := range s.last.requests {
			if r.Server == "github" {
				fmt.Fprintf(&b, "%s %s\n", r.Method, r.Path)
			}
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("nothing is named %q", args[0])
}

// issue is an issue as people see it; of our comments the marker is left out.
func (s *story) issue(n int) string {
	i := s.repo.Issue(n)
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s\nlabels: %s\n", n, i.Title, strings.Join(i.Labels, ", "))
	for _, c := range i.Comments {
		body := c.Body
		if line, rest, found := strings.Cut(body, "\n"); found && strings.HasPrefix(line, "<!-- ") {
			body = rest
		}
		fmt.Fprintf(&b, "%s: %s\n", c.Author, body)
	}
	return b.String()
}

func (s *story) slack(channel string) string {
	var b strings.Builder
	for _, m := range s.world.Slack.Messages(channel) {
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

func (s *story) mail() string {
	var b strings.Builder
	for _, l := range s.world.Mail.Messages() {
		fmt.Fprintf(&b, "To: %s\nSubject: %s\n\n%s\n", l.Header("To"), l.Header("Subject"), strings.ReplaceAll(l.Text("text/plain"), "\r\n", "\n"))
	}
	return b.String()
}
