package runner

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"runtime"
	"strings"

	"github.com/sethvargo/go-githubactions"
)

// commands speaks to the runner: by workflow commands in the log, and by the
// files that it reads when the step ends. This file holds every use of
// go-githubactions, and only the safe part of it, which arch_test.go checks:
//
//   - its package functions write to os.Stdout past the redactor, so each
//     Action gets a writer and an environment of ours;
//   - SetOutput, SetEnv and SaveState end a value at a fixed delimiter, which
//     a value can contain, so outputs are written as one checked line;
//   - it panics where it cannot write, so each call goes through attempt;
//   - its Context reads the event without a limit, so contextOf hides the file
//     and readEvent reads it;
//   - its messages are formats, so each text is passed as an argument of "%s".
type commands struct {
	action *githubactions.Action
	getenv func(string) string
	live   bool            // a runner reads the log
	broken map[string]bool // variables of files that cannot be opened; one warning is enough
}

// newCommands returns the commands of a process that writes its log to a writer
// that redacts.
func newCommands(getenv func(string) string, log io.Writer) *commands {
	return &commands{
		action: githubactions.New(githubactions.WithWriter(log), githubactions.WithGetenv(getenv)),
		getenv: getenv,
		live:   contextOf(getenv).Actions,
		broken: map[string]bool{},
	}
}

// onRunner reports whether a runner reads the log. It is false for nil.
func (c *commands) onRunner() bool { return c != nil && c.live }

// attempt runs f, and returns the error with which go-githubactions panicked.
// A fault of the program stays a panic.
func attempt(f func()) (err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case runtime.Error:
			panic(cause)
		case error:
			err = cause
		default:
			panic(cause)
		}
	}()
	f()
	return nil
}

// warn shows one line as a warning of the run, in the file where the line begins
// with a place. A log that cannot be written is no reason to end a run, here and
// below.
func (c *commands) warn(line string) {
	if c.onRunner() {
		action := c.at(line)
		_ = attempt(func() { action.Warningf("%s", line) })
	}
}

var placeForm = regexp.MustCompile(`^([A-Za-z0-9._/-]+):([0-9]+):([0-9]+): `)

// fail shows one line as an error of the run, in the file where the line begins
// with a place such as "rules.yaml:3:14: ".
func (c *commands) fail(line string) {
	action := c.at(line)
	_ = attempt(func() { action.Errorf("%s", line) })
}

// at is the action that annotates the place with which a line begins.
func (c *commands) at(line string) *githubactions.Action {
	if m := placeForm.FindStringSubmatch(line); m != nil {
		return c.action.WithFieldsMap(map[string]string{"file": m[1], "line": m[2], "col": m[3]})
	}
	return c.action
}

// group shows lines folded under a title. Each line must be one line already,
// and begin with no workflow command.
func (c *commands) group(title string, lines []string) {
	_ = attempt(func() {
		c.action.Group(title)
		for _, line := range lines {
			c.action.Infof("%s", line)
		}
		c.action.EndGroup()
	})
}

// addMasks asks the runner to hide values in the log of the whole job. The
// writer must not redact, or the runner would learn the word "[secret]"; a
// runner does not show the command. It reads standard error as well, so a
// standard output that goes to a file holds no password.
func addMasks(values []string, getenv func(string) string, stderr io.Writer) {
	action := githubactions.New(githubactions.WithWriter(stderr), githubactions.WithGetenv(getenv))
	_ = attempt(func() {
		for _, value := range values {
			action.AddMask(value)
		}
	})
}

// has reports whether a file of the runner is to be written: where its variable
// is set, and always on a runner, where a missing one is an error. It is false
// for a file that could not be opened before.
func (c *commands) has(variable string) bool {
	return c != nil && (c.live || c.getenv(variable) != "") && !c.broken[variable]
}

// addTo runs a function of the library that appends to a file of the runner,
// and returns why it could not.
func (c *commands) addTo(variable string, write func()) error {
	if c.getenv(variable) == "" {
		c.broken[variable] = true
		return fmt.Errorf("%s is not set", variable)
	}
	err := attempt(write)
	var at *fs.PathError
	if errors.As(err, &at) {
		c.broken[variable] = at.Op == "open"
		return at
	}
	return err
}

const summaryVariable, outputVariable = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"

// stepSummary is the run's page, as a writer of whole lines.
type stepSummary struct{ *commands }

func (s stepSummary) Write(markdown []byte) (int, error) {
	if !s.has(summaryVariable) {
		return len(markdown), nil
	}
	text := strings.TrimSuffix(string(markdown), "\n") // the library ends the line
	return len(markdown), s.addTo(summaryVariable, func() { s.action.AddStepSummary(text) })
}

var outputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// setOutput sets an output of the step. The value must be one line, so that it
// cannot set another output.
func (c *commands) setOutput(name, value string) error {
	if !outputName.MatchString(name) {
		return fmt.Errorf("invalid output name %q", name)
	}
	if strings.ContainsAny(value, "\r\n") {
		return errors.New("the value must be one line")
	}
	return c.addTo(outputVariable, func() {
		c.action.IssueFileCommand(&githubactions.Command{Name: "output", Message: name + "=" + value})
	})
}

// inputOf returns the value that a workflow gives to an input, without the
// space around it. Our actions pass each input in a variable without hyphens.
func inputOf(name string, getenv func(string) string) string {
	action := githubactions.New(githubactions.WithWriter(io.Discard), githubactions.WithGetenv(getenv))
	return action.GetInput(strings.ReplaceAll(name, "-", "_"))
}

// contextOf returns what the runner says about the run, without the event. A
// number or a boolean that does not parse counts as not set.
func contextOf(getenv func(string) string) *githubactions.GitHubContext {
	withoutEvent := func(name string) string {
		if name == "GITHUB_EVENT_PATH" {
			return ""
		}
		return getenv(name)
	}
	run, _ := githubactions.New(githubactions.WithWriter(io.Discard), githubactions.WithGetenv(withoutEvent)).Context()
	return run
}
