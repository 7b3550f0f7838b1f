-- question: Do they do something?
-- priority: P1
-- window: 7d
-- source: telemetry
-- target: >= 3

SELECT (SELECT count(*) FROM command_generation_events WHERE created_at >= $1 AND created_at < $2) AS part,
       (SELECT count(*) FROM session_start_events WHERE created_at >= $1 AND created_at < $2) AS whole
