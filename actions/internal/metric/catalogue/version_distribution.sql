-- question: Do people move to the beta?
-- priority: P2
-- window: 7d
-- source: crates

SELECT CASE WHEN version = '' THEN 'older' ELSE version END AS key, sum(downloads) AS value FROM downloads WHERE day >= date_trunc('day', $1) AND day < date_trunc('day', $2) GROUP BY 1
