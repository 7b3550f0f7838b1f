-- title: Commands generated
-- description: Commands that were generated.
-- unit: commands
-- section: Engagement
-- order: 6
-- digest: User engagement
-- priority: P2
-- window: 7d
-- action: Ask users who stopped what they use instead
-- source: telemetry
-- target: growing

SELECT count(*) AS value FROM command_generation_events WHERE created_at >= $1 AND created_at < $2
