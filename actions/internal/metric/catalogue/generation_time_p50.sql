-- title: Generation time, median
-- description: Median time to generate a command.
-- unit: ms
-- cases: commands
-- section: Command generation
-- order: 4
-- digest: System health
-- priority: P1
-- window: 3d
-- action: Profile the most common command
-- source: telemetry
-- target: < 100ms
-- empty: no command was timed

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY generation_time_ms) AS value, count(generation_time_ms) AS sample
FROM command_generation_events
WHERE created_at >= $1 AND created_at < $2
