-- title: Generation time, 95th percentile
-- description: Time within which 95% of commands are generated.
-- unit: ms
-- cases: commands
-- section: Command generation
-- order: 5
-- digest: System health
-- tile: yes
-- priority: P1
-- window: 3d
-- action: Profile the slowest backend
-- source: telemetry
-- target: < 2000ms
-- warning: > 5000ms
-- empty: no command was timed

SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY generation_time_ms) AS value, count(generation_time_ms) AS sample
FROM command_generation_events
WHERE created_at >= $1 AND created_at < $2
