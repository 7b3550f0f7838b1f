-- title: Discussion posts
-- description: Threads opened in Discussions plus replies.
-- unit: posts
-- section: Community
-- order: 13
-- digest: Community
-- priority: P1
-- window: 7d
-- action: Start a thread about what comes next, and answer the open ones
-- source: discussions
-- target: growing

SELECT (SELECT count(*) FROM discussions WHERE created_at >= $1 AND created_at < $2) + (SELECT count(*) FROM discussion_posts WHERE created_at >= $1 AND created_at < $2) AS value
