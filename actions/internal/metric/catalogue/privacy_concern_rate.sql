-- title: Privacy concern rate
-- description: Survey responses that name a privacy concern, as a share of all responses.
-- unit: %
-- cases: answers
-- section: Privacy and security
-- order: 4
-- digest: System health
-- priority: P0
-- window: 7d
-- action: Read the concerns in the survey, and answer them in the privacy notes
-- source: surveys
-- target: < 10%
-- warning: > 20%

SELECT count(s.privacy_concern) AS part, count(*) AS whole
FROM survey_responses s
WHERE s.at >= $1 AND s.at < $2
