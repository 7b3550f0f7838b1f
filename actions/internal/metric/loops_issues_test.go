package metric_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// said is how a request is named.
func said(i model.IssueRow) string {
	if i.Request != "" {
		return fmt.Sprintf("#%d %s", i.Number, i.Request)
	}
	return fmt.Sprintf("#%d %s", i.Number, i.Title)
}

// had reports whether an issue had one of the labels at a time: by what happened
// to the label last before, else by what happened first after, else as it is.
func (m made) had(i model.IssueRow, t time.Time, labels ...string) bool {
	for _, name := range labels {
		var before, after *model.LabelEvent
		for _, e := range m.labels {
			if e.Issue != i.Number || !strings.EqualFold(e.Label, name) {
				continue
			}
			if !e.At.After(t) && (before == nil || e.At.After(before.At)) {
				before = &e
			}
			if e.At.After(t) && (after == nil || e.At.Before(after.At)) {
				after = &e
			}
		}
		switch {
		case before != nil && before.Added, before == nil && after != nil && !after.Added, before == nil && after == nil && i.Has(name):
			return true
		}
	}
	return false
}

func openAt(i model.IssueRow, t time.Time) bool {
	return !i.PullRequest && !i.CreatedAt.After(t) && (i.ClosedAt.IsZero() || i.ClosedAt.After(t))
}

func opened(labels ...string) loop {
	return func(m made, w model.Window) expected {
		return a(count(m.issues, func(i model.IssueRow) bool {
			return !i.PullRequest && in(w, i.CreatedAt) && m.had(i, w.Until, labels...)
		}))
	}
}

// reported are the mails and threads of a window that have one of the labels.
func (m made) reported(w model.Window, labels ...string) float64 {
	has := func(all []string) bool {
		return slices.ContainsFunc(all, func(l string) bool { return slices.Contains(labels, l) })
	}
	return count(m.mail, func(r model.MailRow) bool { return in(w, r.At) && has(r.Labels) }) +
		count(m.discussions, func(d model.DiscussionRow) bool { return in(w, d.CreatedAt) && has(d.Labels) })
}

func standing(labels ...string) loop {
	return func(m made, w model.Window) expected {
		return a(count(m.issues, func(i model.IssueRow) bool { return openAt(i, w.Until) && m.had(i, w.Until, labels...) }))
	}
}

func wholeDays(w model.Window) model.Window {
	return model.Window{From: w.From.Truncate(24 * time.Hour), Until: w.Until.Truncate(24 * time.Hour)}
}

// lastCount returns the last count of a registry that a window, or a moment, knows;
// nil where there is none.
func (m made) lastCount(registry, version string, w model.Window) *model.DownloadCountRow {
	var last *model.DownloadCountRow
	for _, c := range m.counts {
		if c.Registry == registry && c.Version == version && !c.Until.After(w.Until) && (w.Length() == 0 || c.Until.After(w.From)) && (last == nil || c.Until.After(last.Until)) {
			last = &c
		}
	}
	return last
}

// downloadsIn adds up; the second answer is whether there is a figure.
func downloadsIn(m made, w model.Window) (sum float64, any bool) {
	for _, d := range m.downloads {
		if in(wholeDays(w), d.Day) {
			sum, any = sum+float64(d.Downloads), true
		}
	}
	return sum, any
}

func perAttempt(label string) loop {
	return func(m made, w model.Window) expected {
		attempts, any := downloadsIn(m, w)
		if !any {
			attempts = sessionsIn(m, w)
		}
		return quotient(*opened(label)(m, w).value, attempts, 100)
	}
}

func gained(list func(made) []time.Time, figure func(model.RepositoryRow) int) loop {
	return func(m made, w model.Window) expected {
		if all := list(m); len(all) > 0 {
			return a(count(all, func(t time.Time) bool { return in(w, t) }))
		}
		var from, until *model.RepositoryRow
		for _, r := range m.repository {
			if !r.At.After(w.From) && (from == nil || r.At.After(from.At)) {
				from = &r
			}
			if !r.At.After(w.Until) && (until == nil || r.At.After(until.At)) {
				until = &r
			}
		}
		if from == nil || until == nil {
			return expected{}
		}
		return a(float64(figure(*until) - figure(*from)))
	}
}

