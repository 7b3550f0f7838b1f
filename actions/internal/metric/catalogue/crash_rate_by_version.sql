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
-- window: the text after the time, 16 digits of microseconds, of the latest.

WITH broken AS (
    SELECT DISTINCT user_session_id FROM backend_error_events WHERE NOT recoverable AND created_at >= $1 AND created_at < $2
), started AS (
    SELECT user_session_id, max(created_at) >= $1 AS here,
           max(CAST(extract(epoch FROM created_at) * 1000000 AS bigint)::text || ' ' || (metadata->>'version')) AS told
    FROM session_start_events
    WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2
    GROUP BY 1
)
SELECT coalesce(substr(told, 18), 'not told') AS key, count(broken.user_session_id) AS part, count(*) AS whole
FROM started FULL JOIN broken ON broken.user_session_id = started.user_session_id
WHERE here OR broken.user_session_id IS NOT NULL
GROUP BY 1
