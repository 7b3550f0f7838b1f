package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/metric"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// maxSnapshots is how many snapshots a recorded history is measured with, so
// that years take no longer than weeks.
const maxSnapshots = 30

// acted are the steps that start triage.
var acted = map[string]bool{"opened": true, "edited": true, "reopened": true, "labeled": true}

// recorded plays a history that a repository really had: each issue through
// triage when it is opened, edited, reopened or labelled, and a snapshot now and
// then. What came before from is recorded alone; the zero time plays all.
func recorded(ctx context.Context, s *stage, name, rules string, from time.Time) error {
	if rules != "" {
		if err := s.playBy(rules); err != nil {
			return err
		}
	}
	src, err := unpacked(name)
	if err != nil {
		return err
	}
	first, last, err := span(src)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if from.After(last) {
		return fmt.Errorf("%s: it ends on %s, before -since %s", name, last.Format(time.DateOnly), from.Format(time.DateOnly))
	}
	if first.Before(from) {
		first = from
	}
	s.tale.title("A recorded history, "+first.Format("2 January 2006")+" to "+last.Format("2 January 2006")+", on a simulated GitHub.",
		"Each issue goes through triage again. What needs more than GitHub is left out of the plan.")
	if err := s.watch(strings.Split(filepath.Base(name), ".")[0], rules != "", first); err != nil {
		return err
	}
	every := max(24*time.Hour, last.Sub(first)/maxSnapshots)
	next := first.Add(every)
	err = s.repo.Replay(bytes.NewReader(src), func(step fake.Step) error {
		if err := ctx.Err(); err != nil {
			return errors.New("interrupted")
		}
		if step.At.Before(first) {
			return nil
		}
		if step.At.After(next) {
			for step.At.After(next) {
				next = next.Add(every)
			}
			if err := s.snapshot(ctx); err != nil {
				return err
			}
		}
		return s.again(ctx, step)
	})
	if err != nil {
		return err
	}
	return s.snapshot(ctx)
}

// playBy puts somebody's own rules in the place of the demo's.
func (s *stage) playBy(file string) error {
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	book, err := config.Parse(file, src)
	if err != nil {
		return err
	}
	for _, name := range book.Channels.Names() {
		if channel := book.Channels[name].Slack; channel != "" && !slices.Contains(s.channels, channel) {
			s.channels = append(s.channels, channel)
			s.world.Slack.Channels(channel)
		}
	}
	return s.put("rules.yaml", src)
}

// watch makes the plan that of a recorded project: it bears the project's name, or
// the one in somebody's own rules, and asks what GitHub alone can answer.
func (s *stage) watch(project string, own bool, first time.Time) error {
	src, err := s.get("rules.yaml")
	if err != nil {
		return err
	}
	elsewhere := map[string]bool{"stars_per_week": true, "forks_per_week": true} // a history has neither
	for _, m := range metric.Catalogue() {
		elsewhere[m.ID] = elsewhere[m.ID] || m.Source != "github"
	}
	var plan map[string]any
	if err := yaml.Unmarshal(src, &plan); err != nil {
		return err
	}
	if release, is := plan["release"].(map[string]any); own && is && release["project"] != nil {
		project = fmt.Sprint(release["project"])
	}
	plan["release"] = map[string]any{"project": project, "version": "(recorded)", "shipped": first.Format(time.DateOnly)}
	delete(plan, "sources")
	delete(plan, "gate")
	metrics, _ := plan["metrics"].([]any)
	plan["metrics"] = slices.DeleteFunc(metrics, func(m any) bool {
		fields, _ := m.(map[string]any)
		return elsewhere[fmt.Sprint(fields["id"])]
	})
	if src, err = yaml.Marshal(plan); err != nil {
		return err
	}
	return s.put("rules.yaml", src)
}

// again runs what a step of the past would have started.
func (s *stage) again(ctx context.Context, step fake.Step) error {
	issue := s.repo.Issue(step.Number)
	if issue.PullRequest || !acted[step.Action] {
		return nil
	}
	if step.Action == "opened" {
		s.tale.line(s.world.Now(), "issue", terminal.Bold, fmt.Sprintf("#%d %s: %s", issue.Number, issue.Author, quoted(issue.Title)))
	}
	return s.triage(ctx, step.Number, step.Action)
}

// span is when the first and the last thing of a history happened.
func span(src []byte) (first, last time.Time, err error) {
	w := fake.New(fake.Options{})
	defer w.Close()
	err = w.GitHub.Replay(bytes.NewReader(src), func(step fake.Step) error {
		if first.IsZero() {
			first = step.At
		}
		last = step.At
		return nil
	})
	if err == nil && first.IsZero() {
		err = errors.New("there is no issue in it: expected a line for each, with its events")
	}
	return first, last, err
}

// maxHistory is the largest history that is read, in bytes.
const maxHistory = 1 << 30

func unpacked(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	src, err := io.ReadAll(io.LimitReader(in, maxHistory))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return src, nil
}
