package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/terminal"
)

// opened opens an issue, and the workflow that GitHub would start for it.
func (s *stage) opened(ctx context.Context, author, title, body string) error {
	n := s.repo.OpenIssue(author, title, body)
	s.issues[author] = n
	s.tale.line(s.world.Now(), "issue", terminal.Bold, fmt.Sprintf("#%d %s: %s", n, author, quoted(title)))
	s.world.Advance(20 * time.Second)
	return s.triage(ctx, n, "opened")
}

// triage runs for an `issues` event, and tells what it did.
func (s *stage) triage(ctx context.Context, number int, event string) error {
	before := s.repo.Issue(number).Labels
	out, err := s.run(ctx, job{program: "triage", event: "issues", payload: s.repo.Event(number, event)})
	if err != nil {
		return err
	}
	var added []string
	for _, label := range s.repo.Issue(number).Labels {
		if !slices.Contains(before, label) {
			added = append(added, label)
		}
	}
	switch removed := list(out["removed"]); {
	case len(added)+len(removed) > 0:
		s.tale.more("labels", terminal.Yellow, strings.TrimSpace(names(added)+minus(removed)))
	case event == "opened":
		s.tale.more("labels", terminal.Faint, "none")
	}
	s.delivered()
	s.remarked(number)
	return nil
}

// remarked tells what was said on an issue itself: that it may be known.
func (s *stage) remarked(number int) {
	comments := s.repo.Issue(number).Comments
	for _, c := range comments[min(s.seen[fmt.Sprint(number)], len(comments)):] {
		_, words, _ := strings.Cut(c.Body, "\n")
		if like := alike.FindStringSubmatch(words); like != nil {
			s.tale.more("comment", terminal.Yellow, "may be known already: "+like[1])
		}
	}
	s.seen[fmt.Sprint(number)] = len(comments)
}

var alike = regexp.MustCompile(`known already:\n\n- (#\d+)`)

// discussed starts a discussion, and the workflow that GitHub would start for it.
func (s *stage) discussed(ctx context.Context, author, category, title, body string) error {
	n := s.repo.Discuss(author, category, title, body)
	s.tale.line(s.world.Now(), "talk", terminal.Bold, fmt.Sprintf("#%d %s, in %s: %s", n, author, category, quoted(title)))
	s.world.Advance(20 * time.Second)
	if _, err := s.run(ctx, job{program: "triage", event: "discussion", payload: s.repo.DiscussionEvent(n, "created")}); err != nil {
		return err
	}
	if labels := s.repo.Discussion(n).Labels; len(labels) > 0 {
		s.tale.more("labels", terminal.Yellow, names(labels))
	}
	s.delivered()
	return nil
}

// said is what somebody says elsewhere.
func (s *stage) said(place, author, title, text string, score int) {
	s.told = s.world.Social.Say(place, author, title, text, score)
	s.tale.line(s.world.Now(), "said", terminal.Bold, "on "+map[string]string{"hackernews": "Hacker News", "reddit": "Reddit"}[place]+": "+quoted(title))
}

// mailed is a mail that comes to the beta's address. The story tells what the
// mail is about; Aftercare tells nobody.
func (s *stage) mailed(about, mail string) {
	s.world.Inbox.Deliver(mail)
	s.mails = append(s.mails, s.world.Now())
	s.tale.line(s.world.Now(), "mail", terminal.Bold, "to beta@caro.example: "+about)
}

func minus(removed []string) string {
	if len(removed) == 0 {
		return ""
	}
	return "; taken off: " + names(removed)
}

// delivered tells what came to the channels and the mailboxes since it was asked
// last.
func (s *stage) delivered() {
	for _, name := range s.channels {
		all := s.world.Slack.Messages(name)
		for _, m := range all[s.seen[name]:] {
			if m.By == "bot" {
				s.tale.more("slack", terminal.Red, name+pings(m)+"  "+quoted(heading(m)))
				s.introduced(name, m)
			}
		}
		s.seen[name] = len(all)
	}
	letters := s.world.Mail.Messages()
	for _, l := range letters[s.seen["mail"]:] {
		s.tale.more("mail", terminal.Red, names(l.To)+"  "+quoted(l.Header("Subject")))
	}
	s.seen["mail"] = len(letters)
}

