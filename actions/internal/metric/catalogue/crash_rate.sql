-- title: Crash rate
-- description: Sessions that end in an unrecoverable backend error, as a share of all sessions, told apart by their ids. In exports an id stands for one user on one UTC day, whose sessions count as one.
-- unit: %
-- cases: session ids
-- section: System health
-- order: 1
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: 24h
-- action: Read the errors of the version that crashes, and fix or withdraw it
-- source: telemetry
-- target: < 0.1%
-- warning: > 0.5%
-- critical: > 1%
--
-- A session is told by its id; one that began before the window and broke in it
-- counts as well.

WITH sessions AS (
    SELECT user_session_id, bool_or(broke) AS broke
    FROM (
        SELECT user_session_id, false AS broke
        FROM session_start_events
        WHERE created_at >= $1 AND created_at < $2
        UNION ALL
        SELECT user_session_id, true
        FROM backend_error_events
        WHERE NOT recoverable AND created_at >= $1 AND created_at < $2
    ) AS seen
    GROUP BY 1
)
SELECT count(*) FILTER (WHERE broke) AS part, count(*) AS whole FROM sessions
