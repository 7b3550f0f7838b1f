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

WITH sessions AS (
    SELECT user_session_id, bool_or(here) AS here, bool_or(broke) AS broke, max(told) AS told
    FROM (
        SELECT user_session_id, created_at >= $1 AS here, false AS broke,
               CAST(extract(epoch FROM created_at) * 1000000 AS bigint)::text || ' ' || (metadata->>'version') AS told
        FROM session_start_events
        WHERE created_at >= $1::timestamptz - INTERVAL '1 day' AND created_at < $2
        UNION ALL
        SELECT user_session_id, true, true, NULL
        FROM backend_error_events
        WHERE NOT recoverable AND created_at >= $1 AND created_at < $2
    ) AS seen
    GROUP BY 1
)
SELECT coalesce(substr(told, 18), 'not told') AS key, count(*) FILTER (WHERE broke) AS part, count(*) AS whole
FROM sessions
WHERE here
GROUP BY 1
