-- title: New watchers
-- description: Watchers of the repository gained.
-- unit: watchers
-- section: Growth
-- order: 8
-- digest: Community
-- priority: P2
-- window: 7d
-- source: github
-- empty: there is no figure of a week before: it comes with time
--
-- From the figures of earlier runs. The sample is how many there are in all.

SELECT (SELECT arg_max(r.watchers, r.at) FROM repository r WHERE r.at <= $2) - (SELECT arg_max(r.watchers, r.at) FROM repository r WHERE r.at <= $1) AS value,
       (SELECT arg_max(r.watchers, r.at) FROM repository r WHERE r.at <= $2) AS sample
