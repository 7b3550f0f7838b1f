-- title: Opt-outs by time
-- description: Users a day who opted out, by whether they had generated a command before.
-- unit: users
-- section: Privacy and security
-- order: 5
-- digest: User engagement
-- priority: P1
-- window: 7d
-- days: whole
-- source: telemetry
--
-- At the first start it is a matter of the message that asks, later of the
-- value. The mean over the days on which somebody used it, as of the opt-out rate: ids
-- in exports change daily, so there a command counts on the same day.

WITH quit AS (
    SELECT user_session_id, min(created_at) AS first FROM telemetry_consent_events
    WHERE opted_out AND created_at >= $1 AND created_at < $2
    GROUP BY 1
), used AS (
    SELECT user_session_id, min(created_at) AS first FROM command_generation_events
    WHERE created_at < $2 AND user_session_id IN (SELECT user_session_id FROM quit)
    GROUP BY 1
), days AS (
    SELECT count(DISTINCT floor(extract(epoch FROM created_at) / 86400)) AS n
    FROM (
        SELECT created_at FROM session_start_events WHERE created_at >= $1 AND created_at < $2
        UNION ALL
        SELECT created_at FROM telemetry_consent_events WHERE created_at >= $1 AND created_at < $2
    ) AS seen
)
SELECT CASE WHEN used.first < quit.first THEN 'after use' ELSE 'before the first command' END AS key, count(*) * 1.0 / (SELECT n FROM days) AS value
FROM quit LEFT JOIN used ON used.user_session_id = quit.user_session_id
GROUP BY 1
