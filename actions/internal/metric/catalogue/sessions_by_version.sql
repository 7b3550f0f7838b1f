-- title: Sessions by version
-- description: Sessions by the version that they ran.
-- unit: sessions
-- section: System health
-- order: 7
-- digest: System health
-- priority: P2
-- window: 7d, 24h
-- source: telemetry

SELECT coalesce(metadata->>'version', 'not told') AS key, count(*) AS value
FROM session_start_events
WHERE created_at >= $1 AND created_at < $2
GROUP BY 1
