-- title: Telemetry command usage
-- description: Uses of the telemetry commands show, export, clear and disable.
-- unit: uses
-- section: Features
-- order: 1
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry

SELECT key, sum(uses) AS value
FROM (
    SELECT key, uses
    FROM (
        SELECT metadata->>'control' AS key, count(*) AS uses
        FROM command_generation_events
        WHERE created_at >= $1 AND created_at < $2 AND metadata::text LIKE '%control%'
        GROUP BY 1
    ) AS commands
    WHERE key IN ('show', 'export', 'clear', 'disable')
    UNION ALL
    SELECT 'disable' AS key, count(*) AS uses
    FROM telemetry_consent_events
    WHERE created_at >= $1 AND created_at < $2 AND opted_out
    HAVING count(*) > 0
) AS used
GROUP BY 1
