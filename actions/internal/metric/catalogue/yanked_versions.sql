-- title: Yanked versions
-- description: Versions of the watched release and of its hot-fixes that were withdrawn from a registry.
-- unit: versions
-- section: System health
-- order: 4
-- digest: System health
-- daily: yes
-- priority: P0
-- window: now
-- action: Find who withdrew the version, and publish one that replaces it
-- ends: rules.yaml allows for it, if the withdrawal was on purpose (yanked_versions with target <= {n} and critical >= {more}), or else when {names} can be installed again
-- follow: If the withdrawal was on purpose, allow for it in rules.yaml (yanked_versions with target <= {n} and critical >= {more}). Otherwise restore {names}, or publish what replaces it
-- source: versions
-- target: = 0
-- critical: >= 1
-- count: yes
-- past: no, the registry does not say when a version was yanked
-- empty: the registry does not have the release

SELECT CASE WHEN count(*) > 0 THEN count(DISTINCT version) FILTER (WHERE yanked) END AS value
FROM versions
WHERE {{family}} AND created_at <= $2

-- names: versions
SELECT DISTINCT version AS name FROM versions WHERE yanked AND {{family}} AND created_at <= $2 ORDER BY name
