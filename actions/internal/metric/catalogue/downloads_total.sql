-- question: How many downloads in all?
-- priority: P2
-- window: now
-- source: crates
-- past: no, the registry tells the sum of today alone
-- empty: the registry has no version

SELECT sum(downloads) AS value FROM versions
