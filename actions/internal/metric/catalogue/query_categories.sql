-- title: Commands by category
-- description: Commands by category.
-- unit: commands
-- section: Features
-- order: 3
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(metadata->>'category', 'not told') AS key, count(*) AS value FROM command_generation_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1
