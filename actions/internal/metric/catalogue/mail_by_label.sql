-- title: Mail by label
-- description: Mails received, by the label that their words earn.
-- unit: mails
-- section: Community
-- order: 12
-- digest: Community
-- list: 40
-- daily: yes
-- priority: P1
-- window: 24h, 7d
-- source: mailbox
-- shares: no
--
-- Reports count under each label that their words earn, what earns none under
-- its kind: report, export, automatic.

SELECT key, count(*) AS value
FROM (
    SELECT unnest(CASE WHEN len(m.labels) = 0 THEN [m.kind] ELSE m.labels END) AS key
    FROM mail m
    WHERE m.at >= $1 AND m.at < $2
) AS came
GROUP BY 1
ORDER BY 2 DESC, 1
