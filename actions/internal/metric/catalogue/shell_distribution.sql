-- title: Shells
-- description: Users by shell.
-- unit: users
-- section: Platforms
-- order: 3
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(metadata->>'shell_type', 'not told') AS key, count(DISTINCT user_session_id) AS value
FROM session_start_events
WHERE created_at >= $1 AND created_at < $2
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 5
