-- title: New contributors
-- description: Authors whose first pull request was merged.
-- unit: people
-- section: Growth
-- order: 6
-- digest: Community
-- priority: P2
-- window: 7d
-- action: Label good first issues, and invite the reporters of them to send a fix
-- source: github
-- target: >= 1
--
-- Authors whose first pull request was merged in the window.

SELECT count(*) AS value
FROM (SELECT author FROM issues WHERE is_pull_request AND NOT is_bot AND coalesce(association, '') <> 'TEAM' AND merged_at IS NOT NULL GROUP BY 1 HAVING min(merged_at) >= $1 AND min(merged_at) < $2) AS joined
