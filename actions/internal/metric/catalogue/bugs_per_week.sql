-- title: New bugs
-- description: Issues labelled bug that were opened.
-- unit: issues
-- section: Community
-- order: 1
-- digest: Community
-- priority: P1
-- window: 7d
-- action: Group the new bugs, and fix the cause that most of them share
-- source: github
-- target: < 10
-- count: spikes

SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['bug'], $2))
