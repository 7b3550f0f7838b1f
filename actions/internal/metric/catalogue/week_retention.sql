-- title: Week 1 to week 2 retention
-- description: Users of the release's first week who were seen again in its second, as a share of the users of the first.
-- unit: %
-- cases: users
-- section: Engagement
-- order: 4
-- digest: User engagement
-- priority: P1
-- window: 7d
-- action: Ask users who did not come back why
-- source: telemetry
-- target: >= 60%
-- exports: no, it needs a user id that stays the same from week to week, and the ids in exports change daily
-- empty: the second week of the release is not over, or nobody used it in the first
--
-- Once the second week is over, the figure is the same for good.

WITH first AS (
    SELECT DISTINCT user_session_id FROM session_start_events
    WHERE created_at >= {{shipped}} AND created_at < {{shipped}} + INTERVAL '7 days'
), again AS (
    SELECT DISTINCT user_session_id FROM session_start_events
    WHERE created_at >= {{shipped}} + INTERVAL '7 days' AND created_at < {{shipped}} + INTERVAL '14 days'
), known AS (
    SELECT $1::timestamptz < $2::timestamptz AND $2::timestamptz >= {{shipped}} + INTERVAL '14 days' AS over
)
SELECT CASE WHEN (SELECT over FROM known) THEN count(again.user_session_id) END AS part, CASE WHEN (SELECT over FROM known) THEN count(*) END AS whole
FROM first LEFT JOIN again ON again.user_session_id = first.user_session_id
