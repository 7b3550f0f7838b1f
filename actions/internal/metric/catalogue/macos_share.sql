-- title: macOS share of macOS and Linux
-- description: Users a day on macOS, as a share of the users a day on macOS and Linux.
-- unit: %
-- section: Platforms
-- order: 5
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry
-- baseline: 60% (guess)
-- empty: nobody used it on macOS or Linux

SELECT count(*) FILTER (WHERE mac) AS part, count(*) AS whole
FROM (
    SELECT bool_or(lower(metadata->>'os_name') IN ('macos', 'darwin')) AS mac, bool_or(lower(metadata->>'os_name') = 'linux') AS linux
    FROM session_start_events
    WHERE created_at >= $1 AND created_at < $2
    GROUP BY floor(extract(epoch FROM created_at) / 86400), user_session_id
) AS users
WHERE mac OR linux
