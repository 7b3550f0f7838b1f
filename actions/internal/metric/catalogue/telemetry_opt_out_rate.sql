-- title: Telemetry opt-out rate
-- description: Mean daily share of users who have opted out, by their last consent event. From exports, whose ids change daily, a user counts on each day of use.
-- unit: %
-- cases: users
-- section: Privacy and security
-- order: 3
-- digest: User engagement
-- tile: yes
-- priority: P0
-- window: 7d
-- action: See whether people opt out at once or after use, and reword what they read first
-- days: whole
-- source: telemetry
-- target: < 30%
-- warning: > 50%
-- bands: excellent < 20%, good <= 30%, concerning <= 50%, critical > 50%
-- note: Over 30%, review the privacy messages. Security engineers are expected to opt out. An opt-out at the first start points to the message; one after use, to a user who is content and values privacy.
--
-- The last event of a user is the one of the largest number: its time in
-- microseconds, twice, and one more where the user opted out.

-- database: telemetry
WITH users AS (
    SELECT user_session_id, max(said) % 2 = 1 AS out
    FROM (
        SELECT user_session_id, CAST(extract(epoch FROM created_at) * 1000000 AS bigint) * 2 + CASE WHEN opted_out THEN 1 ELSE 0 END AS said
        FROM telemetry_consent_events
        WHERE created_at >= $1 AND created_at < $2
        UNION ALL
        SELECT user_session_id, NULL
        FROM session_start_events
        WHERE created_at >= $1 AND created_at < $2
    ) AS seen
    GROUP BY 1
)
SELECT count(*) FILTER (WHERE out) AS part, count(*) AS whole FROM users

-- exports: telemetry
WITH users AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id, max(said) % 2 = 1 AS out
    FROM (
        SELECT created_at, user_session_id, CAST(extract(epoch FROM created_at) * 1000000 AS bigint) * 2 + CASE WHEN opted_out THEN 1 ELSE 0 END AS said
        FROM telemetry_consent_events
        WHERE created_at >= $1 AND created_at < $2
        UNION ALL
        SELECT created_at, user_session_id, NULL
        FROM session_start_events
        WHERE created_at >= $1 AND created_at < $2
    ) AS seen
    GROUP BY 1, 2
), days AS (
    SELECT nullif(count(DISTINCT day), 0) * 1.0 AS n FROM users
)
SELECT count(*) FILTER (WHERE out) / max(n) AS part, count(*) / max(n) AS whole FROM users, days
