-- title: Top feature requests
-- description: Open issues labelled enhancement by reactions, commenters, duplicates and survey answers of 90 days that request the same; also what at least two answers request and no issue does.
-- unit: votes
-- section: Community
-- order: 19
-- digest: Community
-- list: 20
-- priority: P1
-- window: now
-- source: github
-- shares: no
-- past: no, GitHub tells the reactions of today alone
--
-- A request counts the reactions that wish it (👍 ❤ 🎉 🚀), the people who wrote
-- about it, those who asked for the same, open ones with all that is theirs, and
-- the survey answers that ask for it, which its name tells besides. Programs, the
-- team and those who asked themselves are none of the people.

WITH wanted AS (
    SELECT coalesce(i.same_as, i.number) AS number, i.number AS own, i.author, i.upvotes + (SELECT count(*) FROM issues d WHERE d.closed_as = i.number AND d.created_at <= $2 AND d.closed_at <= $2) AS votes
    FROM issues i
    WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2)
      AND i.number IN (SELECT number FROM labelled(['enhancement'], $2))
), people AS (
    SELECT w.number, count(DISTINCT c.author) AS people
    FROM wanted w JOIN issue_comments c ON c.number = w.own
    WHERE NOT c.is_bot AND c.created_at < $2 AND coalesce(c.association, '') NOT IN ('OWNER', 'MEMBER', 'COLLABORATOR', 'TEAM')
      AND NOT EXISTS (SELECT 1 FROM wanted o WHERE o.number = w.number AND o.author = c.author)
    GROUP BY 1
), surveyed AS (
    SELECT w.number, CASE WHEN s.number IS NULL THEN s.said END AS said, count(*) AS answers
    FROM survey_requests s LEFT JOIN wanted w ON w.own = s.number
    WHERE s."at" < $2 AND (s.number IS NULL OR w.number IS NOT NULL)
    GROUP BY 1, 2
), requests AS (
    SELECT i.number, '#' || i.number || ' ' || coalesce(i.request, i.title) AS name, sum(w.votes) + count(*) - 1 + coalesce(max(p.people), 0) AS votes, coalesce(max(s.answers), 0) AS answers
    FROM wanted w JOIN issues i ON i.number = w.number LEFT JOIN people p ON p.number = w.number LEFT JOIN surveyed s ON s.number = w.number
    GROUP BY i.number, i.request, i.title
    UNION ALL
    SELECT NULL, said, 0, answers FROM surveyed WHERE number IS NULL
)
SELECT name || CASE answers WHEN 0 THEN '' WHEN 1 THEN ' (1 survey answer)' ELSE ' (' || answers || ' survey answers' || CASE WHEN number IS NULL THEN ' without an issue' ELSE '' END || ')' END AS key, votes + answers AS value
FROM requests
ORDER BY 2 DESC, number NULLS LAST, name
LIMIT 50
