-- title: Top pain points
-- description: Open bug reports by theme, with their duplicates and issue numbers.
-- unit: reports
-- section: Community
-- order: 20
-- digest: Community
-- list: 10
-- priority: P1
-- window: 7d
-- source: github
-- shares: no
--
-- A report that others repeat counts for each of them, those that were closed
-- as known included. A report goes to that of its themes (the heads of its noun
-- phrases, found when it was read) which most reports share; one that shares
-- none stands for itself.

WITH bugs AS (
    SELECT i.number, i.same_as, coalesce(i.request, i.title) AS said,
           (SELECT count(*) FROM issues d WHERE d.closed_as = i.number AND d.created_at <= $2 AND d.closed_at <= $2) AS duplicates
    FROM issues i
    WHERE NOT i.is_pull_request AND i.created_at <= $2 AND (i.closed_at IS NULL OR i.closed_at > $2)
      AND i.number IN (SELECT number FROM labelled(['bug'], $2))
), roots AS (
    SELECT b.number, b.duplicates, coalesce(o.number, b.number) AS root
    FROM bugs b LEFT JOIN bugs o ON o.number = b.same_as
), reports AS (
    SELECT root, sum(1 + duplicates) AS reports FROM roots GROUP BY root
), named AS (
    SELECT DISTINCT r.root, r.reports, list_extract(string_split(p.phrase, ' '), -1) AS head
    FROM reports r JOIN (SELECT number, unnest(phrases) AS phrase FROM issue_phrases) p ON p.number = r.root
), themes AS (
    SELECT head, sum(reports) AS weight FROM named GROUP BY head HAVING count(*) > 1
), chosen AS (
    SELECT n.root, n.head, row_number() OVER (PARTITION BY n.root ORDER BY t.weight DESC, n.head) AS nth
    FROM named n JOIN themes t ON t.head = n.head
), grouped AS (
    SELECT r.root, CASE WHEN count(*) OVER (PARTITION BY c.head) > 1 THEN c.head END AS theme
    FROM reports r LEFT JOIN chosen c ON c.root = r.root AND c.nth = 1
), listed AS (
    SELECT r.number, r.duplicates, r.root, g.theme,
           row_number() OVER (PARTITION BY coalesce(g.theme, '#' || g.root) ORDER BY r.number) AS place
    FROM roots r JOIN grouped g ON g.root = r.root
)
SELECT CASE WHEN max(l.theme) IS NULL
            THEN '#' || max(l.root) || ' ' || max(b.said) || coalesce(', also ' || string_agg('#' || l.number, ', ' ORDER BY l.number) FILTER (WHERE l.number <> l.root AND l.place <= 5), '')
            ELSE max(l.theme) || ': ' || string_agg('#' || l.number, ', ' ORDER BY l.number) FILTER (WHERE l.place <= 5)
       END || CASE WHEN count(*) > 5 THEN ' and ' || (count(*) - 5) || ' more' ELSE '' END AS key,
       sum(1 + l.duplicates) AS value
FROM listed l JOIN bugs b ON b.number = l.root
GROUP BY coalesce(l.theme, '#' || l.root)
ORDER BY 2 DESC, min(l.number)
LIMIT 3
