// Package change is what we intend to change outside, as data: it prints itself
// for a dry run and for the step summary, and tests compare it. Nothing here
// acts; packages publish and notify carry plans out.
package change

import (
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Step is one change outside. Its String is one line for people, without the
// words of strangers.
type Step interface{ String() string }

// Plan is a list of steps in the order of their urgency.
type Plan []Step

// String is a line for each step, or that there is nothing to do.
func (p Plan) String() string {
	if len(p) == 0 {
		return "nothing to do\n"
	}
	var b strings.Builder
	for _, step := range p {
		fmt.Fprintf(&b, "%s\n", step)
	}
	return b.String()
}

// Would are the lines of a dry run: what would be done, or that there is nothing
// to do.
func (p Plan) Would() []string {
	var all []string
	for _, step := range p {
		for line := range strings.SplitSeq(step.String(), "\n") {
			if line != "" {
				all = append(all, "would "+line)
			}
		}
	}
	if len(all) == 0 {
		return []string{"nothing to do"}
	}
	return all
}

// Label is a label of the repository as rules.yaml declares it.
type Label struct {
	// Name of the label, at most 50 characters. Required.
	Name string `yaml:"name"`
	// Color is six hex digits such as b60205; quote it where it is all digits.
	Color string `yaml:"color"`
	// Description of the label, at most 100 characters.
	Description string `yaml:"description"`
}

// AddLabels puts labels on an issue, one at a time or in one call, and never
// sets the whole list. Those that the repository lacks come into being with
// the colour and the description that Declared gives them.
type AddLabels struct {
	Issue    int
	Labels   []string
	Declared []Label
}

func (s AddLabels) String() string {
	return fmt.Sprintf("add %s to #%d", strings.Join(s.Labels, ", "), s.Issue)
}

// LabelDiscussion puts labels on a discussion.
type LabelDiscussion struct {
	Number int
	ID     string // GraphQL's
	Labels []string
}

func (s LabelDiscussion) String() string {
	return fmt.Sprintf("add %s to discussion #%d", strings.Join(s.Labels, ", "), s.Number)
}

// RemoveLabel takes one label off an issue.
type RemoveLabel struct {
	Issue int
	Label string
}

func (s RemoveLabel) String() string { return fmt.Sprintf("remove %s from #%d", s.Label, s.Issue) }

// Tell says one thing to the channels that must hear of it, once: package notify
// claims it on the issue, sends, and records.
type Tell struct {
	Issue    int
	Messages []Message
	Claiming string // what the comment says while the message is on its way
}

func (s Tell) String() string {
	var lines []string
	for _, m := range s.Messages {
		lines = append(lines, m.String())
	}
	return strings.Join(lines, "\n")
}

// Remark says one thing on an issue itself, once for each subject.
type Remark struct {
	Issue   int
	Subject string // what it is about, for us: similar
	Words   string // Markdown, tamed
}

func (s Remark) String() string { return fmt.Sprintf("remark on #%d: %s", s.Issue, s.Subject) }

// Message is what one channel gets to read. All of its texts are plain: each
// way escapes them for its own format and redacts what is personal.
type Message struct {
	Key       string // channel, subject, episode and transition: the same news has the same key
	Channel   string // as rules.yaml names it
	By        string // the way: slack, email, or the name of a service
	Mention   string // channel, here or a user group; empty for nobody
	Title     string // one line
	Summary   string // one or two sentences
	Facts     []Fact
	Link      string        // where to go and look
	Elsewhere bool          // the link leads out of GitHub
	Runbook   string        // an address; empty for none
	Respond   time.Duration // the time in which somebody must answer; 0 for none
	Episode   int
	Kind      string // what the record says it is besides the first message: escalated
	Incident  string // names what it is about, the same in all messages of one alert; empty for none
	Level     string // warning or critical, of a metric; else empty
	Resolved  bool   // it ends its incident
	Labels    []string
	Record    string // what the comment on the issue says once it is told
	Failing   string // what the comment says where it could not be told
	Thread    string // the channel's id of the message that this one continues
	Unsure    string // what the comment says where nobody knows whether it was delivered
	Repeat    bool   // an earlier delivery is unconfirmed, and this one says so
	// Unrecorded is set where no record of earlier runs could be kept and the channel cannot
	// be read: an earlier run may have sent the same, and this one says so.
	Unrecorded bool
	Body       string // of a mail that says more than a few lines: Markdown, tamed
	List       string // of a mail that comes again and again: the name of its list
}

// Leads says where the link leads.
func (m Message) Leads() string {
	if m.Elsewhere {
		return "Open it"
	}
	return "Open it on GitHub"
}

// RepeatNote says that a message may be there already; empty where it is not.
func (m Message) RepeatNote() string {
	switch {
	case m.Repeat:
		return "(repeat: earlier delivery unconfirmed)"
	case m.Unrecorded:
		return "(possible repeat: there is no record of what was sent before)"
	}
	return ""
}

// Fact is a line of a message: a name and what there is to say.
type Fact struct{ Name, Value string }

func (m Message) String() string {
	return "tell " + m.Whom()
}

// Whom is the message without its verb: channel, way, mention, labels, time.
func (m Message) Whom() string {
	line := m.Channel + " by " + m.By
	if m.Mention != "" {
		line += ", mentioning " + m.Mention
	}
	if len(m.Labels) > 0 {
		line += ", of " + strings.Join(m.Labels, ", ")
	}
	if m.Respond > 0 {
		line += fmt.Sprintf(" (an answer is due within %s)", model.Duration(m.Respond))
	}
	return line
}

// Publish keeps one issue of ours for one subject, such as the digest of a
// week: opened where there is none, brought up to date where there is one.
type Publish struct {
	Series  string   // what it is one of: digest, gate
	Subject string   // which one: 2026-W05
	Title   string   // one line
	Body    string   // Markdown, tamed
	Labels  []string // the first finds the series again
	// Declared gives labels that the repository lacks their colour and description;
	// the first of a name counts.
	Declared []Label
	Pin      bool
	// Ends closes what came before in the series, by the order of the subjects,
	// each with a link to this. A second issue of one subject is always closed.
	Ends bool
}

func (s Publish) String() string {
	return fmt.Sprintf("publish the %s %s as an issue", s.Series, s.Subject)
}
