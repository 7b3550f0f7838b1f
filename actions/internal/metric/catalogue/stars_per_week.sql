-- title: New stars
-- description: Stars gained.
-- unit: stars
-- section: Growth
-- order: 4
-- digest: Community
-- tile: yes
-- priority: P2
-- window: 7d
-- source: github
-- target: >= 50
-- empty: there is no figure of a week before: it comes with time
--
-- From the list of stars where it may be read, else from the figures of earlier
-- runs. The sample is how many there are in all.

SELECT CASE
         WHEN EXISTS (SELECT 1 FROM stars) THEN (SELECT count(*) FROM stars g WHERE g.at >= $1 AND g.at < $2)
         ELSE (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $2) - (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $1)
       END AS value,
       (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $2) AS sample
