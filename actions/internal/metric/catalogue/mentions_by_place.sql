-- title: Mentions by site
-- description: Mentions by the site on which they were found.
-- unit: mentions
-- section: Community
-- order: 11
-- digest: Community
-- list: 30
-- priority: P2
-- window: 7d
-- source: mentions

SELECT m.source AS key, count(*) AS value
FROM mentions m
WHERE m.at >= $1 AND m.at < $2
GROUP BY 1
ORDER BY 2 DESC, 1
