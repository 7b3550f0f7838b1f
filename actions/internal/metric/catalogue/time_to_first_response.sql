-- title: Time to first response, median
-- description: Median time from opening an issue to the first comment by somebody else who is not a bot.
-- unit: hours
-- cases: issues
-- section: Community
-- order: 5
-- digest: Community
-- tile: yes
-- priority: P1
-- window: 7d
-- action: Agree on who answers new issues this week
-- source: github
-- target: < 24
-- warning: > 72
-- empty: no issue of the window was answered
--
-- Of the issues that were answered; those that wait are counted in
-- unanswered_issues. An answer is the first comment by somebody else, no bot.

SELECT median(extract(epoch FROM i.first_response_at - i.created_at) / 3600) AS value, count(*) AS sample
FROM issues i
WHERE NOT i.is_pull_request AND NOT i.is_bot AND i.created_at >= $1 AND i.created_at < $2 AND i.first_response_at < $2
