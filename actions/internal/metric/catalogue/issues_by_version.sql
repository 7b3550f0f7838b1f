-- title: Problems by version
-- description: Issues labelled as a bug, a crash, a regression, a failed installation or as urgent, closed ones too, each counted once for the version of the release that it names: in its title, else in its text, of several the newest.
-- unit: issues
-- section: System health
-- order: 12
-- digest: System health
-- priority: P1
-- window: now
-- source: github

WITH family AS (
    SELECT * FROM {{versions}}
), named AS (
    SELECT i.number, unnest(i.versions) AS name, generate_subscripts(i.versions, 1) AS place
    FROM issues i
    WHERE NOT i.is_pull_request AND NOT i.is_bot AND i.created_at < $2
      AND i.number IN (SELECT number FROM labelled(['bug', 'crash', 'regression', 'installation', 'p0', 'p1', 'critical', 'security', 'privacy-leak'], $2))
), reported AS (
    SELECT n.number, arg_min(f.version, n.place) AS version FROM named n JOIN family f ON f.name = n.name GROUP BY 1
)
SELECT version AS key, count(*) AS value FROM reported GROUP BY 1
