-- question: How many worry?
-- priority: P0
-- window: 7d
-- source: surveys
-- target: < 10%
-- warning: > 20%

SELECT count(s.privacy_concern) AS part, count(*) AS whole
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
