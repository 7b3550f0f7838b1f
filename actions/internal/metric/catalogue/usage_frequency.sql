-- title: Users by frequency of use
-- description: Users by the days of the week on which they used it: daily is five or more, weekly two to four, occasional one.
-- unit: users
-- section: Engagement
-- order: 8
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry
-- exports: no, it needs a user id that stays the same for a week, and the ids in exports change daily

SELECT CASE WHEN days >= 5 THEN 'daily' WHEN days >= 2 THEN 'weekly' ELSE 'occasional' END AS key, count(*) AS value
FROM (
    SELECT user_session_id, count(DISTINCT floor(extract(epoch FROM created_at) / 86400)) AS days
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1
) AS users
GROUP BY 1
