-- title: Static matcher hit rate
-- description: Commands answered by the static backend, as a share of all commands.
-- unit: %
-- cases: commands
-- section: Command generation
-- order: 3
-- digest: System health
-- priority: P1
-- window: 3d
-- action: Add patterns for the categories that miss most
-- source: telemetry
-- target: >= 60%
-- warning: < 50%

SELECT count(*) FILTER (WHERE backend_used = 'static') AS part, count(*) AS whole FROM command_generation_events WHERE created_at >= $1 AND created_at < $2
