-- title: Command success by version
-- description: The command success rate of each version.
-- unit: %
-- cases: commands
-- section: Command generation
-- order: 11
-- digest: System health
-- priority: P1
-- window: 7d
-- source: telemetry
-- worst: lowest
--
-- The version is that of the session's latest start, at most a day before the
-- window.

WITH told AS (
    SELECT user_session_id, created_at, metadata->>'version' AS version
    FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2
), latest AS (
    SELECT user_session_id, max(created_at) AS last FROM told WHERE version IS NOT NULL GROUP BY 1
), ran AS (
    SELECT told.user_session_id, max(version) AS version
    FROM told JOIN latest ON latest.user_session_id = told.user_session_id AND latest.last = told.created_at
    GROUP BY 1
), used AS (
    SELECT user_session_id, count(*) FILTER (WHERE (success OR coalesce(metadata->>'error_category', '') IN ('blocked', 'safety', 'safety_block', 'safety_blocked'))) AS part, count(*) AS whole
    FROM command_generation_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1
)
SELECT coalesce(ran.version, 'not told') AS key, sum(part) AS part, sum(whole) AS whole
FROM used LEFT JOIN ran ON ran.user_session_id = used.user_session_id
GROUP BY 1
