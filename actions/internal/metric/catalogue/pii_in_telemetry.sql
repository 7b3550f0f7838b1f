-- title: Personal data found in telemetry
-- description: Findings of the personal data scan over new telemetry and exports, plus privacy leak reports in issues, mail and Discussions. A finding counts in each period in which it was there, so the counts of periods do not add up.
-- unit: findings
-- section: Privacy and security
-- order: 1
-- digest: System health
-- daily: yes
-- priority: P0
-- window: 24h
-- action: Remove the personal data, and stop what sends it
-- note: What the scan finds counts in each period in which it was there, so the counts of periods do not add up.
-- ends: the scan has found nothing, and nobody has reported anything, for {window}
-- target: = 0
-- critical: >= 1
-- count: yes
-- reports: privacy-leak
--
-- What the scan found before it was taken in, while it is there, and what people
-- reported.

-- value: findings
SELECT coalesce(sum(count), 0) AS value FROM telemetry_findings f WHERE f.until >= $1 AND f.at <= $2

-- value: github
SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['privacy-leak'], $2))

-- also: mailbox
SELECT count(*) AS value FROM mail m WHERE m.at >= $1 AND m.at < $2 AND list_contains(list_transform(m.labels, l -> lower(l)), 'privacy-leak')

-- also: discussions
SELECT count(*) AS value FROM discussions d WHERE d.created_at >= $1 AND d.created_at < $2 AND list_contains(list_transform(d.labels, l -> lower(l)), 'privacy-leak')

-- leaves: github
SELECT max(last) + ($2::timestamptz - $1::timestamptz) AS last, count(*) FILTER (WHERE stays) AS stays FROM (
  SELECT f.until AS last, f.until >= $2 AS stays FROM telemetry_findings f WHERE f.count > 0 AND f.until >= $1 AND f.at <= $2
  UNION ALL
  SELECT i.created_at, false FROM issues i WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['privacy-leak'], $2))
  UNION ALL
  SELECT m.at, false FROM mail m WHERE m.at >= $1 AND m.at < $2 AND list_contains(list_transform(m.labels, l -> lower(l)), 'privacy-leak')
  UNION ALL
  SELECT d.created_at, false FROM discussions d WHERE d.created_at >= $1 AND d.created_at < $2 AND list_contains(list_transform(d.labels, l -> lower(l)), 'privacy-leak')
)
