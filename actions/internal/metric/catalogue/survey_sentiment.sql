-- title: Survey sentiment
-- description: Mean sentiment of the free text in survey responses, from -1 (negative) to 1 (positive).
-- unit: score
-- cases: answers
-- section: Community
-- order: 18
-- digest: Community
-- priority: P2
-- window: 7d
-- source: surveys
--
-- The mean mood of what people wrote into a survey, from -1 to 1.

SELECT avg(s.sentiment ORDER BY s.sentiment) AS value, count(s.sentiment) AS sample
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
