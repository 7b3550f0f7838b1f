-- title: Operating systems
-- description: Users by operating system.
-- unit: users
-- section: Platforms
-- order: 1
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(metadata->>'os_name', 'not told') AS key, count(DISTINCT user_session_id) AS value
FROM session_start_events
WHERE created_at >= $1 AND created_at < $2
GROUP BY 1
