-- title: Downloads by version
-- description: Downloads by version, with the registry where there are several packages.
-- unit: downloads
-- section: Growth
-- order: 3
-- digest: Community
-- priority: P2
-- window: 7d
-- source: registries
--
-- Of the packages whose downloads are told by version. Where a registry tells the
-- sum of a span for each version, the last span that ended in the window counts.

WITH told AS (
  SELECT registry, package, version, sum(downloads) AS n FROM downloads d
  WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2)
    AND EXISTS (SELECT 1 FROM downloads v WHERE v.registry = d.registry AND v.package = d.package AND v.version <> '')
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT registry, package, version, arg_max(downloads, until) FROM download_counts
  WHERE version <> '' AND since IS NOT NULL AND until > $1 AND until <= $2
  GROUP BY 1, 2, 3
)
SELECT CASE WHEN (SELECT count(DISTINCT registry || ' ' || package) FROM told) > 1
            THEN CASE WHEN (SELECT count(DISTINCT package) FROM told x WHERE x.registry = t.registry) > 1 THEN registry || ' ' || package ELSE registry END || ' ' ELSE '' END
       || CASE WHEN version = '' THEN 'older' ELSE version END AS key, sum(n) AS value
FROM told t GROUP BY 1
