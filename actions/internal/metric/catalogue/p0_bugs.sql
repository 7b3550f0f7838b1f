-- question: Is a P0 open?
-- priority: P0
-- window: now
-- source: github
-- target: = 0
-- critical: >= 1
-- count: yes

SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['p0', 'critical'], $2))
