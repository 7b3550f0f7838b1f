-- title: Sessions
-- description: Sessions that started.
-- unit: sessions
-- section: System health
-- order: 5
-- digest: System health
-- tile: yes
-- priority: P2
-- window: 24h, 7d, 30d
-- action: Compare versions and platforms: where sessions were lost
-- source: telemetry
-- target: growing

SELECT count(*) AS value FROM session_start_events WHERE created_at >= $1 AND created_at < $2
