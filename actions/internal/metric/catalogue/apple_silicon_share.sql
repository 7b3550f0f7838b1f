-- title: Apple silicon share of Macs
-- description: Users a day on Apple silicon, as a share of the users a day on macOS.
-- unit: %
-- section: Platforms
-- order: 4
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry
-- baseline: 70% (guess)
-- empty: nobody used it on macOS

WITH macs AS (
    SELECT date_trunc('day', created_at) AS day, user_session_id, bool_or(lower(metadata->>'architecture') IN ('aarch64', 'arm64')) AS silicon
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2 AND lower(metadata->>'os_name') IN ('macos', 'darwin')
    GROUP BY 1, 2
)
SELECT count(*) FILTER (WHERE silicon) AS part, count(*) AS whole FROM macs
