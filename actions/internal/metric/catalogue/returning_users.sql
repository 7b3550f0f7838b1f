-- title: Users who returned on another day
-- description: Users with sessions on two or more days, as a share of all users.
-- unit: %
-- cases: users
-- section: Engagement
-- order: 7
-- digest: User engagement
-- priority: P1
-- window: 7d
-- source: telemetry
-- exports: no, it needs a user id that stays the same from day to day, and the ids in exports change daily

SELECT count(*) FILTER (WHERE last > first) AS part, count(*) AS whole
FROM (
    SELECT user_session_id, floor(extract(epoch FROM min(created_at)) / 86400) AS first, floor(extract(epoch FROM max(created_at)) / 86400) AS last
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1
) AS users
