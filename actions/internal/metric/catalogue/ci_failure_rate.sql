-- title: CI failure rate
-- description: Runs of workflows that failed or timed out, of those that pushes to the release branch started and that succeeded or failed.
-- unit: %
-- cases: runs
-- section: System health
-- order: 10
-- digest: System health
-- priority: P1
-- window: 7d
-- action: Mend the workflow that fails most often
-- source: ci
-- target: < 10%
-- warning: > 25%
--
-- A run that was cancelled or skipped says nothing of the branch.

SELECT count(*) FILTER (WHERE conclusion IN ('failure', 'timed_out', 'startup_failure')) AS part, count(*) AS whole
FROM ci_runs
WHERE created_at >= $1 AND created_at < $2 AND conclusion IN ('success', 'failure', 'timed_out', 'startup_failure')
