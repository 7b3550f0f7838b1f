-- title: Open P0 bugs
-- description: Open issues labelled P0 or critical, and mails and Discussions labelled so in the last 24 hours.
-- unit: issues
-- noun: reports
-- section: System health
-- order: 2
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: now
-- action: Fix the P0 bugs
-- ends: each issue among them is closed; a mail or a Discussion leaves the count 24 hours after it came
-- target: = 0
-- critical: >= 1
-- count: yes
-- reports: P0, critical
--
-- A mail cannot be closed: it counts for the day after it came. So does a thread
-- of Discussions, whose labels stay.

-- value: github
SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['p0', 'critical'], $2))

-- also: mailbox
SELECT count(*) AS value FROM mail m WHERE m.at > $2::timestamptz - INTERVAL '1 day' AND m.at <= $2 AND list_has_any(list_transform(m.labels, l -> lower(l)), ['p0', 'critical'])

-- also: discussions
SELECT count(*) AS value FROM discussions d WHERE d.created_at > $2::timestamptz - INTERVAL '1 day' AND d.created_at <= $2 AND list_has_any(list_transform(d.labels, l -> lower(l)), ['p0', 'critical'])

-- leaves: github
SELECT max(last) AS last, count(*) FILTER (WHERE last IS NULL) AS stays FROM (
  SELECT NULL::timestamptz AS last FROM issues i WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['p0', 'critical'], $2))
  UNION ALL
  SELECT m.at + INTERVAL '1 day' FROM mail m WHERE m.at > $2::timestamptz - INTERVAL '1 day' AND m.at <= $2 AND list_has_any(list_transform(m.labels, l -> lower(l)), ['p0', 'critical'])
  UNION ALL
  SELECT d.created_at + INTERVAL '1 day' FROM discussions d WHERE d.created_at > $2::timestamptz - INTERVAL '1 day' AND d.created_at <= $2 AND list_has_any(list_transform(d.labels, l -> lower(l)), ['p0', 'critical'])
)
