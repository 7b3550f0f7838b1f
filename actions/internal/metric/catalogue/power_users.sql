-- title: Power users (over 20 commands a week)
-- description: Users with more than 20 commands in the week.
-- unit: users
-- section: Engagement
-- order: 5
-- digest: User engagement
-- priority: P2
-- window: 7d
-- source: telemetry
-- target: growing
-- exports: no, the id in an export changes daily, so nobody's commands of a week can be added up

SELECT count(*) AS value
FROM (SELECT user_session_id FROM command_generation_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1 HAVING count(*) > 20) AS busy
