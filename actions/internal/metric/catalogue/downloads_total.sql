-- title: Total downloads
-- description: All downloads since the first version.
-- unit: downloads
-- section: Growth
-- order: 2
-- digest: User engagement
-- priority: P2
-- window: now
-- source: crates
-- past: no, the registry tells the sum of today alone
-- empty: the registry has no version

SELECT sum(downloads) AS value FROM versions
