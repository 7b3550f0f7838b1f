-- title: Total downloads
-- description: All downloads since the first version, of the registries that tell them.
-- unit: downloads
-- section: Growth
-- order: 2
-- digest: User engagement
-- priority: P2
-- window: now
-- source: registries
-- past: no, registries tell the sum of today alone
-- empty: no registry tells the sum of all downloads

SELECT sum(n) AS value FROM (
  SELECT sum(downloads) AS n FROM versions
  UNION ALL
  SELECT arg_max(c.downloads, c.until) FROM download_counts c
  WHERE c.version = '' AND c.since IS NULL
    AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.registry = c.registry AND v.package = c.package AND v.downloads IS NOT NULL)
  GROUP BY c.registry, c.package
)
