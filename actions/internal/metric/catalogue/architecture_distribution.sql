-- title: Architectures
-- description: Users a day by processor architecture, with their shares.
-- unit: users
-- section: Platforms
-- order: 2
-- digest: User engagement
-- priority: P2
-- window: 7d
-- days: whole
-- source: telemetry
--
-- The distinct users of each day, as a mean over the days on which somebody used
-- it: ids in exports change daily.

WITH users AS (
    SELECT DISTINCT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id, coalesce(metadata->>'architecture', 'not told') AS name
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
), days AS (
    SELECT count(DISTINCT floor(extract(epoch FROM created_at) / 86400)) AS n
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
)
SELECT name AS key, count(*) * 1.0 / (SELECT n FROM days) AS value FROM users GROUP BY 1
