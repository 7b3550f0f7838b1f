-- title: Generation time, mean
-- description: Mean time to generate a command.
-- unit: ms
-- cases: commands
-- section: Command generation
-- order: 10
-- digest: System health
-- priority: P1
-- window: 3d
-- source: telemetry
-- empty: no command was timed

SELECT avg(generation_time_ms) AS value, count(generation_time_ms) AS sample
FROM command_generation_events
WHERE created_at >= $1 AND created_at < $2
