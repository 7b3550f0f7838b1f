-- title: Safety blocks by pattern
-- description: Blocked commands by the safety pattern that matched.
-- unit: blocks
-- section: Command generation
-- order: 7
-- digest: System health
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT coalesce(pattern_matched, 'not told') AS key, count(*) AS value FROM safety_validation_events WHERE blocked AND created_at >= $1 AND created_at < $2 GROUP BY 1
