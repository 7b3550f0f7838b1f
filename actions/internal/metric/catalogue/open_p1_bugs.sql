-- title: Open P1 issues
-- description: Open issues labelled P1.
-- unit: issues
-- section: System health
-- order: 9
-- digest: System health
-- daily: yes
-- priority: P1
-- window: now
-- source: github

SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['p1'], $2))
