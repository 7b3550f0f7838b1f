package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/config"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/notify"
	"github.com/aftercare/aftercare/actions/internal/report"
	"github.com/aftercare/aftercare/actions/internal/runner"
)

// testChannel sends a test message by each way of the channel that the input notify
// names, and says what works and what does not. It fails where a way does not
// deliver.
func testChannel(ctx context.Context, env *runner.Env) error {
	book, err := config.Read(env.Files, env.Input("rules"))
	if err != nil {
		return mistaken(ctx, env, err)
	}
	name := env.Input("notify")
	channel, known := book.Channels[name]
	if !known {
		return runner.Usage("input notify: %s", diag.Unknown("channel", name, book.Channels.Names()))
	}
	messengers, err := notify.Connect(alert.Channels{name: channel}, env.Getenv, env.Now, env.HTTP, env.Sleep)
	if err != nil {
		return runner.Usage("%v", err)
	}
	messengers = messengers.Redacting(env.Redact)
	var all []report.Tried
	var missed []string
	for _, by := range channel.Ways() {
		tried := testWay(ctx, env, messengers, book, name, by)
		if slices.ContainsFunc(tried, func(t report.Tried) bool { return t.Needed && t.Why != "" }) {
			missed = append(missed, by)
		}
		all = append(all, tried...)
	}
	if env.DryRun() {
		return nil
	}
	if err := env.Summary(report.ChannelTest(name, all)); err != nil {
		return err
	}
	if len(missed) > 0 {
		return fmt.Errorf("the channel %s does not get all messages: %s", name, failures(all))
	}
	env.Log.Info(fmt.Sprintf("the channel %s: %s", name, report.ChannelTestLine(all)))
	return nil
}

// testWay tries one way to a channel.
func testWay(ctx context.Context, env *runner.Env, messengers notify.Messengers, book *config.Book, name, by string) []report.Tried {
	way := wayOf(book.Channels[name], by)
	if !messengers.Reaches(name, by) {
		return []report.Tried{{Way: way, What: "send a message", Why: "nothing is set up: " + notify.Missing(name, by), Needed: true}}
	}
	m := report.TestMessage(book.Release.Project, name, by, env.Run(), env.Clock())
	if env.DryRun() {
		env.Log.Info(fmt.Sprintf("would send to %s by %s: %s", name, by, m.Title))
		return nil
	}
	var all []report.Tried
	for _, t := range messengers.Try(ctx, m, mentionsOf(book, name), env.Clock()) {
		tried := report.Tried{Way: way, What: t.What, Said: t.Said, Needed: t.Without == ""}
		if t.Err != nil {
			tried.Why = strings.Join(slices.DeleteFunc([]string{t.Err.Error(), t.Without, t.Hint()}, func(s string) bool { return s == "" }), "; ")
			if !tried.Needed {
				env.Warn("%s: %s: %s", way, t.What, tried.Why)
			}
		}
		all = append(all, tried)
	}
	return all
}

// wayOf names a way for people.
func wayOf(channel alert.Channel, by string) string {
	switch by {
	case "slack":
		return "Slack " + channel.Slack
	case "email":
		return "mail"
	}
	return by
}

// mentionsOf are the mentions of the routes that lead to a channel, each once.
func mentionsOf(book *config.Book, channel string) []string {
	var all []string
	for _, r := range book.Routes {
		if r.To.Has(channel) && r.Mention != "" && !slices.Contains(all, r.Mention) {
			all = append(all, r.Mention)
		}
	}
	return all
}

// failures lists what keeps messages from arriving.
func failures(all []report.Tried) string {
	var lines []string
	for _, t := range all {
		if t.Needed && t.Why != "" {
			lines = append(lines, fmt.Sprintf("%s: %s: %s", t.Way, t.What, t.Why))
		}
	}
	return strings.Join(lines, "\n")
}

// nameHandles says, where there is a bot token of Slack, which IDs belong to the
// handles that routes mention, for people to write into the plan.
func nameHandles(ctx context.Context, env *runner.Env) {
	token := env.Getenv("SLACK_BOT_TOKEN")
	if token == "" {
		return
	}
	slack := notify.Slack{API: env.Getenv("SLACK_API_URL"), Token: token, HTTP: env.HTTP, Sleep: env.Sleep}
	for _, h := range config.Handles(env.Files, env.Input("rules")) {
		found, err := slack.FindHandle(ctx, h.Name)
		switch {
		case err != nil:
			env.Warn("%s: the ID of %q cannot be looked up: %v", h.Place, h.Name, err)
			return
		case len(found) == 0:
			env.Warn("%s: no member and no user group of the workspace goes by %q", h.Place, h.Name)
		}
		for _, f := range found {
			env.Warn("%s: %q is %s: write mention: %s", h.Place, h.Name, f.Name, f.ID)
		}
	}
}
