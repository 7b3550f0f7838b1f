-- title: Install script error rate
-- description: Issues labelled install-script, as a share of install attempts.
-- unit: %
-- cases: install attempts
-- section: Installation
-- order: 2
-- digest: System health
-- priority: P0
-- window: 24h
-- action: Run the install script on each supported system
-- days: whole
-- target: < 2%
-- warning: > 10%
--
-- Attempts are downloads, without a registry sessions. Issues and attempts are of
-- the same whole days (UTC), for a registry does not count by the hour.

-- part: github
SELECT count(*) AS value FROM issues i WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['install-script'], $2))

-- whole: registries
SELECT sum(downloads) AS value FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2)

-- whole: telemetry
SELECT count(*) AS value FROM session_start_events WHERE created_at >= $1 AND created_at < $2
