-- title: New forks
-- description: Forks gained.
-- unit: forks
-- section: Growth
-- order: 5
-- digest: Community
-- priority: P2
-- window: 7d
-- action: Label good first issues, and say in the README how to contribute
-- source: github
-- target: >= 5
-- empty: there is no figure of a week before: it comes with time
--
-- From the list of forks where it may be read, else from the figures of earlier
-- runs. The sample is how many there are in all.

SELECT CASE
         WHEN EXISTS (SELECT 1 FROM forks) THEN (SELECT count(*) FROM forks g WHERE g.at >= $1 AND g.at < $2)
         ELSE (SELECT arg_max(r.forks, r.at) FROM repository r WHERE r.at <= $2) - (SELECT arg_max(r.forks, r.at) FROM repository r WHERE r.at <= $1)
       END AS value,
       (SELECT arg_max(r.forks, r.at) FROM repository r WHERE r.at <= $2) AS sample
