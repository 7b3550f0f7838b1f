package snapshot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/app"
	"github.com/aftercare/aftercare/actions/internal/collect"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/publish"
)

// versionsNote keeps the releases and tags of the repository between runs.
const versionsNote = "github/versions"

// family finds the versions of the release that are published by now: releases and
// tags on GitHub, and the versions in registries. It asks nothing where rules.yaml
// follows no version and watches no next release.
func (w *world) family(ctx context.Context) {
	release := w.Config.Release
	if release.Follow == "" && release.Next == "" {
		return
	}
	var known collect.Versions
	if note := w.store.State(versionsNote); note != "" {
		if err := json.Unmarshal([]byte(note), &known); err != nil {
			known = collect.Versions{} // it is read anew
		}
	}
	if err := known.Read(ctx, w.Watched, release); err != nil {
		w.gap(model.Gap{Source: "github", Table: "releases", Reason: err.Error()})
	}
	note, _ := json.Marshal(known) // these types always marshal
	w.store.SetState(versionsNote, string(note))
	w.published = append(known.Published(), w.inRegistries(ctx)...)
	w.published = slices.DeleteFunc(w.published, func(p model.Published) bool { return p.At.After(w.Env.Now.Add(time.Minute)) }) // of a run about the past
	w.Config.Release = release.WithFamily(w.published)
}

// inRegistries are the versions that registries tell.
func (w *world) inRegistries(ctx context.Context) []model.Published {
	answer, err := w.store.Query(ctx, "SELECT version, min(created_at) AS at FROM versions WHERE created_at <= $2 GROUP BY version ORDER BY version", model.Window{From: w.Env.Now, Until: w.Env.Now})
	if err != nil {
		w.Env.Log.Info(fmt.Sprintf("the versions in the registries cannot be listed: %v", err))
	}
	var all []model.Published
	for _, row := range answer.Rows {
		version, _ := row[0].(string)
		if at, isTime := row[1].(time.Time); isTime {
			all = append(all, model.Published{Version: version, At: at})
		}
	}
	return all
}

// watchNext moves the watch, or says why it cannot be moved: the release is measured
// all the same.
func (w *world) watchNext(ctx context.Context) {
	err := w.moveWatch(ctx)
	if err == nil {
		return
	}
	text := err.Error()
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		text += " (" + hinted.Hint() + ")"
	}
	w.Env.Warn("the next release is not watched: %s", text)
}

// moveWatch lets rules.yaml watch a release that was published and does not belong
// to the watched one, or proposes it, as release.next says. Any full run does it, so
// that a missed event loses nothing.
func (w *world) moveWatch(ctx context.Context) error {
	release := w.Config.Release
	next, found := release.NextOf(w.published)
	if release.Next == "" || !found || w.asked.priority != "" || app.LooksBack(w.Env) {
		return nil
	}
	if w.Env.DryRun() {
		w.Env.Log.Info(fmt.Sprintf("%s was published: would watch it next", next.Version))
		return nil
	}
	file := strings.TrimPrefix(cmp.Or(w.Env.Input("rules"), "rules.yaml"), "./")
	var changes []string
	change := publish.FileChange{
		Path: file, Branch: "aftercare/watch-" + branchName(next.Version), Subject: "Watch the release " + next.Version,
		Change: func(content []byte) ([]byte, error) {
			moved, err := config.Move(file, content, next)
			if err != nil || len(moved.Changes) == 0 {
				return nil, err
			}
			changes = moved.Changes
			return moved.Source, nil
		},
	}
	if release.Next == model.NextCommit {
		commit, err := w.Own.Commit(ctx, change)
		if commit != "" {
			w.Env.Log.Info(fmt.Sprintf("%s watches %s from the next run on (%s)", file, next.Version, strings.Join(changes, "; ")))
		}
		return err
	}
	change.Body = fmt.Sprintf("%s was published on %s. This change of `%s` watches it instead of %s: version, ship date, and the dates that move with it.\n\n"+
		"Look before you merge: whether the dates suit this release, and whether the criteria and boxes of the gate name the right version. Closed without a merge, it is not proposed again.",
		next.Version, next.At.Format("2006-01-02"), file, release.Version)
	opened, err := w.Own.Propose(ctx, change)
	if opened != "" {
		w.Env.Log.Info("proposed to watch " + next.Version + ": " + opened)
	}
	return err
}

// branchName is a version as a part of a branch's name.
func branchName(version string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("-_+.", r):
			return r
		}
		return '-'
	}, version)
}
