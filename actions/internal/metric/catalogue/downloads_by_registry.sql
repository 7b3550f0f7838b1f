-- title: Total downloads by registry
-- description: Running total of each package, as its registry tells it.
-- unit: downloads
-- section: Growth
-- order: 10
-- digest: Community
-- priority: P2
-- window: now
-- source: registries
-- past: no, registries tell the sum of today alone
--
-- The readings of it are the record from which daily figures are computed where a registry
-- tells running totals alone.

SELECT registry || ' ' || package AS key, arg_max(downloads, until) AS value
FROM download_counts WHERE version = '' AND since IS NULL AND until <= $2 GROUP BY 1
