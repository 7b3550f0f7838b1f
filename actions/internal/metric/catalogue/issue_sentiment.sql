-- title: Issue sentiment
-- description: Mean sentiment of the issues that people opened, from -1 (negative) to 1 (positive).
-- unit: score
-- cases: issues
-- section: Community
-- order: 8
-- digest: Community
-- priority: P1
-- window: 7d
-- source: github
-- empty: no issue was opened
--
-- One without a mood counts 0.

SELECT avg(i.sentiment ORDER BY i.sentiment) AS value, count(i.sentiment) AS sample FROM issues i WHERE NOT i.is_pull_request AND NOT i.is_bot AND i.created_at >= $1 AND i.created_at < $2
