-- title: Success rate in survey answers
-- description: Mean of how often the command works, as people estimate it in surveys.
-- unit: %
-- cases: answers
-- section: Community
-- order: 23
-- digest: Community
-- priority: P1
-- window: 7d
-- source: surveys
-- empty: nobody answered

SELECT avg(s.success_estimate ORDER BY s.success_estimate) AS value, count(s.success_estimate) AS sample
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
