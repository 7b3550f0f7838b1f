-- question: How often do we refuse?
-- priority: P1
-- window: 3d
-- source: telemetry
-- target: < 5%

SELECT count(*) FILTER (WHERE blocked) AS part, count(*) AS whole FROM safety_validation_events WHERE created_at >= $1 AND created_at < $2
