-- title: New issues by label
-- description: Issues opened by people, by label.
-- unit: issues
-- section: Community
-- order: 3
-- digest: Community
-- priority: P1
-- window: 7d
-- source: github
-- shares: no

SELECT label AS key, count(*) AS value
FROM (SELECT unnest(i.labels) AS label FROM issues i WHERE NOT i.is_pull_request AND NOT i.is_bot AND i.created_at >= $1 AND i.created_at < $2) AS given
GROUP BY 1