// firsts counts the people of whom the first time is in the window.
func firsts(when func(model.IssueRow) time.Time) loop {
	return func(m made, w model.Window) expected {
		first := map[string]time.Time{}
		for _, i := range m.issues {
			t := when(i)
			if known, seen := first[i.Author]; !t.IsZero() && !i.AuthorIsBot && (!seen || t.Before(known)) {
				first[i.Author] = t
			}
		}
		n := 0.0
		for _, t := range first {
			if in(w, t) {
				n++
			}
		}
		return a(n)
	}
}

// waits is the median hours of the issues for which it has an answer.
func waits(of func(model.IssueRow, model.Window) (time.Time, bool)) loop {
	return func(m made, w model.Window) expected {
		var hours []float64
		for _, i := range m.issues {
			if until, counts := of(i, w); counts && !i.PullRequest {
				hours = append(hours, until.Sub(i.CreatedAt).Hours())
			}
		}
		return quantile(hours, 0.5)
	}
}

// answers are those of a survey's question in the window.
func answers(m made, w model.Window, of func(model.SurveyRow) *float64) (all []float64) {
	for _, s := range m.surveys {
		if v := of(s); v != nil && in(w, s.At) {
			all = append(all, *v)
		}
	}
	return all
}

func mean(all []float64) expected {
	sum := 0.0
	for _, v := range all {
		sum += v
	}
	return quotient(sum, float64(len(all)), 1)
}

