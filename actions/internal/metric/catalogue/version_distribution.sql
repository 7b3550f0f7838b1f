-- title: Downloads by version
-- description: Downloads by version.
-- unit: downloads
-- section: Growth
-- order: 3
-- digest: Community
-- priority: P2
-- window: 7d
-- source: crates

SELECT CASE WHEN version = '' THEN 'older' ELSE version END AS key, sum(downloads) AS value FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2) GROUP BY 1
