-- title: Installation failure rate
-- description: Installation problems reported per install attempt, in per cent: issues labelled installation, divided by downloads (new sessions where there is no registry). Failures that nobody reports are not in it.
-- unit: %
-- cases: install attempts
-- section: Installation
-- order: 1
-- digest: System health
-- tile: yes
-- daily: yes
-- priority: P0
-- window: 24h
-- action: Try the installation on the systems that the reports name, and mend the guide
-- days: whole
-- target: < 5%
-- warning: > 15%
-- bands: excellent < 5%, acceptable <= 10%, concerning <= 20%, critical > 20%
-- complement: installation success
-- note: Common causes are missing system libraries, binaries of one platform and unclear documentation.
--
-- Attempts are downloads, without a registry sessions. Issues and attempts are of
-- the same whole days (UTC), for a registry does not count by the hour.

-- part: github
SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['installation'], $2))

-- whole: registries
SELECT sum(downloads) AS value FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2)

-- whole: telemetry
SELECT count(*) AS value FROM session_start_events WHERE created_at >= $1 AND created_at < $2