// introduced tells the first message of a channel whole, so that the story shows
// once what one looks like; of the others their titles do.
func (s *stage) introduced(channel string, m fake.Message) {
	if s.shown[channel] {
		return
	}
	s.shown[channel] = true
	for _, line := range words(m)[1:] {
		s.tale.more("", terminal.Faint, "│ "+quoted(line))
	}
}

// pings are whom a message calls, and whether it stands in a thread.
func pings(m fake.Message) string {
	called := ""
	if lines := words(m); len(lines) > 1 && strings.HasPrefix(lines[1], "@") {
		called = " " + lines[1]
	}
	if m.Thread != "" {
		called += " ↳"
	}
	return called
}

// heading is the title of a message.
func heading(m fake.Message) string { return words(m)[0] }

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

var colours = map[string]string{"ok": terminal.Green, "watch": plain, "warning": terminal.Yellow, "critical": terminal.Red, "go": terminal.Green, "no-go": terminal.Red, "unknown": terminal.Yellow}

// snapshot measures, as the schedule does, and tells what came of it.
func (s *stage) snapshot(ctx context.Context, args ...string) error {
	at, head := s.world.Now(), len(s.repo.Log("main"))
	out, err := s.run(ctx, job{program: "snapshot", event: "schedule", args: args})
	if err != nil {
		return err
	}
	text := "what is urgent alone: " + out["verdict"]
	if len(args) == 0 {
		text = quoted(condition(headline(s.repo.Files("main")["reports/README.md"])))
	}
	s.tale.line(at, "snapshot", terminal.Bold, s.tale.paint(colours[out["verdict"]], text))
	s.delivered()
	s.committed(head)
	return nil
}

// quietly is a sweep, which the story tells where it has something to tell.
func quietly(ctx context.Context, s *stage) error {
	messages := func() int {
		n := len(s.world.Mail.Messages())
		for _, name := range s.channels {
			n += len(s.world.Slack.Messages(name))
		}
		return n
	}
	at, head, before := s.world.Now(), len(s.repo.Log("main")), messages()
	out, err := s.run(ctx, job{program: "snapshot", event: "schedule", args: []string{"-priority", "P0"}})
	if err != nil || messages() == before {
		return err
	}
	s.tale.line(at, "snapshot", terminal.Bold, s.tale.paint(colours[out["verdict"]], "what is urgent alone: "+out["verdict"]))
	s.delivered()
	s.committed(head)
	return nil
}

// committed tells the commits that a run has made, the oldest first.
func (s *stage) committed(before int) {
	log := s.repo.Log("main")
	var all []string
	for _, c := range slices.Backward(log[:len(log)-before]) {
		words := strings.TrimPrefix(firstLine(c.Message), "aftercare: ")
		all = append(all, strings.TrimSuffix(words, " [skip ci]"))
	}
	if len(all) > 0 {
		s.tale.more("commits", terminal.Faint, names(all))
	}
}

// digest tells the week that is over.
func (s *stage) digest(ctx context.Context) error {
	at, head := s.world.Now(), len(s.repo.Log("main"))
	out, err := s.run(ctx, job{program: "digest", event: "schedule"})
	if err != nil {
		return err
	}
	s.tale.line(at, "digest", terminal.Bold, quoted(condition(paragraph(s.repo.Files("main")[out["report"]]))))
	if number := out["issue-number"]; number != "" {
		for _, i := range s.repo.Issues() {
			if fmt.Sprint(i.Number) == number {
				s.tale.more("issue", terminal.Yellow, fmt.Sprintf("#%d %s", i.Number, quoted(i.Title)))
			}
		}
	}
	s.delivered()
	s.committed(head)
	return nil
}

// gate asks whether the next release may go.
func (s *stage) gate(ctx context.Context) error {
	at, head := s.world.Now(), len(s.repo.Log("main"))
	out, err := s.run(ctx, job{program: "gate", event: "workflow_dispatch"})
	if err != nil {
		return err
	}
	decision := out["decision"]
	s.tale.line(at, "gate", terminal.Bold, "decision "+s.tale.paint(terminal.Bold+colours[decision], decision))
	s.tale.more("why", terminal.Faint, quoted(paragraph(s.repo.Files("main")["reports/gate.md"])))
	s.committed(head)
	return nil
}
