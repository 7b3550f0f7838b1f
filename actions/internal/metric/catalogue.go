package metric

// entry is a metric of the catalogue: its id, which it keeps everywhere, and
// its unit.
type entry struct{ id, unit string }

// catalogue is in the order of the plan.
var catalogue = []entry{
	{"crash_rate", "%"},
	{"p0_bugs", "issues"},
	{"privacy_leaks", "issues"},
	{"yanked_versions", "versions"},
	{"total_sessions", "sessions"},
	{"pii_in_telemetry", "findings"},
	{"vulnerabilities", "alerts"},
	{"telemetry_opt_out_rate", "%"},
	{"privacy_concern_rate", "%"},
	{"installation_failure_rate", "%"},
	{"install_script_errors", "%"},
	{"platform_failures", "%"},
	{"command_success_rate", "%"},
	{"success_rate_by_category", "%"},
	{"static_hit_rate", "%"},
	{"generation_time_p50", "ms"},
	{"generation_time_p95", "ms"},
	{"safety_block_rate", "%"},
	{"safety_block_distribution", "blocks"},
	{"backend_distribution", "commands"},
	{"daily_active_users", "users"},
	{"sessions_per_user", "sessions"},
	{"commands_per_session", "commands"},
	{"week_retention", "%"},
	{"power_users", "users"},
	{"commands_generated", "commands"},
	{"bugs_per_week", "issues"},
	{"open_bugs", "issues"},
	{"issues_by_label", "issues"},
	{"priority_flow", "issues"},
	{"time_to_first_response", "hours"},
	{"time_to_close", "hours"},
	{"unanswered_issues", "issues"},
	{"issue_sentiment", "score"},
	{"positive_mentions", "%"},
	{"discussion_engagement", "posts"},
	{"nps", "score"},
	{"satisfaction", "score"},
	{"feature_requests", "votes"},
	{"pain_points", "reports"},
	{"os_distribution", "users"},
	{"architecture_distribution", "users"},
	{"shell_distribution", "users"},
	{"telemetry_command_usage", "uses"},
	{"air_gapped_adoption", "%"},
	{"query_categories", "commands"},
	{"downloads_per_day", "downloads"},
	{"downloads_total", "downloads"},
	{"version_distribution", "downloads"},
	{"stars_per_week", "stars"},
	{"forks_per_week", "forks"},
	{"new_contributors", "people"},
	{"first_time_reporters", "people"},
}

// IDs are the catalogue's ids, in the order of the plan.
func IDs() []string {
	ids := make([]string, len(catalogue))
	for i, e := range catalogue {
		ids[i] = e.id
	}
	return ids
}

// UnitOf is the unit of a metric of the catalogue; empty where there is none
// of that id.
func UnitOf(id string) string {
	for _, e := range catalogue {
		if e.id == id {
			return e.unit
		}
	}
	return ""
}

func known(id string) bool { return UnitOf(id) != "" }
