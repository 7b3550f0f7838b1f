-- title: Backend errors by type
-- description: Backend errors by their type, recoverable ones included.
-- unit: errors
-- section: System health
-- order: 6
-- digest: System health
-- priority: P1
-- window: 7d
-- source: telemetry

SELECT coalesce(error_type, 'not told') AS key, count(*) AS value
FROM backend_error_events
WHERE created_at >= $1 AND created_at < $2
GROUP BY 1
