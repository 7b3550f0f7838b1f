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

WITH used AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id, lower(metadata->>'os_name') AS system, lower(metadata->>'architecture') AS processor
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
), users AS (
    SELECT bool_or(processor IN ('aarch64', 'arm64')) AS silicon FROM used WHERE system IN ('macos', 'darwin') GROUP BY day, user_session_id
), days AS (
    SELECT nullif(count(DISTINCT day), 0) * 1.0 AS n FROM used
)
SELECT (SELECT count(*) FROM users WHERE silicon) / n AS part, (SELECT count(*) FROM users) / n AS whole FROM days
