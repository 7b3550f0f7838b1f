package metric

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// entry is a metric of the catalogue: its id, which it keeps everywhere, and
// its unit.
type entry struct{ id, unit string }

// section is a part of the plan, in its order.
type section struct {
	name    string
	entries []entry
}

// sections are in the order of the plan.
var sections = []section{
	{"System health", []entry{{"crash_rate", "%"}, {"p0_bugs", "issues"}, {"privacy_leaks", "issues"}, {"yanked_versions", "versions"}, {"total_sessions", "sessions"}}},
	{"Privacy and security", []entry{{"pii_in_telemetry", "findings"}, {"vulnerabilities", "alerts"}, {"telemetry_opt_out_rate", "%"}, {"privacy_concern_rate", "%"}}},
	{"Installation", []entry{{"installation_failure_rate", "%"}, {"install_script_errors", "%"}, {"platform_failures", "%"}}},
	{"Command generation", []entry{
		{"command_success_rate", "%"}, {"success_rate_by_category", "%"}, {"static_hit_rate", "%"}, {"generation_time_p50", "ms"},
		{"generation_time_p95", "ms"}, {"safety_block_rate", "%"}, {"safety_block_distribution", "blocks"}, {"backend_distribution", "commands"},
	}},
	{"Engagement", []entry{
		{"daily_active_users", "users"}, {"sessions_per_user", "sessions"}, {"commands_per_session", "commands"},
		{"week_retention", "%"}, {"power_users", "users"}, {"commands_generated", "commands"},
	}},
	{"Community", []entry{
		{"bugs_per_week", "issues"}, {"open_bugs", "issues"}, {"issues_by_label", "issues"}, {"priority_flow", "issues"},
		{"time_to_first_response", "hours"}, {"time_to_close", "hours"}, {"unanswered_issues", "issues"}, {"issue_sentiment", "score"},
		{"positive_mentions", "%"}, {"top_mention", "points"}, {"mentions_by_place", "mentions"}, {"mail_by_label", "mails"}, {"discussion_engagement", "posts"}, {"discussions_by_category", "posts"}, {"unanswered_discussions", "threads"}, {"nps", "score"}, {"satisfaction", "score"}, {"survey_sentiment", "score"},
		{"feature_requests", "votes"}, {"pain_points", "reports"},
	}},
	{"Platforms", []entry{{"os_distribution", "users"}, {"architecture_distribution", "users"}, {"shell_distribution", "users"}}},
	{"Features", []entry{{"telemetry_command_usage", "uses"}, {"air_gapped_adoption", "%"}, {"query_categories", "commands"}}},
	{"Growth", []entry{
		{"downloads_per_day", "downloads"}, {"downloads_total", "downloads"}, {"version_distribution", "downloads"}, {"stars_per_week", "stars"},
		{"forks_per_week", "forks"}, {"new_contributors", "people"}, {"first_time_reporters", "people"},
	}},
}

// Own is the section of the metrics that users define.
const Own = "Our own"

// Sections are the names of the plan's parts, in its order, the users' own
// last.
func Sections() []string {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	return append(names, Own)
}

// IDs are the catalogue's ids, in the order of the plan.
func IDs() []string {
	var ids []string
	for _, s := range sections {
		for _, e := range s.entries {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// UnitOf is the unit of a metric of the catalogue; empty where there is none
// of that id.
func UnitOf(id string) string {
	for _, s := range sections {
		for _, e := range s.entries {
			if e.id == id {
				return e.unit
			}
		}
	}
	return ""
}

func known(id string) bool { return UnitOf(id) != "" }

//go:embed catalogue/*.sql
var files embed.FS

// Catalogue is every metric of the plan, in its order.
var Catalogue = sync.OnceValue(func() []Definition {
	var all []Definition
	for _, s := range sections {
		for _, e := range s.entries {
			src, err := files.ReadFile("catalogue/" + e.id + ".sql")
			if err != nil {
				panic(err) // it is embedded: the tests read each
			}
			d, err := read(e.id, string(src))
			if err != nil {
				panic(err)
			}
			d.Unit, d.Section = e.unit, s.name
			all = append(all, d)
		}
	}
	return all
})

// Whole completes a definition of rules.yaml with what the catalogue says of
// its id; what rules.yaml says goes before it. A user's own is complete.
func (d Definition) Whole() Definition {
	if d.SQL != "" {
		d.Section = Own
		if d.Priority == "" {
			d.Priority = "P2"
		}
		if len(d.Window) == 0 {
			d.Window = []string{"now"}
		}
		return d
	}
	for _, c := range Catalogue() {
		if c.ID != d.ID {
			continue
		}
		if d.Title != "" {
			c.Title = d.Title
		}
		if d.Priority != "" {
			c.Priority = d.Priority
		}
		if len(d.Window) > 0 {
			c.Window = d.Window
		}
		return c
	}
	return d
}

var (
	headForm = regexp.MustCompile(`^-- ([a-z]+): (.+)$`)
	partForm = regexp.MustCompile(`(?m)^-- (value|part|whole): ([a-z]+)\n`)
)

// read reads a file of the catalogue: lines with words, a remark, and after an
// empty line the query, or several, each behind a line that says what it gives
// and of which source.
func read(id, src string) (Definition, error) {
	head, body, found := strings.Cut(src, "\n\n")
	if !found {
		return Definition{}, fmt.Errorf("catalogue/%s.sql: words, an empty line and a query are wanted", id)
	}
	d := Definition{ID: id}
	for line := range strings.Lines(head) {
		m := headForm.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			break // the remark
		}
		if err := d.word(m[1], m[2]); err != nil {
			return d, fmt.Errorf("catalogue/%s.sql: %w", id, err)
		}
	}
	if at := partForm.FindAllStringSubmatchIndex(body, -1); at != nil {
		for i, m := range at {
			end := len(body)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			d.Parts = append(d.Parts, Part{body[m[2]:m[3]], body[m[4]:m[5]], strings.TrimSpace(body[m[1]:end])})
		}
		return d, nil
	}
	d.Parts = []Part{{"", d.Source, strings.TrimSpace(body)}}
	return d, nil
}

func (d *Definition) word(name, value string) error {
	switch name {
	case "question":
		d.Title = value
	case "priority":
		d.Priority = value
	case "window":
		d.Window = strings.Split(value, ", ")
	case "source":
		d.Source = value
	case "target":
		d.Target = value
	case "warning":
		d.Warning = value
	case "critical":
		d.Critical = value
	case "bands":
		d.Bands = value
	case "count":
		d.Count, d.Spikes = value == "yes", true
	case "past":
		d.Past = strings.TrimPrefix(value, "no, ")
	case "exports":
		d.Exports = strings.TrimPrefix(value, "no, ")
	case "empty":
		d.Empty = value
	default:
		return fmt.Errorf("unknown word %q", name)
	}
	return nil
}
