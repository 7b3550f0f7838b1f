-- title: Week 1 to week 2 retention
-- description: Users of one week who were seen again in the next, as a share of the users of the first.
-- unit: %
-- section: Engagement
-- order: 4
-- digest: User engagement
-- priority: P1
-- window: 7d
-- source: telemetry
-- target: >= 60%
-- exports: no, the id in an export changes daily, so nobody can be followed from week to week

WITH before AS (
    SELECT DISTINCT user_session_id FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '7 days' AND created_at < $1
)
SELECT count(*) FILTER (WHERE user_session_id IN (SELECT user_session_id FROM session_start_events WHERE created_at >= $1 AND created_at < $2)) AS part, count(*) AS whole
FROM before
