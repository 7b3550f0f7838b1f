-- title: Downloads per day
-- description: Mean downloads a day, of all registries together.
-- unit: downloads
-- section: Growth
-- order: 1
-- digest: User engagement
-- tile: yes
-- daily: yes
-- priority: P2
-- window: 7d
-- action: Announce the release where users read of it
-- days: mean
-- source: registries
-- target: growing
-- empty: the registry has no downloads of these days
--
-- On the whole days of the window: registries do not count by the hour. Of a
-- package of which no days are told, but the sum of the last month, it is the mean
-- of that month. Days before the release count where there were downloads then.

SELECT sum(n) AS value FROM (
  SELECT sum(downloads) / (extract(epoch FROM $2::timestamptz - $1::timestamptz) / 86400) AS n
  FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2)
  UNION ALL
  SELECT arg_max(c.downloads / (extract(epoch FROM c.until - c.since) / 86400), c.until)
  FROM download_counts c
  WHERE c.version = '' AND c.since IS NOT NULL AND c.until > $1 AND c.until <= $2
    AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.registry = c.registry AND d.package = c.package)
  GROUP BY c.registry, c.package
)
