-- title: New stars
-- description: Stars gained.
-- unit: stars
-- section: Growth
-- order: 4
-- digest: Community
-- tile: yes
-- priority: P2
-- window: 7d
-- action: Show the release where its users are
-- source: github
-- target: >= 50
-- empty: there is no figure of a week before: it comes with time
--
-- From the figures of earlier runs. The sample is how many there are in all.

SELECT (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $2) - (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $1) AS value,
       (SELECT arg_max(r.stars, r.at) FROM repository r WHERE r.at <= $2) AS sample
