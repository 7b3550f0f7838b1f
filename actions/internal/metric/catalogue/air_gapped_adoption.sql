-- title: Air-gapped share of users
-- description: Sessions that arrive as exports, as a share of all sessions.
-- unit: %
-- cases: sessions
-- section: Features
-- order: 2
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry
-- exports: no, exports are the only source here, so every user is one of them

SELECT count(*) FILTER (WHERE (metadata->>'origin') = 'export') AS part, count(*) AS whole FROM session_start_events WHERE created_at >= $1 AND created_at < $2
