-- title: Commands per session
-- description: Commands divided by the sessions in which they were generated.
-- unit: commands
-- cases: commands, sessions
-- section: Engagement
-- order: 3
-- digest: User engagement
-- priority: P1
-- window: 7d
-- action: Look at where sessions end after one command
-- source: telemetry
-- target: >= 3

SELECT (SELECT count(*) FROM command_generation_events WHERE created_at >= $1 AND created_at < $2) AS part,
       (SELECT count(*) FROM session_start_events WHERE created_at >= $1 AND created_at < $2) AS whole
