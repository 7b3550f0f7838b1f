-- title: Commands by backend
-- description: Commands by the backend that generated them.
-- unit: commands
-- section: Command generation
-- order: 8
-- digest: System health
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(backend_used, 'not told') AS key, count(*) AS value FROM command_generation_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1
