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

WITH broken AS (
    SELECT DISTINCT user_session_id FROM backend_error_events WHERE NOT recoverable AND created_at >= $1 AND created_at < $2
), sessions AS (
    SELECT user_session_id FROM session_start_events WHERE created_at >= $1 AND created_at < $2
    UNION
    SELECT user_session_id FROM broken
)
SELECT (SELECT count(*) FROM broken) AS part, (SELECT count(*) FROM sessions) AS whole
