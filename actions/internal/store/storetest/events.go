package storetest

import "fmt"

// Events is the SQL that makes some thousand events of telemetry over four weeks, the oldest
// first: of ten, two begin a session, six are commands, one is a validation,
// and the rest are errors and answers about consent.
func Events(thousands int) string {
	every := func(share int) int { return 2419200000000 / (thousands * share) }
	return fmt.Sprintf(telemetrySQL, thousands, every(200), every(600), every(100), every(60), every(40))
}

const telemetrySQL = `
INSERT INTO session_start_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[2]d microseconds', md5((i %% (%[1]d * 20))::text),
       ('{"os_name":"' || CASE i %% 5 WHEN 0 THEN 'macOS' WHEN 1 THEN 'Windows' ELSE 'Linux' END || '","architecture":"arm64","shell_type":"' || CASE i %% 3 WHEN 0 THEN 'zsh' ELSE 'bash' END || '","version":"1.1.0-beta"}')::json
FROM generate_series(0, %[1]d * 200 - 1) AS s(i);
INSERT INTO command_generation_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[3]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 10 > 0, (i::bigint * 7919) %% 4000,
       CASE i %% 4 WHEN 0 THEN 'llm' ELSE 'static' END, ('{"category":"' || CASE i %% 7 WHEN 0 THEN 'git' WHEN 1 THEN 'network' ELSE 'files' END || '"}')::json
FROM generate_series(0, %[1]d * 600 - 1) AS s(i);
INSERT INTO safety_validation_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[4]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 20 = 0, CASE i %% 40 WHEN 0 THEN 'rm' END, NULL
FROM generate_series(0, %[1]d * 100 - 1) AS s(i);
INSERT INTO backend_error_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[5]d microseconds', md5((i %% (%[1]d * 20))::text), 'timeout', i %% 100 > 0, NULL
FROM generate_series(0, %[1]d * 60 - 1) AS s(i);
INSERT INTO telemetry_consent_events
SELECT TIMESTAMPTZ '2025-12-30 09:00:00Z' + i * INTERVAL '%[6]d microseconds', md5((i %% (%[1]d * 20))::text), i %% 5 = 0
FROM generate_series(0, %[1]d * 40 - 1) AS s(i)`
