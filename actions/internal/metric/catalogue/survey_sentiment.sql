-- question: How do the answers feel?
-- priority: P2
-- window: 7d
-- source: surveys
--
-- The mean mood of what people wrote into a survey, from -1 to 1.

SELECT avg(s.sentiment) AS value, count(s.sentiment) AS sample
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
