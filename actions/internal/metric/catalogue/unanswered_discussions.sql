-- question: Which questions are not answered?
-- priority: P1
-- window: now
-- source: discussions
-- target: = 0
--
-- Threads of the category Q&A that are older than a day, and of which no comment
-- was chosen as the answer.

SELECT count(*) AS value
FROM discussions d
WHERE d.category = 'Q&A' AND d.created_at < $2 - INTERVAL 1 DAY AND (d.answered_at IS NULL OR d.answered_at >= $2)
