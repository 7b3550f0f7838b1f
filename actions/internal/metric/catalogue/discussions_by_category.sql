-- title: Discussion posts by category
-- description: Threads opened plus replies, by category.
-- unit: posts
-- section: Community
-- order: 14
-- digest: Community
-- priority: P2
-- window: 7d
-- source: discussions
--
-- The threads that began, and the comments and replies that were written, by the
-- category of their thread.

SELECT d.category AS key,
       count(*) FILTER (WHERE d.created_at >= $1 AND d.created_at < $2)
         + sum((SELECT count(*) FROM discussion_posts p WHERE p.number = d.number AND p.created_at >= $1 AND p.created_at < $2)) AS value
FROM discussions d
WHERE d.created_at < $2
GROUP BY 1
HAVING value > 0
ORDER BY 2 DESC, 1
