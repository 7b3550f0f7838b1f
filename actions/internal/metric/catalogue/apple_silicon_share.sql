-- title: Apple silicon share of Macs
-- description: Users a day on Apple silicon, as a share of the users a day on macOS.
-- unit: %
-- cases: users a day
-- section: Platforms
-- order: 4
-- digest: User engagement
-- priority: P2
-- window: 7d
-- days: whole
-- source: telemetry
-- baseline: 70% (guess)
-- empty: nobody used it on macOS

WITH users AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin')) AS mac,
           bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin') AND lower(metadata->>'architecture') IN ('aarch64', 'arm64')) AS silicon
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY 1, user_session_id
), days AS (
    SELECT nullif(count(DISTINCT day), 0) * 1.0 AS n FROM users
)
SELECT (SELECT count(*) FROM users WHERE silicon) / n AS part, (SELECT count(*) FROM users WHERE mac) / n AS whole FROM days
