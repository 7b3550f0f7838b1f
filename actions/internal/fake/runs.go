package fake

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// workflowRun is a run of a workflow.
type workflowRun struct {
	id         int64
	workflow   string // the path of its file
	branch     string
	event      string
	status     string // completed, in_progress
	conclusion string // empty while it lasts
	createdAt  time.Time
}

// RunWorkflow lets a workflow run, such as .github/workflows/ci.yml on a branch by
// a push, and end with a conclusion; an empty one leaves it running. It tells the
// run's id.
func (r *Repository) RunWorkflow(path, branch, event, conclusion string) int64 {
	defer r.lock()()
	run := &workflowRun{id: int64(7000 + len(r.runs)), workflow: path, branch: branch, event: event, status: "completed", conclusion: conclusion, createdAt: r.now()}
	if conclusion == "" {
		run.status = "in_progress"
	}
	r.runs = append(r.runs, run)
	return run.id
}

// Conclude ends a run, or ends its repetition otherwise.
func (r *Repository) Conclude(id int64, conclusion string) {
	defer r.lock()()
	run := r.runs[id-7000]
	run.status, run.conclusion = "completed", conclusion
}

func (g *GitHub) routesOfRuns() {
	g.handle("GET /repos/{owner}/{repo}/actions/runs", "actions: read", listRuns, "branch", "event", "status", "created", "per_page", "page")
}

func listRuns(c *call) answer {
	var found []*workflowRun
	for _, run := range c.repo.runs {
		if cmp.Or(c.get("branch"), run.branch) == run.branch && cmp.Or(c.get("event"), run.event) == run.event && (c.get("status") == "" || c.get("status") == run.status || c.get("status") == run.conclusion) {
			found = append(found, run)
		}
	}
	slices.Reverse(found)
	// GitHub shows a thousand of a search.
	said := page(c, found[:min(len(found), 1000)], c.repo.runShape)
	said.body = map[string]any{"total_count": len(found), "workflow_runs": said.body}
	return said
}

func (r *Repository) runShape(run *workflowRun) map[string]any {
	at := fmt.Sprintf("%s/actions/runs/%d", r.api(), run.id)
	var conclusion any
	if run.conclusion != "" {
		conclusion = run.conclusion
	}
	return map[string]any{
		"id": run.id, "node_id": nodeID("WorkflowRun", run.id), "name": "CI", "head_branch": run.branch, "head_sha": "009b8a3a9ccbb128af87f9b1c0f4c62e8a304f6d", "path": run.workflow, "display_title": "CI",
		"run_number": run.id - 6999, "run_attempt": 1, "event": run.event, "status": run.status, "conclusion": conclusion, "workflow_id": 42, "check_suite_id": 43, "check_suite_node_id": "MDEwOkNoZWNrU3VpdGU1",
		"url": at, "html_url": fmt.Sprintf("%s/actions/runs/%d", r.web(), run.id), "pull_requests": []any{}, "created_at": run.createdAt, "updated_at": run.createdAt, "run_started_at": run.createdAt,
		"jobs_url": at + "/jobs", "logs_url": at + "/logs", "check_suite_url": r.api() + "/check-suites/43", "artifacts_url": at + "/artifacts", "cancel_url": at + "/cancel", "rerun_url": at + "/rerun",
		"workflow_url": r.api() + "/actions/workflows/42", "previous_attempt_url": nil, "head_commit": nil, "repository": r.shape(), "head_repository": r.shape(),
	}
}
