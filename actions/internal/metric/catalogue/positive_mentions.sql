-- title: Positive mentions
-- description: Positive mentions, as a share of the positive and negative ones.
-- unit: %
-- cases: mentions
-- section: Community
-- order: 9
-- digest: Community
-- tile: yes
-- daily: yes
-- priority: P1
-- window: 3d
-- action: Answer the negative mentions, and note what they complain about
-- source: mentions
-- target: > 70%
-- minimum: 5
--
-- What has no mood, such as news or a question, is left out.

SELECT count(*) FILTER (WHERE m.sentiment > 0) AS part, count(*) FILTER (WHERE m.sentiment <> 0) AS whole
FROM mentions m
WHERE m.at >= $1 AND m.at < $2
