-- title: Time to close, median
-- description: Median time from opening to closing, of the issues that people opened and that were closed in the window.
-- unit: hours
-- cases: issues
-- section: Community
-- order: 6
-- digest: Community
-- priority: P1
-- window: 7d
-- source: github
-- empty: no issue was closed

SELECT median(extract(epoch FROM closed_at - created_at) / 3600) AS value, count(*) AS sample
FROM issues
WHERE NOT is_pull_request AND NOT is_bot AND closed_at >= $1 AND closed_at < $2
