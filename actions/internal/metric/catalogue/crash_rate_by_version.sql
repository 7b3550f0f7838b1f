-- title: Crash rate by version
-- description: Sessions that end in an unrecoverable backend error, as a share of the sessions of each version, told apart by their ids. In exports an id stands for one user on one day.
-- unit: %
-- cases: session ids
-- section: System health
-- order: 8
-- digest: System health
-- priority: P0
-- window: 24h, 7d
-- source: telemetry
--
-- The version is that of the session's latest start, at most a day before the
-- window.

WITH broken AS (
    SELECT DISTINCT user_session_id FROM backend_error_events WHERE NOT recoverable AND created_at >= $1 AND created_at < $2
), sessions AS (
    SELECT user_session_id FROM session_start_events WHERE created_at >= $1 AND created_at < $2
    UNION
    SELECT user_session_id FROM broken
), told AS (
    SELECT user_session_id, created_at, metadata->>'version' AS version
    FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2
), latest AS (
    SELECT user_session_id, max(created_at) AS last FROM told WHERE version IS NOT NULL GROUP BY 1
), ran AS (
    SELECT told.user_session_id, max(version) AS version
    FROM told JOIN latest ON latest.user_session_id = told.user_session_id AND latest.last = told.created_at
    GROUP BY 1
)
SELECT coalesce(ran.version, 'not told') AS key, count(broken.user_session_id) AS part, count(*) AS whole
FROM sessions s
LEFT JOIN ran ON ran.user_session_id = s.user_session_id
LEFT JOIN broken ON broken.user_session_id = s.user_session_id
GROUP BY 1
