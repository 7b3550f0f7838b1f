-- title: Power users (over 20 commands a week)
-- description: Users with more than 20 commands in the week.
-- unit: users
-- section: Engagement
-- order: 5
-- digest: User engagement
-- priority: P2
-- window: 7d
-- action: Ask the power users what they need next
-- source: telemetry
-- target: growing
-- exports: no, it needs a user id that stays the same for a week, and the ids in exports change daily

SELECT count(*) AS value
FROM (SELECT user_session_id FROM command_generation_events WHERE created_at >= $1 AND created_at < $2 GROUP BY 1 HAVING count(*) > 20) AS busy
