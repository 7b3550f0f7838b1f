-- title: Command success by category
-- description: The command success rate of each category of commands.
-- unit: %
-- cases: commands
-- section: Command generation
-- order: 2
-- digest: System health
-- priority: P1
-- window: 7d
-- source: telemetry
-- worst: lowest

SELECT coalesce(metadata->>'category', 'not told') AS key, count(*) FILTER (WHERE CASE WHEN success THEN true ELSE coalesce(metadata->>'error_category', '') IN ('blocked', 'safety', 'safety_block', 'safety_blocked') END) AS part, count(*) AS whole
FROM command_generation_events
WHERE created_at >= $1 AND created_at < $2
GROUP BY 1
