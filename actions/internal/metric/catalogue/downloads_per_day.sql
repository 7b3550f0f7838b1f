-- title: Downloads per day
-- description: Mean downloads a day.
-- unit: downloads
-- section: Growth
-- order: 1
-- digest: User engagement
-- tile: yes
-- daily: yes
-- priority: P2
-- window: 7d
-- source: crates
-- target: growing
-- empty: the registry has no downloads of these days
--
-- On the whole days of the window: the registry does not count by the hour.

SELECT sum(downloads) / (extract(epoch FROM $2::timestamptz - $1::timestamptz) / 86400) AS value FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2)
