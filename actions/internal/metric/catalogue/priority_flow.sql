-- title: P0/P1 issues opened and closed
-- description: Issues labelled P0 or P1 that were opened and closed.
-- unit: issues
-- section: Community
-- order: 4
-- digest: Community
-- priority: P1
-- window: 7d
-- source: github
-- shares: no

SELECT p.label || ' opened' AS key, count(*) FILTER (WHERE i.created_at >= $1 AND i.created_at < $2) AS value
FROM (VALUES ('P0'), ('P1')) AS p(label), issues i
WHERE NOT i.is_pull_request AND i.number IN (SELECT number FROM labelled([lower(p.label)], $2))
GROUP BY 1
UNION ALL
SELECT p.label || ' closed' AS key, count(*) FILTER (WHERE i.closed_at >= $1 AND i.closed_at < $2) AS value
FROM (VALUES ('P0'), ('P1')) AS p(label), issues i
WHERE NOT i.is_pull_request AND i.number IN (SELECT number FROM labelled([lower(p.label)], $2))
GROUP BY 1
