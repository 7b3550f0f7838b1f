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
-- window: the text after the time, 16 digits of microseconds, of the latest.

WITH ran AS (
    SELECT user_session_id, max(CAST(extract(epoch FROM created_at) * 1000000 AS bigint)::text || ' ' || (metadata->>'version')) AS told
    FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2
    GROUP BY 1
), used AS (
    SELECT user_session_id, count(*) FILTER (WHERE CASE WHEN success THEN true ELSE coalesce(metadata->>'error_category', '') IN ('blocked', 'safety', 'safety_block', 'safety_blocked') END) AS part, count(*) AS whole
    FROM command_generation_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1
)
SELECT coalesce(substr(told, 18), 'not told') AS key, sum(part) AS part, sum(whole) AS whole
FROM used LEFT JOIN ran ON ran.user_session_id = used.user_session_id
GROUP BY 1
