package fake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// alert is a Dependabot alert.
type alert struct {
	number    int
	pkg       string
	severity  string
	state     string // open, fixed, dismissed
	createdAt time.Time
	updatedAt time.Time
	fixedAt   *time.Time
}

// advisory is a security advisory of the repository.
type advisory struct {
	ghsa        string
	summary     string
	severity    string
	state       string // draft, published
	author      *user
	createdAt   time.Time
	publishedAt *time.Time
}

// VulnerableDependency raises a Dependabot alert (severity low, medium, high or
// critical) and tells its number.
func (r *Repository) VulnerableDependency(pkg, severity string) int {
	defer r.lock()()
	a := &alert{number: len(r.alerts) + 1, pkg: pkg, severity: severity, state: "open", createdAt: r.now(), updatedAt: r.now()}
	r.alerts = append(r.alerts, a)
	return a.number
}

// FixDependency ends an alert.
func (r *Repository) FixDependency(number int) {
	defer r.lock()()
	a, now := r.alerts[number-1], r.now()
	a.state, a.fixedAt, a.updatedAt = "fixed", &now, now
}

// PublishAdvisory discloses a vulnerability of the project itself, and tells its
// id.
func (r *Repository) PublishAdvisory(author, summary, severity string) string {
	defer r.lock()()
	now := r.now()
	a := &advisory{
		ghsa: fmt.Sprintf("GHSA-2222-3333-%04d", len(r.advisories)+2222), summary: summary, severity: severity, state: "published",
		author: r.hub.user(author), createdAt: now, publishedAt: &now,
	}
	r.advisories = append(r.advisories, a)
	return a.ghsa
}

func (r *Repository) alertShape(a *alert) map[string]any {
	id := fmt.Sprintf("GHSA-xxxx-%04d-2222", a.number)
	pkg := map[string]any{"ecosystem": "rust", "name": a.pkg}
	vulnerability := map[string]any{
		"package": pkg, "severity": a.severity, "vulnerable_version_range": "< 2.0.0",
		"first_patched_version": map[string]any{"identifier": "2.0.0"},
	}
	score := map[string]any{"vector_string": nil, "score": 0}
	return map[string]any{
		"number": a.number, "state": a.state,
		"dependency": map[string]any{"package": pkg, "manifest_path": "Cargo.lock", "scope": "runtime", "relationship": "direct"},
		"security_advisory": map[string]any{
			"ghsa_id": id, "cve_id": nil, "summary": "A vulnerability in " + a.pkg, "description": "A vulnerability in " + a.pkg + ".",
			"severity": a.severity, "identifiers": []any{map[string]any{"value": id, "type": "GHSA"}}, "references": []any{},
			"published_at": a.createdAt, "updated_at": a.createdAt, "withdrawn_at": nil, "vulnerabilities": []any{vulnerability},
			"cvss": score, "cwes": []any{}, "cvss_severities": map[string]any{"cvss_v3": score, "cvss_v4": score},
		},
		"security_vulnerability": vulnerability, "url": fmt.Sprintf("%s/dependabot/alerts/%d", r.api(), a.number),
		"html_url":   fmt.Sprintf("%s/security/dependabot/%d", r.web(), a.number),
		"created_at": a.createdAt, "updated_at": a.updatedAt, "dismissed_at": nil, "dismissed_by": nil, "dismissed_reason": nil,
		"dismissed_comment": nil, "fixed_at": a.fixedAt, "auto_dismissed_at": nil,
	}
}

func (r *Repository) advisoryShape(a *advisory) map[string]any {
	author := r.hub.shapeOf(a.author)
	return map[string]any{
		"ghsa_id": a.ghsa, "cve_id": nil, "url": r.api() + "/security-advisories/" + a.ghsa,
		"html_url": r.web() + "/security/advisories/" + a.ghsa, "summary": a.summary, "description": a.summary, "severity": a.severity,
		"author": author, "publisher": author, "identifiers": []any{map[string]any{"type": "GHSA", "value": a.ghsa}},
		"state": a.state, "created_at": a.createdAt, "updated_at": a.createdAt, "published_at": a.publishedAt, "closed_at": nil,
		"withdrawn_at": nil, "submission": nil, "vulnerabilities": []any{}, "cvss": nil, "cwes": []any{}, "cwe_ids": []any{},
		"credits": []any{}, "credits_detailed": []any{}, "collaborating_users": []any{}, "collaborating_teams": []any{}, "private_fork": nil,
	}
}

func (g *GitHub) routesOfSecurity() {
	const alerts = "vulnerability-alerts: read|security-events: read"
	g.handle("GET /repos/{owner}/{repo}/dependabot/alerts", alerts, listAlerts, "state", "severity", "sort", "direction", "per_page", "before", "after")
	g.handle("GET /repos/{owner}/{repo}/security-advisories", "repository-advisories: read|metadata: read", listAdvisories,
		"state", "sort", "direction", "per_page", "before", "after")
}

// newestFirst turns a listing round where the call wants it ascending.
func newestFirst[T any](c *call, found []T) []T {
	if c.get("direction") != "asc" {
		slices.Reverse(found)
	}
	return found
}

func listAlerts(c *call) answer {
	var found []*alert
	for _, a := range c.repo.alerts {
		if listed(c.get("state"), a.state) && listed(c.get("severity"), a.severity) {
			found = append(found, a)
		}
	}
	return cursors(c, newestFirst(c, found), c.repo.alertShape)
}

// listed reports whether a value is among those asked for; none asks for all.
func listed(asked, value string) bool {
	return asked == "" || slices.Contains(strings.Split(asked, ","), value)
}

func listAdvisories(c *call) answer {
	var found []*advisory
	for _, a := range c.repo.advisories {
		if cmp.Or(c.get("state"), a.state) == a.state {
			found = append(found, a)
		}
	}
	return cursors(c, newestFirst(c, found), c.repo.advisoryShape)
}
