-- title: Privacy leak reports
-- description: Issues labelled privacy-leak that were opened in the window or are still open.
-- unit: issues
-- section: System health
-- order: 3
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: 7d
-- source: github
-- target: = 0
-- critical: >= 1
-- count: yes
--
-- Reports of the window, and older ones that are still open.

SELECT count(*) AS value
FROM issues i
WHERE NOT i.is_pull_request AND i.created_at < $2
  AND (i.created_at >= $1 OR i.closed_at IS NULL OR i.closed_at > $2)
  AND i.number IN (SELECT number FROM labelled(['privacy-leak'], $2))
