-- question: What is asked most, and least?
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(metadata->>'category', 'not told') AS key, count(*) AS value FROM command_generation_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1