// otherLoops are the questions of everything but telemetry as plain loops.
var otherLoops = map[string]loop{
	"p0_bugs": func(m made, w model.Window) expected {
		lastDay := model.Window{From: w.Until.Add(-24*time.Hour + 1), Until: w.Until.Add(1)}
		return a(*standing("P0", "critical")(m, w).value + m.reported(lastDay, "P0", "critical"))
	},
	"open_p1_bugs": standing("P1"),
	"open_bugs_list": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, i := range m.issues {
			if openAt(i, w.Until) && m.had(i, w.Until, "bug") {
				values[fmt.Sprintf("#%d %s", i.Number, i.Title)] = math.Floor(w.Until.Sub(i.CreatedAt).Hours() / 24)
			}
		}
		return expected{values: values}
	},
	"issues_by_version": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, i := range m.issues {
			if i.PullRequest || i.AuthorIsBot || !i.CreatedAt.Before(w.Until) || !m.had(i, w.Until, "bug", "crash", "regression", "installation", "P0", "P1", "critical", "security", "privacy-leak") {
				continue
			}
			for _, v := range i.Versions {
				if v == "1.1.0b0" {
					v = "1.1.0-beta"
				}
				if v == "1.1.0-beta" {
					values[v]++
					break
				}
			}
		}
		return expected{values: values}
	},
	"survey_success": func(m made, w model.Window) expected {
		return mean(answers(m, w, func(s model.SurveyRow) *float64 { return s.SuccessEstimate }))
	},
	"watchers_per_week":         gained(func(made) []time.Time { return nil }, func(r model.RepositoryRow) int { return r.Watchers }),
	"open_bugs":                 standing("bug"),
	"bugs_per_week":             opened("bug"),
	"installation_failure_rate": perAttempt("installation"),
	"install_script_errors":     perAttempt("install-script"),
	"privacy_leaks": func(m made, w model.Window) expected {
		return a(count(m.issues, func(i model.IssueRow) bool {
			stands := in(w, i.CreatedAt) || i.ClosedAt.IsZero() || i.ClosedAt.After(w.Until)
			return !i.PullRequest && i.CreatedAt.Before(w.Until) && stands && m.had(i, w.Until, "privacy-leak")
		}) + m.reported(w, "privacy-leak"))
	},
	"yanked_versions": func(m made, w model.Window) expected {
		there, yanked := false, map[string]bool{}
		for _, v := range m.versions {
			if (v.Version == "1.1.0-beta" || v.Version == "1.1.0b0") && !v.CreatedAt.After(w.Until) {
				if there = true; v.Yanked {
					yanked[v.Version] = true
				}
			}
		}
		if !there {
			return expected{}
		}
		return a(float64(len(yanked)))
	},
	"pii_in_telemetry": func(m made, w model.Window) expected {
		n := *opened("privacy-leak")(m, w).value + m.reported(w, "privacy-leak")
		for _, f := range m.findings {
			if !f.Until.Before(w.From) && !f.At.After(w.Until) {
				n += float64(f.Count)
			}
		}
		return a(n)
	},
	"ci_failure_rate": func(m made, w model.Window) expected {
		part, whole := 0.0, 0.0
		for _, r := range m.runs {
			switch failed := r.Conclusion == "failure" || r.Conclusion == "timed_out" || r.Conclusion == "startup_failure"; {
			case !in(w, r.At) || !failed && r.Conclusion != "success":
			case failed:
				part++
				fallthrough
			default:
				whole++
			}
		}
		return quotient(part, whole, 100)
	},
	"vulnerabilities": func(m made, w model.Window) expected {
		return a(count(m.alerts, func(r model.SecurityAlertRow) bool {
			return !r.CreatedAt.After(w.Until) && (r.State == "open" || r.State == "published" || r.FixedAt.After(w.Until))
		}))
	},
	"privacy_concern_rate": func(m made, w model.Window) expected {
		whole := count(m.surveys, func(s model.SurveyRow) bool { return in(w, s.At) })
		return quotient(count(m.surveys, func(s model.SurveyRow) bool { return in(w, s.At) && s.PrivacyConcern != "" }), whole, 100)
	},
	"platform_failures": func(m made, w model.Window) expected {
		whole, values := map[string]float64{}, map[string]float64{}
		for _, s := range m.sessions {
			if os := strings.ToLower(meta(s.Metadata, "os_name")); os != "" && in(w, s.CreatedAt) {
				whole[os]++
			}
		}
		for os, n := range whole {
			values[os] = 100 / n * count(m.issues, func(i model.IssueRow) bool {
				return !i.PullRequest && in(w, i.CreatedAt) && m.had(i, w.Until, "installation") && m.had(i, w.Until, os, "platform-"+os)
			})
		}
		if len(values) == 0 {
			return expected{}
		}
		return expected{values: values}
	},
	"issues_by_label": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, i := range m.issues {
			for _, label := range i.Labels {
				if !i.PullRequest && !i.AuthorIsBot && in(w, i.CreatedAt) {
					values[label]++
				}
			}
		}
		return expected{values: values}
	},
	"priority_flow": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, label := range []string{"P0", "P1"} {
			for _, i := range m.issues {
				if i.PullRequest || !m.had(i, w.Until, label) {
					continue
				}
				values[label+" opened"] += map[bool]float64{true: 1}[in(w, i.CreatedAt)]
				values[label+" closed"] += map[bool]float64{true: 1}[!i.ClosedAt.IsZero() && in(w, i.ClosedAt)]
			}
		}
		return expected{values: values}
	},
	"time_to_first_response": waits(func(i model.IssueRow, w model.Window) (time.Time, bool) {
		return i.FirstResponseAt, !i.AuthorIsBot && in(w, i.CreatedAt) && !i.FirstResponseAt.IsZero() && i.FirstResponseAt.Before(w.Until)
	}),
	"time_to_close": waits(func(i model.IssueRow, w model.Window) (time.Time, bool) {
		return i.ClosedAt, !i.AuthorIsBot && !i.ClosedAt.IsZero() && in(w, i.ClosedAt)
	}),
	"unanswered_issues": func(m made, w model.Window) expected {
		return a(count(m.issues, func(i model.IssueRow) bool {
			waiting := i.FirstResponseAt.IsZero() || !i.FirstResponseAt.Before(w.Until)
			return openAt(i, w.Until) && !i.AuthorIsBot && waiting && i.CreatedAt.Before(w.Until.Add(-24*time.Hour))
		}))
	},
	"issue_sentiment": func(m made, w model.Window) expected {
		var all []float64
		for _, i := range m.issues {
			if !i.PullRequest && !i.AuthorIsBot && i.Sentiment != nil && in(w, i.CreatedAt) {
				all = append(all, *i.Sentiment)
			}
		}
		return mean(all)
	},
	"positive_mentions": func(m made, w model.Window) expected {
		part, whole := 0.0, 0.0
		for _, r := range m.mentions {
			if r.Sentiment != nil && *r.Sentiment != 0 && in(w, r.At) {
				whole++
				part += map[bool]float64{true: 1}[*r.Sentiment > 0]
			}
		}
		if whole < 5 {
			return expected{}
		}
		return quotient(part, whole, 100)
	},
	"discussion_engagement": func(m made, w model.Window) expected {
		return a(count(m.discussions, func(d model.DiscussionRow) bool { return in(w, d.CreatedAt) }) +
			count(m.posts, func(p model.DiscussionPostRow) bool { return in(w, p.CreatedAt) }))
	},
	"discussions_by_category": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, d := range m.discussions {
			n := 0.0
			if in(w, d.CreatedAt) {
				n++
			}
			n += count(m.posts, func(p model.DiscussionPostRow) bool { return p.Number == d.Number && in(w, p.CreatedAt) })
			if n > 0 && d.CreatedAt.Before(w.Until) {
				values[d.Category] += n
			}
		}
		return expected{values: values}
	},
	"unanswered_discussions": func(m made, w model.Window) expected {
		return a(count(m.discussions, func(d model.DiscussionRow) bool {
			waiting := d.AnsweredAt.IsZero() || !d.AnsweredAt.Before(w.Until)
			return d.Answerable && waiting && d.CreatedAt.Before(w.Until.Add(-24*time.Hour))
		}))
	},
	"nps": func(m made, w model.Window) expected {
		all := answers(m, w, func(s model.SurveyRow) *float64 { return s.Recommend })
		return quotient(count(all, func(v float64) bool { return v >= 9 })-count(all, func(v float64) bool { return v <= 6 }), float64(len(all)), 100)
	},
	"satisfaction": func(m made, w model.Window) expected {
		return mean(answers(m, w, func(s model.SurveyRow) *float64 { return s.Satisfaction }))
	},
	"survey_sentiment": func(m made, w model.Window) expected {
		return mean(answers(m, w, func(s model.SurveyRow) *float64 { return s.Sentiment }))
	},
	"feature_requests": func(m made, w model.Window) expected {
		votes, order := map[string]float64{}, []string{}
		asked, people := map[string][]string{}, map[string]map[string]bool{} // who, by what they ask for
		for _, i := range m.issues {
			order = append(order, said(i))
			if !openAt(i, w.Until) || !m.had(i, w.Until, "enhancement") {
				continue
			}
			wanted := said(i)
			if i.SameAs != 0 {
				wanted = said(m.issues[i.SameAs-1])
			}
			if people[wanted] == nil {
				people[wanted] = map[string]bool{}
			} else {
				votes[wanted]++
			}
			votes[wanted] += float64(i.Upvotes + m.closedAs(i.Number, w.Until))
			asked[wanted] = append(asked[wanted], i.Author)
			for _, c := range m.comments {
				if c.Issue == i.Number && !c.IsBot && c.CreatedAt.Before(w.Until) && !slices.Contains([]string{"OWNER", "MEMBER", "COLLABORATOR"}, c.Association) {
					people[wanted][c.Author] = true
				}
			}
		}
		for wanted := range votes {
			for who := range people[wanted] {
				if !slices.Contains(asked[wanted], who) {
					votes[wanted]++
				}
			}
		}
		order = append(order, "a history", "dark mode")
		answers := map[string]int{}
		for _, wish := range m.wishes {
			name := wish.Said
			if wish.Issue != 0 {
				i := m.issues[wish.Issue-1]
				if !openAt(i, w.Until) || !m.had(i, w.Until, "enhancement") {
					continue
				}
				if name = said(i); i.SameAs != 0 {
					name = said(m.issues[i.SameAs-1])
				}
			}
			if wish.At.Before(w.Until) {
				answers[name]++
				votes[name]++
			}
		}
		place := func(name string) int {
			return slices.IndexFunc(order, func(o string) bool { return name == o || strings.HasPrefix(name, o+" (") })
		}
		for name, n := range answers {
			words := "survey answer"
			if n > 1 {
				words += "s"
				if !strings.HasPrefix(name, "#") {
					words += " without an issue"
				}
			}
			votes[fmt.Sprintf("%s (%d %s)", name, n, words)] = votes[name]
			delete(votes, name)
		}
		return expected{values: top(50, votes, func(a, b string) int { return place(a) - place(b) })}
	},
	"top_mention": func(m made, w model.Window) expected {
		best, any := 0.0, false
		for _, r := range m.mentions {
			if in(w, r.At) {
				best, any = max(best, float64(r.Score)), true
			}
		}
		if !any {
			return expected{}
		}
		return a(best)
	},
	"mentions_by_place": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, r := range m.mentions {
			if in(w, r.At) {
				values[r.Source]++
			}
		}
		return expected{values: values}
	},
	"mail_by_label": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, r := range m.mail {
			if !in(w, r.At) {
				continue
			}
			for _, label := range r.Labels {
				values[label]++
			}
			if len(r.Labels) == 0 {
				values[r.Kind]++
			}
		}
		return expected{values: values}
	},
	"pain_points": func(m made, w model.Window) expected {
		groups, first := painPoints(m, w)
		return expected{values: top(3, groups, func(a, b string) int { return first[a] - first[b] })}
	},
	"survey_themes": func(m made, w model.Window) expected {
		about, longer := map[string]float64{}, map[string]map[string]float64{}
		for _, s := range m.surveys {
			seen := map[string]bool{}
			for _, phrase := range s.Phrases {
				head := headOf(phrase)
				if !in(w, s.At) {
					continue
				}
				if longer[head] == nil {
					longer[head] = map[string]float64{}
				}
				if phrase != head {
					longer[head][phrase]++
				}
				if !seen[head] {
					seen[head] = true
					about[head]++
				}
			}
		}
		values := map[string]float64{}
		for head, n := range about {
			best := ""
			for phrase, times := range longer[head] {
				if times >= 2 && (best == "" || times > longer[head][best] || times == longer[head][best] && phrase < best) {
					best = phrase
				}
			}
			switch {
			case n < 2:
			case best == "":
				values[head] = n
			default:
				values[head+" ("+best+")"] = n
			}
		}
		return expected{values: values}
	},
	"downloads_per_day": func(m made, w model.Window) expected {
		sum, any := downloadsIn(m, w)
		sum /= w.Length().Hours() / 24
		if last := m.lastCount("homebrew", "", w); last != nil {
			sum, any = sum+float64(last.Downloads)/30, true
		}
		if !any {
			return expected{}
		}
		return a(sum)
	},
	"downloads_total": func(m made, w model.Window) expected {
		sum, any := 0.0, false
		for _, v := range m.versions {
			if !v.Uncounted {
				sum, any = sum+float64(v.Downloads), true
			}
		}
		if last := m.lastCount("docker", "", w); last != nil {
			sum, any = sum+float64(last.Downloads), true
		}
		if !any {
			return expected{}
		}
		return a(sum)
	},
	"downloads_by_registry": func(m made, w model.Window) expected {
		values := map[string]float64{}
		if last := m.lastCount("docker", "", w); last != nil {
			values["docker caro/caro"] = float64(last.Downloads)
		}
		return expected{values: values}
	},
	"downloads_by_system": func(m made, w model.Window) expected {
		values := map[string]float64{}
		for _, d := range m.downloads {
			if d.System != "" && in(wholeDays(w), d.Day) {
				values[d.System] += float64(d.Downloads)
			}
		}
		return expected{values: values}
	},
	"version_distribution": func(m made, w model.Window) expected {
		values := map[string]float64{}
		npm := m.lastCount("npm", "1.0.0", w)
		prefix := map[bool]string{true: "crates "}[npm != nil]
		told := false
		for _, d := range m.downloads {
			name := d.Version
			if name == "" {
				name = "older"
			}
			if in(wholeDays(w), d.Day) && d.Registry == "crates" {
				told = true
				values[prefix+name] += float64(d.Downloads)
			}
		}
		if npm != nil {
			values[map[bool]string{true: "npm "}[told]+"1.0.0"] = float64(npm.Downloads)
		}
		return expected{values: values}
	},
	"stars_per_week": gained(func(made) []time.Time { return nil }, func(r model.RepositoryRow) int { return r.Stars }),
	"forks_per_week": gained(func(m made) (all []time.Time) {
		for _, f := range m.forks {
			all = append(all, f.At)
		}
		return all
	}, func(r model.RepositoryRow) int { return r.Forks }),
	"new_contributors": firsts(func(i model.IssueRow) time.Time { return i.MergedAt }),
	"first_time_reporters": firsts(func(i model.IssueRow) time.Time {
		if i.PullRequest {
			return time.Time{}
		}
		return i.CreatedAt
	}),
}

// closedAs counts the issues that said the same as one and were closed by a time.
func (m made) closedAs(number int, until time.Time) int {
	n := 0
	for _, d := range m.issues {
		if d.ClosedAs == number && !d.CreatedAt.After(until) && !d.ClosedAt.IsZero() && !d.ClosedAt.After(until) {
			n++
		}
	}
	return n
}
