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

-- database: telemetry
WITH said AS (
    SELECT user_session_id, opted_out, row_number() OVER (PARTITION BY user_session_id ORDER BY created_at DESC, opted_out DESC) AS back
    FROM telemetry_consent_events WHERE created_at >= $1 AND created_at < $2
), users AS (
    SELECT user_session_id FROM session_start_events WHERE created_at >= $1 AND created_at < $2
    UNION
    SELECT user_session_id FROM said
)
SELECT (SELECT count(*) FROM said WHERE back = 1 AND opted_out) AS part, (SELECT count(*) FROM users) AS whole

-- exports: telemetry
WITH said AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id, opted_out,
           row_number() OVER (PARTITION BY floor(extract(epoch FROM created_at) / 86400), user_session_id ORDER BY created_at DESC, opted_out DESC) AS back
    FROM telemetry_consent_events WHERE created_at >= $1 AND created_at < $2
), users AS (
    SELECT floor(extract(epoch FROM created_at) / 86400) AS day, user_session_id FROM session_start_events WHERE created_at >= $1 AND created_at < $2
    UNION
    SELECT day, user_session_id FROM said
), days AS (
    SELECT count(DISTINCT day) AS n FROM users
)
SELECT (SELECT count(*) FROM said WHERE back = 1 AND opted_out) * 1.0 / nullif((SELECT n FROM days), 0) AS part,
       (SELECT count(*) FROM users) * 1.0 / nullif((SELECT n FROM days), 0) AS whole
