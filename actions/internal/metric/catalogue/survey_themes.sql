-- title: Themes in survey answers
-- description: What at least two survey answers request or comment on.
-- unit: answers
-- section: Community
-- order: 21
-- digest: Community
-- list: 15
-- priority: P2
-- window: 7d
-- source: surveys
-- shares: no
--
-- A theme is the head of noun phrases ("installation"), and counts the answers
-- that name it; in brackets the longer phrase that most answers have, where two
-- have one. The phrases were found when the answers were read.

WITH answers AS (
    SELECT row_number() OVER (ORDER BY s.at) AS answer, s.phrases
    FROM survey_responses s
    WHERE s.at >= $1 AND s.at < $2
), named AS (
    SELECT DISTINCT answer, phrase, list_extract(string_split(phrase, ' '), -1) AS head
    FROM (SELECT answer, unnest(phrases) AS phrase FROM answers) each
), longer AS (
    SELECT head, phrase, row_number() OVER (PARTITION BY head ORDER BY count(*) DESC, phrase) AS nth
    FROM named
    WHERE phrase <> head
    GROUP BY head, phrase
    HAVING count(*) >= 2
)
SELECT n.head || coalesce(' (' || l.phrase || ')', '') AS key, count(DISTINCT n.answer) AS value
FROM named n LEFT JOIN longer l ON l.head = n.head AND l.nth = 1
GROUP BY n.head, l.phrase
HAVING count(DISTINCT n.answer) >= 2
ORDER BY 2 DESC, n.head
LIMIT 10
