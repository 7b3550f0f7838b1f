-- question: How much work is done?
-- priority: P2
-- window: 7d
-- source: telemetry
-- target: growing

SELECT count(*) AS value FROM command_generation_events WHERE created_at >= $1 AND created_at < $2
