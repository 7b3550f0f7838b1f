-- title: Daily active users
-- description: Distinct users a day, as a mean over the last whole days (UTC).
-- unit: users
-- section: Engagement
-- order: 1
-- digest: User engagement
-- tile: yes
-- priority: P1
-- window: 3d
-- action: Compare the days: which version or platform lost users
-- days: mean
-- source: telemetry
-- target: growing
-- empty: nobody used it
--
-- The users of each day, over the days of the window. Days before the release count
-- where somebody used it then.

SELECT sum(users) / (extract(epoch FROM $2::timestamptz - $1::timestamptz) / 86400) AS value
FROM (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, count(DISTINCT user_session_id) AS users
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1
) AS days
