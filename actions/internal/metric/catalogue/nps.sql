-- title: Net Promoter Score
-- description: Promoters minus detractors, of 100 survey responses.
-- unit: score
-- cases: answers
-- section: Community
-- order: 16
-- digest: Community
-- priority: P1
-- window: 7d
-- action: Read the answers of detractors, and name the reason that most give
-- source: surveys
-- target: >= 40
-- empty: nobody answered
--
-- Promoters, 9 and 10, less detractors, 0 to 6, of a hundred answers: F. F.
-- Reichheld, The one number you need to grow, Harv. Bus. Rev. 81 (2003).

SELECT 100.0 * (count(*) FILTER (WHERE s.recommend >= 9) - count(*) FILTER (WHERE s.recommend <= 6)) / nullif(count(s.recommend), 0) AS value,
       count(s.recommend) AS sample
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
