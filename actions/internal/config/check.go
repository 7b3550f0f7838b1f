package config

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/aftercare/aftercare/actions/internal/alert"
	"github.com/aftercare/aftercare/actions/internal/change"
	"github.com/aftercare/aftercare/actions/internal/diag"
	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
	"github.com/aftercare/aftercare/actions/internal/metric"
)

// check lets each room look at its page, and puts its mistakes into their
// places. What only follows from a mistake in reading is not told.
func (r *reader) check(root *yaml.Node, book *Book) {
	if r.endless() {
		return
	}
	unsure := r.unsure(root)
	for _, m := range book.mistakes(root, r.halfRead(root, book)) {
		if trail := find(root, m.Path); !r.follows(root, m, trail, unsure) {
			r.add(trail[len(trail)-1], "%s", m.Text)
		}
	}
}

// mistakes are those that the rooms find on their pages. Own are metrics that
// are there, though not as they should be.
func (b *Book) mistakes(root *yaml.Node, own []string) []diag.Mistake {
	var found []diag.Mistake
	under := func(some []diag.Mistake, path ...any) {
		found = append(found, diag.Under(some, path...)...)
	}
	labels, metrics, channels := b.labelNames(), append(b.metricIDs(), own...), b.Channels.Names()
	if child(root, "release") != nil {
		under(b.Release.Validate(), "release")
	}
	under(checkLabels(b.Labels), "labels")
	under(b.vocabulary().Validate())
	for i, rule := range b.Triage {
		under(rule.Validate(labels), "triage", i)
		under(rule.UnknownLists(b.vocabulary()), "triage", i)
	}
	for i, name := range channels {
		under(b.Channels[name].Validate(), "channels", name)
		if hasFold(channels[:i], name) {
			under([]diag.Mistake{diag.At(nil, "duplicate channel %q (names differ in case only)", name)}, "channels", name)
		}
	}
	for i, route := range b.Routes {
		under(route.Validate(alert.Known{Labels: labels, Metrics: metrics, Channels: channels}), "routes", i)
	}
	for i, silence := range b.Silence {
		under(silence.Validate(alert.Known{Labels: labels, Metrics: metrics}), "silence", i)
	}
	under(b.Inhibits.Validate(metrics), "inhibits")
	under(b.People.Validate(), "people")
	under(b.Similar.validate(), "similar")
	under(b.Sources.validate(), "sources")
	under(b.checkMetrics(), "metrics")
	under(b.checkDigest(labels, channels), "digest")
	under(append(unknownNames("label", "labels", b.Gate.Labels, labels), b.Gate.Validate(metrics)...), "gate")
	under(b.checkUnits(), "gate")
	under(b.Reports.validate(), "reports")
	return found
}

func (b *Book) labelNames() []string {
	names := make([]string, len(b.Labels))
	for i, l := range b.Labels {
		names[i] = l.Name
	}
	return names
}

// metricIDs are the catalogue's and the user's own.
func (b *Book) metricIDs() []string {
	ids := append([]string{}, metric.IDs()...)
	for _, m := range b.Metrics {
		if m.SQL != "" {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

var (
	colorForm = lazyregexp.New(`^[0-9a-fA-F]{6}$`)
	// maxLabel is the length of a label's name that GitHub takes, in
	// characters; maxDescription that of its description.
	maxLabel, maxDescription = 50, 100
)

func checkLabels(labels []change.Label) []diag.Mistake {
	var found []diag.Mistake
	seen := map[string]bool{}
	for i, l := range labels {
		name := strings.ToLower(l.Name)
		switch {
		case strings.TrimSpace(l.Name) == "":
			found = append(found, diag.At([]any{i}, "a label needs `name`"))
		case len([]rune(l.Name)) > maxLabel:
			found = append(found, diag.At([]any{i, "name"}, "a label's name has at most %d characters", maxLabel))
		case seen[name]:
			found = append(found, diag.At([]any{i, "name"}, "duplicate label %q", l.Name))
		}
		seen[name] = true
		if l.Color != "" && !colorForm.MatchString(l.Color) {
			found = append(found, diag.At([]any{i, "color"}, "%q is not a color: expected six hex digits such as b60205, without #; quote them where they are all digits", l.Color))
		}
		if len([]rune(l.Description)) > maxDescription {
			found = append(found, diag.At([]any{i, "description"}, "a label's description has at most %d characters", maxDescription))
		}
	}
	return found
}

func (b *Book) checkMetrics() []diag.Mistake {
	var found []diag.Mistake
	seen := map[string]bool{}
	for i, m := range b.Metrics {
		if seen[m.ID] && m.ID != "" {
			found = append(found, diag.At([]any{i, "id"}, "duplicate metric %q", m.ID))
		}
		seen[m.ID] = true
		found = append(found, diag.Under(m.Definition.Validate(SourceNames()), i)...)
		found = append(found, diag.Under(m.Thresholds.Validate(m.unit()), i)...)
	}
	return found
}

// unit is the metric's own, or that of the catalogue's metric that it names.
func (m Metric) unit() string {
	if m.Unit != "" {
		return m.Unit
	}
	return metric.UnitOf(m.ID)
}

func (b *Book) checkDigest(labels, channels []string) []diag.Mistake {
	return append(unknownNames("label", "labels", b.Digest.Labels, labels), unknownNames("channel", "to", b.Digest.To, channels)...)
}

func unknownNames(kind, key string, given, known []string) []diag.Mistake {
	var found []diag.Mistake
	for i, name := range given {
		if !hasFold(known, name) || kind == "channel" && !slices.Contains(known, name) {
			found = append(found, diag.At([]any{key, i}, "%s", diag.Unknown(kind, name, known)))
		}
	}
	return found
}

func hasFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

var branchForm = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)

func (r Reports) validate() []diag.Mistake {
	var found []diag.Mistake
	if r.Branch != "" && (!branchForm.MatchString(r.Branch) || strings.Contains(r.Branch, "..")) {
		found = append(found, diag.At([]any{"branch"}, "%q is not a branch", r.Branch))
	}
	if strings.HasPrefix(r.Path, "/") || strings.Contains(r.Path, "..") {
		found = append(found, diag.At([]any{"path"}, "%q: expected a folder in the repository", r.Path))
	}
	if strings.ContainsAny(r.Commit, "\r\n#@") {
		found = append(found, diag.At([]any{"commit"}, "%q: expected one line without # and @", r.Commit))
	}
	return found
}
