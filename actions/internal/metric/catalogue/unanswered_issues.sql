-- title: Unanswered issues (over 24h)
-- description: Open issues older than a day without a first response.
-- unit: issues
-- section: Community
-- order: 7
-- digest: Community
-- tile: yes
-- priority: P1
-- window: now
-- action: Triage the issues that wait for a first response
-- source: github
-- target: = 0

SELECT count(*) AS value
FROM issues i
WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND NOT i.is_bot AND i.created_at < $2::timestamptz - INTERVAL '1 day'
  AND (i.first_response_at IS NULL OR i.first_response_at >= $2)
