-- title: Command success by version
-- description: The command success rate of each version.
-- unit: %
-- section: Command generation
-- order: 11
-- digest: System health
-- priority: P1
-- window: 7d
-- source: telemetry
--
-- The version is that of the session's latest start, at most a day before the
-- window.

WITH ran AS (
    SELECT user_session_id, (metadata->>'version') AS version, row_number() OVER (PARTITION BY user_session_id ORDER BY created_at DESC, (metadata->>'version') DESC) AS back
    FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2 AND (metadata->>'version') IS NOT NULL
)
SELECT coalesce(ran.version, 'not told') AS key, count(*) FILTER (WHERE (c.success OR coalesce(c.metadata->>'error_category', '') IN ('blocked', 'safety', 'safety_block', 'safety_blocked'))) AS part, count(*) AS whole
FROM command_generation_events c LEFT JOIN ran ON ran.user_session_id = c.user_session_id AND ran.back = 1
WHERE c.created_at >= $1 AND c.created_at < $2
GROUP BY 1
