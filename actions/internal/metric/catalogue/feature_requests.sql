-- question: What do they want?
-- priority: P1
-- window: now
-- source: github
-- past: no, GitHub tells the reactions of today alone

SELECT '#' || i.number || ' ' || i.title AS key, i.reactions + i.comments + i.duplicates AS value
FROM issues i
WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2) AND i.number IN (SELECT number FROM labelled(['enhancement'], $2))
ORDER BY 2 DESC, i.number
LIMIT 3
