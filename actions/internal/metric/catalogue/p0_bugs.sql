-- title: Open P0 bugs
-- description: Open issues labelled P0 or critical.
-- unit: issues
-- section: System health
-- order: 2
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: now
-- source: github
-- target: = 0
-- critical: >= 1
-- count: yes

SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['p0', 'critical'], $2))
