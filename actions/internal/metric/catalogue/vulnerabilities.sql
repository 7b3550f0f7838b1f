-- title: Open vulnerability alerts
-- description: Open Dependabot alerts and published security advisories.
-- unit: alerts
-- section: Privacy and security
-- order: 2
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: now
-- action: Patch the dependency, or publish a fix
-- ends: each alert about a dependency is fixed or dismissed; a published advisory counts until rules.yaml allows for it (vulnerabilities with target <= {n} and critical >= {more})
-- source: security
-- target: = 0
-- critical: >= 1
-- count: yes
--
-- Open alerts about dependencies, and published advisories.

SELECT count(*) AS value
FROM security_alerts
WHERE created_at <= $2 AND (state IN ('open', 'published') OR fixed_at > $2)
