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

WITH users AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin')) AS mac, bool_or(lower(metadata->>'os_name') = 'linux') AS linux
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1, user_session_id
), days AS (
    SELECT nullif(count(DISTINCT day), 0) * 1.0 AS n FROM users
)
SELECT (SELECT count(*) FROM users WHERE mac) / n AS part, (SELECT count(*) FROM users WHERE mac OR linux) / n AS whole FROM days
