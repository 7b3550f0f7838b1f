-- title: Open bugs by age (days)
-- description: Every open issue labelled bug, with the days that it has been open.
-- unit: days
-- section: Community
-- order: 22
-- digest: Community
-- list: 25
-- items: 15
-- priority: P1
-- window: now
-- source: github
-- shares: no

SELECT '#' || i.number || ' ' || i.title AS key, floor(extract(epoch FROM $2::timestamptz - i.created_at) / 86400) AS value
FROM issues i
WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['bug'], $2))
ORDER BY i.created_at, i.number
LIMIT 50
