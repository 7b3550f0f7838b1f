-- title: Privacy leak reports
-- description: Issues labelled privacy-leak that were opened in the window or are still open, and mails and Discussions of the window labelled so.
-- unit: reports
-- section: System health
-- order: 3
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: 7d
-- action: Answer the reports, and stop what leaks
-- ends: each issue among them is closed and the newest report is older than {window}
-- target: = 0
-- critical: >= 1
-- count: yes
-- reports: privacy-leak
--
-- Reports of the window, and older issues that are still open.

-- value: github
SELECT count(*) AS value
FROM issues i
WHERE NOT i.is_pull_request AND i.created_at < $2
  AND (i.created_at >= $1 OR i.closed_at IS NULL OR i.closed_at > $2)
  AND i.number IN (SELECT number FROM labelled(['privacy-leak'], $2))

-- also: mailbox
SELECT count(*) AS value FROM mail m WHERE m.at >= $1 AND m.at < $2 AND list_contains(list_transform(m.labels, l -> lower(l)), 'privacy-leak')

-- also: discussions
SELECT count(*) AS value FROM discussions d WHERE d.created_at >= $1 AND d.created_at < $2 AND list_contains(list_transform(d.labels, l -> lower(l)), 'privacy-leak')

-- leaves: github
SELECT max(last) + ($2::timestamptz - $1::timestamptz) AS last, count(*) FILTER (WHERE stays) AS stays FROM (
  SELECT i.created_at AS last, i.closed_at IS NULL OR i.closed_at > $2 AS stays
  FROM issues i
  WHERE NOT i.is_pull_request AND i.created_at < $2
    AND (i.created_at >= $1 OR i.closed_at IS NULL OR i.closed_at > $2)
    AND i.number IN (SELECT number FROM labelled(['privacy-leak'], $2))
  UNION ALL
  SELECT m.at, false FROM mail m WHERE m.at >= $1 AND m.at < $2 AND list_contains(list_transform(m.labels, l -> lower(l)), 'privacy-leak')
  UNION ALL
  SELECT d.created_at, false FROM discussions d WHERE d.created_at >= $1 AND d.created_at < $2 AND list_contains(list_transform(d.labels, l -> lower(l)), 'privacy-leak')
)
