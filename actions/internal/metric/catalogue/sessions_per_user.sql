-- title: Sessions per user per week
-- description: Sessions divided by the users who started them.
-- unit: sessions
-- cases: sessions, users
-- section: Engagement
-- order: 2
-- digest: User engagement
-- priority: P1
-- window: 7d
-- action: Ask users what keeps them from using it more often
-- source: telemetry
-- target: >= 5
-- exports: no, it needs a user id that stays the same for a week, and the ids in exports change daily

SELECT count(*) AS part, count(DISTINCT user_session_id) AS whole FROM session_start_events WHERE created_at >= $1 AND created_at < $2
