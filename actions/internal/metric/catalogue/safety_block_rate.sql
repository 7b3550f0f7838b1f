-- title: Safety block rate
-- description: Validations that blocked a command, as a share of all validations.
-- unit: %
-- cases: validations
-- section: Command generation
-- order: 6
-- digest: System health
-- priority: P1
-- window: 3d
-- action: Look at the most blocked pattern: is it too wide?
-- source: telemetry
-- target: < 5%

SELECT count(*) FILTER (WHERE blocked) AS part, count(*) AS whole FROM safety_validation_events WHERE created_at >= $1 AND created_at < $2
