-- question: What do they want?
-- priority: P1
-- window: now
-- source: github
-- past: no, GitHub tells the reactions of today alone
--
-- A request counts its reactions, its comments, the people who commented, and
-- those who asked for the same: open ones with all that is theirs.

WITH wanted AS (
    SELECT coalesce(i.same_as, i.number) AS number,
           i.reactions + i.comments + i.duplicates
             + (SELECT count(DISTINCT c.author) FROM issue_comments c
                WHERE c.number = i.number AND NOT c.is_bot AND c.created_at < $2 AND c.author IS DISTINCT FROM i.author) AS votes
    FROM issues i
    WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2)
      AND i.number IN (SELECT number FROM labelled(['enhancement'], $2))
)
SELECT '#' || i.number || ' ' || coalesce(i.request, i.title) AS key, sum(w.votes) + count(*) - 1 AS value
FROM wanted w JOIN issues i ON i.number = w.number
GROUP BY i.number, i.request, i.title
ORDER BY 2 DESC, i.number
LIMIT 3
