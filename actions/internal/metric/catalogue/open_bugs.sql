-- title: Open bugs
-- description: Open issues labelled bug.
-- unit: issues
-- section: Community
-- order: 2
-- digest: Community
-- tile: yes
-- priority: P1
-- window: now
-- action: Close duplicates and invalid reports, and plan the rest
-- source: github
-- target: < 15

SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['bug'], $2))
