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

SELECT count(*) FILTER (WHERE silicon) AS part, count(*) AS whole
FROM (
    SELECT bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin')) AS mac,
           bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin') AND lower(metadata->>'architecture') IN ('aarch64', 'arm64')) AS silicon
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY floor(extract(epoch FROM created_at) / 86400), user_session_id
) AS users
WHERE mac
