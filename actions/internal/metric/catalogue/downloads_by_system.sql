-- title: Downloads by operating system
-- description: Downloads by operating system, of the registries that tell it.
-- unit: downloads
-- section: Growth
-- order: 9
-- digest: Community
-- priority: P2
-- window: 7d
-- source: registries

SELECT system AS key, sum(downloads) AS value FROM downloads
WHERE system <> '' AND day >= date_trunc('day', $1) AND day < date_trunc('day', $2) GROUP BY 1
