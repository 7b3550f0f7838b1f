-- title: User satisfaction (1–5)
-- description: Mean satisfaction in survey responses, from 1 to 5.
-- unit: score
-- cases: answers
-- section: Community
-- order: 17
-- digest: Community
-- priority: P1
-- window: 7d
-- action: Read the answers below 3, and name the reason that most give
-- source: surveys
-- target: >= 4.0
-- empty: nobody answered

SELECT avg(s.satisfaction) AS value, count(s.satisfaction) AS sample
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
