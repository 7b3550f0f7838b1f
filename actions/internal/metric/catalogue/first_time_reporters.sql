-- title: First-time reporters
-- description: Authors who opened their first issue.
-- unit: people
-- section: Growth
-- order: 7
-- digest: Community
-- priority: P2
-- window: 7d
-- action: Say in the README and in the program how to report a problem
-- source: github
-- target: growing

SELECT count(*) AS value
FROM (SELECT author FROM issues WHERE NOT is_pull_request AND NOT is_bot AND coalesce(association, '') <> 'TEAM' AND author IS NOT NULL GROUP BY 1 HAVING min(created_at) >= $1 AND min(created_at) < $2) AS spoke
