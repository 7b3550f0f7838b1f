-- title: Failure rate by platform
-- description: Installation issues of each platform, as a share of the sessions there.
-- unit: %
-- cases: sessions
-- section: Installation
-- order: 3
-- digest: System health
-- priority: P0
-- window: 24h
-- action: Check the binaries of the worst platform
-- target: < 5% each
-- warning: > 20% any
--
-- Reports of failed installations with a platform's label, by sessions there.

-- part: github
SELECT p.platform AS key, count(*) AS value
FROM issues i, (VALUES ('linux'), ('macos'), ('windows')) AS p(platform)
WHERE NOT i.is_pull_request AND i.created_at >= $1 AND i.created_at < $2 AND i.number IN (SELECT number FROM labelled(['installation'], $2))
  AND i.number IN (SELECT number FROM labelled([p.platform, 'platform-' || p.platform, 'platform: ' || p.platform, 'os-' || p.platform, 'os: ' || p.platform], $2))
GROUP BY 1

-- whole: telemetry
SELECT lower(metadata->>'os_name') AS key, count(*) AS value
FROM session_start_events
WHERE created_at >= $1 AND created_at < $2 AND (metadata->>'os_name') IS NOT NULL
GROUP BY 1
