-- title: Unanswered questions in Discussions (over 24h)
-- description: Threads older than a day without an accepted answer, in categories that accept one.
-- unit: threads
-- section: Community
-- order: 15
-- digest: Community
-- priority: P1
-- window: now
-- action: Answer the open questions in Discussions
-- source: discussions
-- target: = 0
--
-- Threads that are older than a day, and of which no comment was chosen as the
-- answer, in the categories where one can be.

SELECT count(*) AS value
FROM discussions d
WHERE d.answerable AND d.created_at < $2 - INTERVAL 1 DAY AND (d.answered_at IS NULL OR d.answered_at >= $2)
