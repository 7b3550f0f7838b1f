-- title: Top pain points
-- description: Open bug reports by label, with their duplicates.
-- unit: reports
-- section: Community
-- order: 20
-- digest: Community
-- list: 10
-- priority: P1
-- window: 7d
-- source: github
--
-- A report that others repeat counts for each of them, those that were closed
-- as known included.

SELECT label AS key, count(*) + sum(duplicates) AS value
FROM (SELECT i.number, i.duplicates, unnest(i.labels) AS label FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['bug'], $2))) AS hurt
WHERE lower(label) NOT IN ('bug', 'p0', 'p1', 'p2', 'critical', 'regression')
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT 3
