-- title: Command success rate
-- description: Commands that succeeded or were rightly blocked, as a share of all commands.
-- unit: %
-- cases: commands
-- section: Command generation
-- order: 1
-- digest: System health
-- tile: yes
-- priority: P1
-- window: 3d, 24h, 7d
-- action: Read the failures of the worst category, and fix the first cause
-- source: telemetry
-- target: >= 80%
-- baseline: 94.8% (test suite)
-- warning: < 75%
-- bands: excellent > 90%, good >= 80%, acceptable >= 70%, concerning < 70%
-- note: Below 80%, investigate the commands that fail most. Safety blocks count as successes; mistyped requests are unavoidable failures.
--
-- A dangerous command that was refused is a success.

SELECT count(*) FILTER (WHERE CASE WHEN success THEN true ELSE coalesce(metadata->>'error_category', '') IN ('blocked', 'safety', 'safety_block', 'safety_blocked') END) AS part, count(*) AS whole
FROM command_generation_events
WHERE created_at >= $1 AND created_at < $2
