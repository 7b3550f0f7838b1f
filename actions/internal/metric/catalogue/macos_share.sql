-- title: macOS share of macOS and Linux
-- description: Users a day on macOS, as a share of the users a day on macOS and Linux.
-- unit: %
-- cases: users a day
-- section: Platforms
-- order: 5
-- digest: User engagement
-- priority: P2
-- window: 7d
-- days: whole
-- source: telemetry
-- baseline: 60% (guess)
-- empty: nobody used it on macOS or Linux

WITH used AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id, lower(metadata->>'os_name') AS system
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
), users AS (
    SELECT bool_or(system <> 'linux') AS mac FROM used WHERE system IN ('macos', 'darwin', 'linux') GROUP BY day, user_session_id
), days AS (
    SELECT nullif(count(DISTINCT day), 0) * 1.0 AS n FROM used
)
SELECT (SELECT count(*) FROM users WHERE mac) / n AS part, (SELECT count(*) FROM users) / n AS whole FROM days
