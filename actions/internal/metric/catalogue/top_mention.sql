-- title: Best-rated mention
-- description: Points of the mention with the most votes.
-- unit: points
-- section: Community
-- order: 10
-- digest: Community
-- priority: P2
-- window: 30d
-- source: mentions
-- past: no, sites tell the points of today alone
--
-- The points of the mention that got most: a hundred are about what the front
-- pages of Hacker News and of a large community on Reddit take.

SELECT max(m.score) AS value
FROM mentions m
WHERE m.at >= $1 AND m.at < $2
HAVING count(*) > 0

-- names: mentions
SELECT m.url AS name FROM mentions m WHERE m.at >= $1 AND m.at < $2 AND m.url IS NOT NULL ORDER BY m.score DESC, m.at, m.id LIMIT 1
