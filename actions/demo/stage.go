package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions"
	digest "github.com/aftercare/aftercare/actions/internal/app/digest"
	gate "github.com/aftercare/aftercare/actions/internal/app/gate"
	snapshot "github.com/aftercare/aftercare/actions/internal/app/snapshot"
	triage "github.com/aftercare/aftercare/actions/internal/app/triage"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/humanize"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// stage is a simulated world, a checked-out repository, and a runner.
type stage struct {
	world *fake.World
	repo  *fake.Repository
	tale  *teller
	dir   string // the checked-out repository
	runs  int
	env   map[string]string
	seen  map[string]int // what was told of each place already
	mails []time.Time    // when each mail came
	// scheduled are the runs that a schedule started, with their times.
	scheduled []scheduled
	shown     map[string]bool // the channels of which a message was told whole

	issues   map[string]int // the last issue of each author
	told     string         // the last that was said elsewhere, by its id there
	channels []string       // where the plan tells people on Slack
	cleaned  bool           // the exports hold nothing personal any more
}

// scheduled is a run of a workflow by its schedule.
type scheduled struct {
	program string
	sweep   bool // what is P0 alone
	at      time.Time
}

// programs are the ones that run in production.
var programs = map[string]func(context.Context, *runner.Env) error{
	"triage": triage.Run, "snapshot": snapshot.Program{}.Run, "digest": digest.Run, "gate": gate.Run,
}

// usualChannels are those of the demo's own plan.
var usualChannels = []string{"#caro-alerts", "#caro-monitoring"}

func open(tale *teller) (*stage, error) {
	dir, err := os.MkdirTemp("", "aftercare-demo-")
	if err != nil {
		return nil, err
	}
	w := fake.New(fake.Options{})
	w.Slack.Channels(usualChannels...)
	for _, person := range []string{"lena", "omar"} { // who answer there are members
		w.Slack.Person(person, person, humanize.Capital(person))
	}
	s := &stage{channels: slices.Clone(usualChannels), world: w, repo: w.GitHub.Repository, tale: tale, dir: dir, seen: map[string]int{}, shown: map[string]bool{}, issues: map[string]int{}, env: map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "caro/caro", "GITHUB_WORKSPACE": dir,
		"GITHUB_API_URL": w.GitHub.URL, "GITHUB_GRAPHQL_URL": w.GitHub.URL + "/graphql", "GITHUB_SERVER_URL": "https://github.com",
		"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_TOKEN": fake.WorkflowToken, "AFTERCARE_TOKEN": fake.WorkflowToken, "AFTERCARE_CACHE": ".aftercare/facts.duckdb",
		"AFTERCARE_HACKERNEWS_URL": w.Social.URL, "AFTERCARE_REDDIT_URL": w.Social.URL, "MASTODON_URL": w.Social.URL, "IMAP_URL": w.Inbox.URL,
		"AFTERCARE_CRATES_URL": w.Crates.URL, "SLACK_API_URL": w.Slack.URL, "SLACK_BOT_TOKEN": fake.SlackToken,
		"SMTP_URL": w.Mail.URL + "?tls=none&from=aftercare@caro.example",
	}}
	plan, err := actions.Files.ReadFile("init/plans/caro.yaml")
	if err == nil {
		// The plan names no Mastodon, for which there is no secret to forget.
		plan = bytes.Replace(plan, []byte("mentions:  {hackernews: caro cli,"), []byte("mentions:  {hackernews: caro cli, mastodon: caro,"), 1)
		err = s.put("rules.yaml", plan)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stage) close() {
	s.world.Close()
	_ = os.RemoveAll(s.dir)
}

// put writes a file into the checked-out repository.
func (s *stage) put(name string, content []byte) error {
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// get reads a file of the checked-out repository.
func (s *stage) get(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
}

// job is one run of a workflow.
type job struct {
	program string
	event   string // what started it
	payload []byte
	args    []string
}

// run runs a program as its workflow would, and answers with its outputs.
func (s *stage) run(ctx context.Context, j job) (map[string]string, error) {
	s.runs++
	if j.event == "schedule" {
		s.scheduled = append(s.scheduled, scheduled{j.program, len(j.args) > 0, s.world.Now()})
	}
	files, err := os.MkdirTemp(s.dir, "runner-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(files)
	env := map[string]string{
		"GITHUB_RUN_ID": fmt.Sprint(1000 + s.runs), "GITHUB_EVENT_NAME": j.event,
		"GITHUB_OUTPUT": filepath.Join(files, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"),
	}
	if j.payload != nil {
		env["GITHUB_EVENT_PATH"] = filepath.Join(files, "event.json")
		if err := os.WriteFile(env["GITHUB_EVENT_PATH"], j.payload, 0o644); err != nil {
			return nil, err
		}
	}
	manifest, err := actions.Files.ReadFile(j.program + "/action.yml")
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer
	code := runner.Run(ctx, runner.Program{Manifest: manifest, Run: programs[j.program]}, runner.Process{
		Args: append([]string{j.program}, j.args...), Environ: func() []string { return nil },
		Getenv: func(name string) string {
			if v, ok := env[name]; ok {
				return v
			}
			return s.env[name]
		},
		Clock: s.world.Now, Sleep: s.world.Sleep, Stdout: &said, Stderr: &said,
	})
	if err := ctx.Err(); err != nil {
		return nil, errors.New("interrupted")
	}
	if code != 0 {
		return nil, fmt.Errorf("%s at %s ended with %d:\n%s", j.program, s.world.Now().Format(time.RFC3339), code, said.String())
	}
	return outputs(env["GITHUB_OUTPUT"])
}

func outputs(path string) (map[string]string, error) {
	src, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	found := map[string]string{}
	for line := range strings.Lines(string(src)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			found[name] = value
		}
	}
	return found, nil
}

// list is an output that is a JSON array.
func list(output string) []string {
	var all []string
	_ = json.Unmarshal([]byte(output), &all) // an output that is none is an empty list
	return all
}
